"""Where claims stand in a text: designations by pattern, names of documents by words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from classifiers.claim_words import ClaimWords
from models.knowledge.claims import ClaimCode, ClaimContext, ClaimKnowledge, ClaimWriting

MAX_LISTED = 12  # designations that may follow one another behind one name
ANY_PART = "*"
REPLACEMENT = "\ufffd"  # for lone surrogates, which spaCy cannot take
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")


@dataclass(frozen=True, slots=True)
class Place:
    """A claim code over [start, end) of a text, in code points. `kind` is its line of the codes."""

    code: str
    kind: ClaimCode
    start: int
    end: int
    rule: str


def folded(text: str) -> str:
    """`text` with every kind of dash, space, digit and letter width made plain, letter for letter."""
    return text if text.isascii() else text.translate(_DASHES).translate(_widths(text))


def _widths(text: str) -> dict[int, str]:
    return {ord(letter): plain for letter in set(text) if (plain := _plain(letter)) != letter}


@cache
def _plain(letter: str) -> str:
    if letter.isspace() and letter != "\n":
        return "\t" if letter == "\t" else " "
    if unicodedata.category(letter) == "Cs":
        return REPLACEMENT
    compatible = unicodedata.normalize("NFKC", letter)
    return compatible if len(compatible) == 1 else letter


def find_places(
    text: str, phrases: Iterable[tuple[ClaimWriting, int, int]], words: ClaimWords, knowledge: ClaimKnowledge
) -> list[Place]:
    """Every claim of `text` (already folded) in order; where two overlap, the longer stands."""
    found: list[Place] = []
    for number in words.sieve.may_match(text):
        found += _by_pattern(words.patterned[number], words.sieve.patterns[number], text, knowledge)
    for writing, start, end in phrases:
        found.append(Place(writing.code, knowledge.codes[writing.code], start, end, writing.id))
    return _standing(found)


def _by_pattern(
    writing: ClaimWriting, pattern: re.Pattern[str], text: str, knowledge: ClaimKnowledge
) -> Iterator[Place]:
    for found in pattern.finditer(text):
        value = _value(found)
        code = _code(writing, value)
        if code is None or not _in_context(writing, text, found, knowledge.contexts):
            continue
        yield _place(writing, code, found.start(), found.end(), knowledge)
        if writing.more is not None:
            yield from _listed(writing, writing.more, text, found.end(), value, knowledge)


def _listed(
    writing: ClaimWriting, more: re.Pattern[str], text: str, at: int, value: str, knowledge: ClaimKnowledge
) -> Iterator[Place]:
    """What follows a designation and leaves out its name: further numbers, parts or classes."""
    for _ in range(MAX_LISTED):
        found = more.match(text, at)
        if found is None:
            return
        part = found.groupdict().get("part")
        value = f"{value.partition('-')[0]}-{part}" if part else _value(found)
        code = _code(writing, value)
        if code is None:
            return
        group = "part" if part else "value"
        yield _place(writing, code, found.start(group), found.end(), knowledge)
        at = found.end()


def _place(writing: ClaimWriting, code: str, start: int, end: int, knowledge: ClaimKnowledge) -> Place:
    kind = knowledge.codes[writing.code if writing.template else code]
    return Place(code, kind, start, end, writing.id)


def _value(found: re.Match[str]) -> str:
    return next((value for value in found.groupdict().values() if value), "")


def _code(writing: ClaimWriting, value: str) -> str | None:
    """The code that `value` gives, None when it gives none; a number with a star stands for all its parts."""
    if writing.template:
        return writing.template.format(value=value.upper())
    if writing.code:
        return writing.code
    key = "".join(letter for letter in value.casefold() if letter not in writing.strip and letter != "\n")
    key = key.replace(":", "-")
    if key in writing.codes:
        return writing.codes[key]
    while key:
        key = key.rpartition("-")[0]
        if key + ANY_PART in writing.codes:
            return writing.codes[key + ANY_PART]
    return None


def _in_context(writing: ClaimWriting, text: str, found: re.Match[str], contexts: Mapping[str, ClaimContext]) -> bool:
    for_it = _distance(contexts.get(writing.near), text, found, writing.within)
    against = _distance(contexts.get(writing.against), text, found, writing.within)
    if not writing.near:
        return against is None
    return for_it is not None and (against is None or for_it <= against)


def _distance(context: ClaimContext | None, text: str, found: re.Match[str], within: int) -> int | None:
    """Letters between the match and the nearest word of the context, None when none is near enough."""
    if context is None:
        return None
    first, last = max(0, found.start() - within), min(len(text), found.end() + within)
    gaps = [
        max(0, found.start() - word.end(), word.start() - found.end())
        for word in context.pattern.finditer(text, first, last)
    ]
    return min(gaps, default=None)


def _standing(found: Sequence[Place]) -> list[Place]:
    """Without what a longer place covers; a mark may share its letters with the number or document behind it."""
    kept: list[Place] = []
    covered: set[int] = set()
    for place in sorted(found, key=lambda place: (place.start - place.end, place.start)):
        letters = range(place.start, place.end)
        if place.kind.shares_letters:
            kept.append(place)
        elif covered.isdisjoint(letters):
            kept.append(place)
            covered.update(letters)
    return sorted(kept, key=lambda place: (place.start, place.end))
