"""How a sender introduces himself in a sentence: "we are Fjordvern", "my name is Per Lie"."""

import re
from collections.abc import Iterator
from functools import lru_cache

from classifiers.company_names import CAPITAL, CAPITALS, Name
from classifiers.identity_names import common, person
from classifiers.identity_source import Found
from classifiers.wording import alternatives
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge

_LONGEST = 60
_REACH = 90  # characters before a name in which what introduces it stands
_MOST_WORDS = 5
_BETWEEN = ' :«"“\n'
_NEAR = 20  # characters behind a name that show whether a whole text is in capitals


def introduced(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Iterator[Name]:
    """Companies that a sentence introduces, in order."""
    opening = opened_by(text, words)
    if opening:
        named = _cut(opening["company"], words)
        yield Name(named, opening.start("company"), opening.start("company") + len(named))
    for found in CAPITALS.finditer(text):
        cue, start = _introduced_at(text, found, words)
        named = _cut(text[start : found.end()].rstrip(" .,-"), words) if cue else ""
        if not named or common(named, words) or named.casefold() in knowledge.places or len(named) > _LONGEST:
            continue
        shouted = named.isupper() and " " in named and text[found.end() : found.end() + _NEAR].isupper()
        himself = cue in words.self_naming and (" " not in named or person(named, words, knowledge))
        if not shouted and not himself:
            yield Name(named, start, start + len(named))


def _introduced_at(text: str, found: re.Match[str], words: ContactVocabulary) -> tuple[str, int]:
    """The words that introduce a run of words with capitals, before it, behind it or its first ones, and where the name
    begins.
    """
    parts = found.group().split(" ")
    cue = _cue_before(text, found.start(), words)
    behind = text[found.end() : found.end() + _NEAR].split(" ", 2)
    herald = behind[1].rstrip("!.,:\n") if len(behind) > 1 and not behind[0] else ""
    if herald in words.heralds:
        cue = cue or herald
    for count in range(1, min(_MOST_WORDS, len(parts))):
        lead = " ".join(parts[:count])
        if lead.casefold() in _introductions(words) or (
            cue in words.self_naming and parts[count - 1] in words.of_company
        ):
            return lead.casefold(), found.start() + len(lead) + 1
    return cue, found.start()


def _cue_before(text: str, at: int, words: ContactVocabulary) -> str:
    """The words right before a name that introduce it; between them and it may stand the writer's own name."""
    said = text[max(0, at - _REACH) : at]
    if said[-1:] not in _BETWEEN:
        return ""
    before = said.rstrip(_BETWEEN + ",").casefold().split()
    last = [" ".join(before[-count:]) for count in range(1, _MOST_WORDS + 1)]
    cue = next((one for one in last if one in _introductions(words)), "")
    if not cue and any(one in words.of_company for one in last) and _self_naming(words).search(said):
        return last[0]
    return cue


@lru_cache(maxsize=32)
def _introductions(words: ContactVocabulary) -> frozenset[str]:
    return frozenset(words.introductions)


def acting(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Iterator[Name]:
    """Names that begin a sentence in which they have, make or offer something."""
    for found in _acting(words).finditer(text):
        named = _cut(found["name"], words)
        if not common(named, words) and named.casefold() not in knowledge.places:
            yield Name(found["name"], found.start("name"), found.end("name"))


def opened_by(text: str, words: ContactVocabulary) -> re.Match[str] | None:
    """The person and the company that a text opens with: "Hei, Kari Lie fra Fjordvern"."""
    return _opening(words).match(text)


def named_self(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Found | None:
    """The person that a sentence introduces as its writer, or that the text opens with."""
    opening = opened_by(text, words)
    for found in (*((opening,) if opening else ()), *_naming(words).finditer(text)):
        named = person(found["name"], words, knowledge)
        if named:
            return Found(named, found.start("name"), found.start("name") + len(found["name"]))
    return None


def _cut(name: str, words: ContactVocabulary) -> str:
    """`name` up to the preposition that begins where it is."""
    parts = name.split(" ")
    end = next((at for at, part in enumerate(parts) if at and part in words.place_words), len(parts))
    return " ".join(parts[:end])


@lru_cache(maxsize=32)
def _self_naming(words: ContactVocabulary) -> re.Pattern[str]:
    """The writer's own name and what leads from it to his company's."""
    naming, of = alternatives(words.self_naming), alternatives(words.of_company)
    return re.compile(rf"(?i:{naming})[ :]{{1,2}}{CAPITAL}(?: {CAPITAL}){{0,3}},? (?i:{of})[ :]{{0,3}}[«\"“]?$")


@lru_cache(maxsize=32)
def _acting(words: ContactVocabulary) -> re.Pattern[str]:
    begins = r"(?:^|(?<=[.!?] )|(?<=[.!?]\n))[ \t]{0,4}"
    return re.compile(rf"{begins}(?P<name>{CAPITALS.pattern}) (?i:{alternatives(words.deeds)})", re.MULTILINE)


@lru_cache(maxsize=32)
def _opening(words: ContactVocabulary) -> re.Pattern[str]:
    greeting, of = alternatives(words.greetings), alternatives(words.of_company)
    begins = rf"\s{{0,9}}(?:(?i:{greeting})[,!. \n]{{1,3}})?"
    return re.compile(rf"{begins}(?P<name>{CAPITAL}(?: {CAPITAL}){{0,3}}) (?i:{of}) (?P<company>{CAPITALS.pattern})")


@lru_cache(maxsize=32)
def _naming(words: ContactVocabulary) -> re.Pattern[str]:
    return re.compile(rf"(?i:{alternatives(words.self_naming)})[ :]{{1,3}}(?P<name>{CAPITAL}(?: {CAPITAL}){{0,3}})")
