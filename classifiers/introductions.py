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
_NEAR = 20  # characters behind a name that show whether a whole text is in capitals


def introduced(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Iterator[Name]:
    """Companies that a sentence introduces, in order."""
    for found in _introduction(words).finditer(text):
        named = _cut(found["name"].rstrip(" .,-"), words)
        first = named.split(" ")[0]
        if common(named, words) or first.casefold() in knowledge.places or len(named) > _LONGEST:
            continue
        shouted = named.isupper() and " " in named and text[found.end() : found.end() + _NEAR].isupper()
        himself = found["cue"] and found["cue"].casefold() in words.self_naming and person(named, words, knowledge)
        if not shouted and not himself:
            yield Name(named, found.start("name"), found.start("name") + len(named))


def named_self(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Found | None:
    """The person that a sentence introduces as its writer."""
    for found in _naming(words).finditer(text):
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
def _introduction(words: ContactVocabulary) -> re.Pattern[str]:
    cue = alternatives(words.introductions)
    naming = alternatives(words.self_naming)
    of = alternatives(words.of_company)
    after = rf"(?:(?i:{naming})[ :]{{1,2}}{CAPITAL}(?: {CAPITAL}){{0,3}},? (?i:{of}))"
    return re.compile(rf"(?:{after}|(?P<cue>(?i:{cue})))[ :]{{1,3}}[«\"“]?(?P<name>{CAPITALS.pattern})")


@lru_cache(maxsize=32)
def _naming(words: ContactVocabulary) -> re.Pattern[str]:
    return re.compile(rf"(?i:{alternatives(words.self_naming)})[ :]{{1,3}}(?P<name>{CAPITAL}(?: {CAPITAL}){{0,3}})")
