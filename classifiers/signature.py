"""Where a sender signs: the lines behind his greeting, each cut into pieces."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifiers.wording import alternatives
from models.knowledge.identity import ContactVocabulary
from models.mail import Segment, SegmentKind

_MOST_LINES = 18
_TAIL = 7  # lines at the end of a mail that are read as signature when no greeting closes it
_SHORT = 60  # a longer line is no line of a signature
_PIECES = r"\s{0,3}(?:[|•·;\t]|,\s|\s[-–—/]\s|\s{2,}|<|\()\s{0,3}"
_MOST_TEXT = 60_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a signature line; `line` counts its lines from 0."""

    text: str
    start: int
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A signature: [start, end) of the text, and its pieces in order. `signed`: a greeting stands before it."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    signed: bool


def visible(text: str, segments: Sequence[Segment], kinds: frozenset[SegmentKind]) -> str:
    """`text` with everything but segments of `kinds` blanked, so that positions stay."""
    shown = []
    for segment in segments:
        stretch = text[segment.start : segment.end]
        shown.append(stretch if segment.kind in kinds else _blanked(stretch))
    return "".join(shown)[:_MOST_TEXT]


def _blanked(text: str) -> str:
    """As many blanks, with the line ends where they are."""
    return "\n".join(" " * len(line) for line in text.split("\n"))


def signature_block(text: str, words: ContactVocabulary, known: int | None = None) -> Block:
    """The signature of `text`: from the last closing greeting on, else from `known`, else its last short lines."""
    last = None
    for found in _closing(words).finditer(text):
        if found["rest"].strip() or text[found.end() : found.end() + 400].strip():
            last = found
    if last:
        start = last.start("rest") if last["rest"].strip(" ,.!") else last.end()
        return _block(text, start, words, signed=True)
    if known is not None and text[known:].strip():
        return _block(text, known, words, signed=True)
    return _block(text, _tail_start(text), words, signed=False)


def _tail_start(text: str) -> int:
    """Where the run of short lines begins that a text ends in; its end when the last line is a sentence."""
    at = end = len(text.rstrip())
    for _ in range(_TAIL):
        line_start = text.rfind("\n", 0, max(at - 1, 0)) + 1
        line = text[line_start:at].strip()
        if len(line) > _SHORT or (line and line[-1] in ".?!:,"):
            return at
        at = line_start
        if at == 0:
            break
    return min(at, end)


def _block(text: str, start: int, words: ContactVocabulary, *, signed: bool) -> Block:
    borders = _borders(words)
    pieces: list[Piece] = []
    number, at = 0, start
    for line in text[start:].split("\n"):
        if line.strip():
            pieces += _cut(line, at, number, borders)
            number += 1
        at += len(line) + 1
        if number >= _MOST_LINES:
            break
    return Block(start=start, end=min(at, len(text)), pieces=tuple(pieces), signed=signed)


def _cut(line: str, at: int, number: int, borders: re.Pattern[str]) -> list[Piece]:
    pieces, begin = [], 0
    for border in borders.finditer(line[:400]):
        pieces.append(_piece(line[begin : border.start()], at + begin, number))
        begin = border.end()
    pieces.append(_piece(line[begin:400], at + begin, number))
    return [piece for piece in pieces if piece.text]


def _piece(raw: str, at: int, number: int) -> Piece:
    text = raw.strip(" \t\r*_>)\u00a0")
    return Piece(text=text, start=at + (raw.find(text[0]) if text else 0), line=number)


@lru_cache(maxsize=32)
def _closing(words: ContactVocabulary) -> re.Pattern[str]:
    return re.compile(
        rf"^[ \t*]{{0,8}}(?:{alternatives(words.closings)})(?P<rest>[^\n]{{0,60}})$", re.IGNORECASE | re.MULTILINE
    )


@lru_cache(maxsize=32)
def _borders(words: ContactVocabulary) -> re.Pattern[str]:
    """Where the pieces of a line meet; words that introduce a name ("v/", "for") stand for themselves."""
    return re.compile(rf"{_PIECES}|^\s{{0,3}}{alternatives(words.before_name)}\s{{0,3}}", re.IGNORECASE)
