"""Where the sentences of a mail begin and end: wrapped lines joined, list items and table rows kept apart."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ITEM = re.compile(r"[ \t>]{0,40}(?:[-–—•●▪·*✓√►‣+]|\(?\d{1,2}[.):](?!\d)|\(?[A-Za-z][.)])[ \t]")
_STOP = re.compile(r"[.!?]{1,4}[\"»”)]{0,2}(?=[\s]|$)|[。！？；]")
_LAST_WORD = re.compile(r"[^\W\d_][\w.]{0,9}$")
_GOES_ON = re.compile(r"[^\S\n]{0,40}(?:\n[^\S\n]{0,40})?(?:[a-zæøåäöüß(]|\d|II{1,2}[Rab]?\b)")
WRAP_FROM = 45  # shorter lines are broken on purpose


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch [start, end) of a text in code points. `asks` when it ends in a question mark; `lead` is the index of
    the sentence that introduces the list it stands in, or None.
    """

    start: int
    end: int
    asks: bool
    lead: int | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str

    blank: bool
    item: bool


def sentences(text: str, abbreviations: AbstractSet[str] = frozenset()) -> tuple[Sentence, ...]:
    """The sentences of `text` in order; a full stop behind one of `abbreviations` (small letters) ends none."""
    lines = [_line(found) for found in _LINE.finditer(text)]
    found: list[Sentence] = []
    line_of: list[int] = []
    for first, last in _units(lines):
        for start, end in _stops(text, lines[first].start, lines[last].end, abbreviations):
            found.append(Sentence(start, end, text[start:end].rstrip().endswith(("?", "？"))))
            line_of.append(first)
    return _led(text, lines, found, line_of)


def _line(found: re.Match[str]) -> _Line:
    text = found.group().rstrip("\n")
    return _Line(found.start(), found.end(), text, not text.strip(), _ITEM.match(text) is not None)


def _units(lines: Sequence[_Line]) -> Iterator[tuple[int, int]]:
    """(first, last) lines of each stretch that belongs together: a wrapped paragraph, a list item or a table row."""
    first = 0
    while first < len(lines):
        last = first
        while not lines[first].blank and last + 1 < len(lines) and _wraps(lines, last):
            last += 1
        if not lines[first].blank:
            yield first, last
        first = last + 1


def _wraps(lines: Sequence[_Line], at: int) -> bool:
    """Whether line `at` goes on in the next: the next word would not have fitted, or the line breaks off."""
    line, following = lines[at], lines[at + 1]
    if following.blank or following.item or "\t" in line.text or "\t" in following.text:
        return False
    if line.text.rstrip().endswith(","):
        return len(line.text) >= WRAP_FROM or following.text[:1].islower()
    width = max(len(other.text) for other in lines[max(0, at - 6) : at + 7])
    word = following.text.split(maxsplit=1)[0]
    fits = len(line.text.rstrip()) + 1 + len(word) <= width - 1
    return not fits and len(line.text) >= WRAP_FROM and not line.text.rstrip().endswith(":")


def _stops(text: str, start: int, end: int, abbreviations: AbstractSet[str]) -> Iterator[tuple[int, int]]:
    for found in _STOP.finditer(text, start, end):
        if found.group() == "." and (_goes_on(text, found.end()) or _last_word(text, found.start()) in abbreviations):
            continue
        yield start, found.end()
        start = found.end()
    if text[start:end].strip():
        yield start, end


def _last_word(text: str, end: int) -> str:
    found = _LAST_WORD.search(text, max(0, end - 11), end)
    return found.group().casefold() if found else ""


def _goes_on(text: str, at: int) -> bool:
    return _GOES_ON.match(text, at, at + 40) is not None


def _led(text: str, lines: Sequence[_Line], found: Sequence[Sentence], line_of: Sequence[int]) -> tuple[Sentence, ...]:
    """`found` with each sentence of a list tied to the sentence that ends in a colon before it, the last of several."""
    ends = [line.end for line in lines]
    lists = _Lists(lines)
    led: list[Sentence] = []
    open_: list[tuple[int, int]] = []
    for index, sentence in enumerate(found):
        while open_ and line_of[index] >= open_[-1][1]:
            open_.pop()
        led.append(replace(sentence, lead=open_[-1][0]) if open_ else sentence)
        if text[sentence.start : sentence.end].rstrip().endswith((":", "：")):
            first, last = lists.under(bisect_left(ends, sentence.end))
            if index + 1 < len(found) and first <= line_of[index + 1] < last:
                open_.append((index, last))
    return tuple(led)


class _Lists:
    """Where the list under a line ends: behind its items, or else at the next blank line."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self._lines = lines
        self._ends: dict[bool, list[int]] = {}
        for of_items in (False, True):
            ends = [len(lines)] * (len(lines) + 1)
            for at in range(len(lines) - 1, -1, -1):
                goes_on = of_items and at + 1 < len(lines) and lines[at + 1].item
                ends[at] = at if lines[at].blank and not goes_on else ends[at + 1]
            self._ends[of_items] = ends

    def under(self, heading: int) -> tuple[int, int]:
        """The lines [first, last) of the list under line `heading`."""
        first = heading + 1
        if first < len(self._lines) and self._lines[first].blank:
            first += 1
        if first >= len(self._lines):
            return first, first
        return first, self._ends[self._lines[first].item][first]
