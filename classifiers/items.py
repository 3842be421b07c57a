"""A mail's text cut where one item of an offer may end: table rows, list items, paragraphs, sentences."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.mail import Segment, SegmentKind

READ = frozenset({SegmentKind.NEW, SegmentKind.FORWARDED})
_WRAPPED_AT = 60  # a line that leaves no room for the next word before this column was broken by a program,
_WIDEST = 82  # unless it is wider than programs break lines
_MOST_CLAUSES = 5000

_CELLS = re.compile(r"\t| \| |(?<=\S) {2,40}(?=\S)")
_BARS = re.compile(r"\t|\s{0,40}\|\s{0,40}")
_BARRED = re.compile(r"\t| \| |\|.{1,200}\|")
_RULE = re.compile(r"[\s|+:=_*~.-]{3,400}$")
_SEPARATED = re.compile(r" [-–—] ")
_LEADER = re.compile(r"\.{4}|…{2}|_{4}")
_LABEL = re.compile(r"\s{0,8}[^\W\d][^:\n]{1,28}:\s")
_COUNTED = re.compile(r"\s{0,8}\d[\d .,\u00a0]{0,12}\s?[^\W\d]")
_BULLET = re.compile(
    r"\s{0,12}(?:[-–—*•·○●►▪■◦‣→»›✓✔+>?]{1,2}\s|\(?\d{1,2}[.):]\s|\(?[A-Za-z][.)]\s|[\u2600-\u27bf\U0001f300-\U0001faff])"
)
_SENTENCE_END = re.compile(r"(?<=[.!?;。；])(?<!\.\.)(?:\s{1,20}(?=[^\W_a-zæøåäöüß])|(?<=[。；]))")
_ABBREVIATION = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{1,2}|[^\W\d_aeiouyæøåäöü]{3})\.$", re.IGNORECASE)
_SHORT_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{3}\.$")
_UNIT_STOP = re.compile(
    r"\d\s?(?:[^\W\d_aeiouyæøåäöü]{1,4}|[^\W\d_]{1,3}|mi[^\W\d_]{2})\.$", re.IGNORECASE
)  # an abbreviation that a number counts: "1,2 Mio. "
_DIGIT = re.compile(r"\d")
_FIRST_WORD = re.compile(r"\s{0,20}(\S{1,40})")


class ClauseKind(StrEnum):
    """What a clause is in the layout of its text."""

    ROW = "row"  # cells of a table
    BULLET = "bullet"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch [start, end) that speaks of one item. `block` numbers the paragraph or list that it stands in."""

    start: int
    end: int
    kind: ClauseKind
    block: int


def clauses(text: str, segments: Sequence[Segment]) -> list[Clause]:
    """The clauses of what the sender wrote or forwarded, in order."""
    found: list[Clause] = []
    for segment in segments:
        if segment.kind in READ and len(found) < _MOST_CLAUSES:
            found.extend(_in_stretch(text, segment.start, segment.end, found[-1].block + 1 if found else 0))
    return found[:_MOST_CLAUSES]


def cells(text: str, clause: Clause) -> list[tuple[int, int]]:
    """[start, end) of the cells of a row, in order; where bars or tabs part them, blanks do not."""
    start, end = clause.start, clause.end
    barred = _BARRED.search(text, start, end)
    if barred and text[start:end].lstrip().startswith("|"):
        start = text.index("|", start) + 1
    borders = [start]
    for found in (_BARS if barred else _CELLS).finditer(text, start, end):
        borders += [found.start(), found.end()]
    borders.append(end)
    found_cells = list(zip(borders[::2], borders[1::2], strict=True))
    return found_cells[:-1] if barred and text[start:end].rstrip().endswith("|") else found_cells


def clause_at(found: Sequence[Clause], starts: Sequence[int], at: int) -> int | None:
    """Index of the clause that holds position `at`; `starts` are the clauses' starts."""
    index = bisect_right(starts, at) - 1
    return index if index >= 0 and at < found[index].end else None


def _in_stretch(text: str, start: int, end: int, block: int) -> Iterator[Clause]:
    logical: tuple[int, int, ClauseKind] | None = None
    before: str = ""
    for line_start, line_end in _lines(text, start, end):
        line = text[line_start:line_end]
        if _RULE.match(line) and line.strip():
            continue
        if not line.strip():
            if logical:
                yield from _sentences(text, *logical, block)
            logical, before, block = None, "", block + 1
            continue
        kind = _kind(line)
        if logical and kind is ClauseKind.TEXT and _goes_on(logical[2], before, line):
            logical = (logical[0], line_end, logical[2])
        else:
            if logical:
                yield from _sentences(text, *logical, block)
            logical = (line_start, line_end, kind)
        before = line
    if logical:
        yield from _sentences(text, *logical, block)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _kind(line: str) -> ClauseKind:
    if _BARRED.search(line) or len(_CELLS.findall(line[:400])) > 1:
        return ClauseKind.ROW
    listed = _LEADER.search(line) or (len(_SEPARATED.findall(line)) > 1 and _DIGIT.search(line))
    return ClauseKind.BULLET if listed or _BULLET.match(line) else ClauseKind.TEXT


def _goes_on(kind: ClauseKind, before: str, line: str) -> bool:
    """Whether `line` is the rest of the one before, of `kind`; a capital begins no rest of a list item."""
    first = line.lstrip()[:1]
    return kind is not ClauseKind.ROW and not (kind is ClauseKind.BULLET and first.isupper()) and _wrapped(before, line)


def _wrapped(before: str, line: str) -> bool:
    """Whether `line` goes on where `before` broke off, and opens no row of its own."""
    if line.startswith("  ") or _LABEL.match(line) or (_COUNTED.match(line) and _COUNTED.match(before)):
        return False
    first = _FIRST_WORD.match(line)
    if first and first[1][0].isupper() and _DIGIT.search(before) and _DIGIT.search(line):
        return False
    width = len(before.rstrip())
    return bool(first) and width <= _WIDEST and width + 1 + len(first[1] if first else "") > _WRAPPED_AT


def _sentences(text: str, start: int, end: int, kind: ClauseKind, block: int) -> Iterator[Clause]:
    if kind is not ClauseKind.ROW:
        bullet = _BULLET.match(text, start, end)
        for found in _SENTENCE_END.finditer(text, bullet.end() if bullet else start, end):
            low = max(start, found.start() - 6)
            numbered = text[found.end() : found.end() + 1].isdigit() and _SHORT_WORD.search(text, low, found.start())
            counting = _UNIT_STOP.search(text, max(start, found.start() - 12), found.start())
            if not numbered and not counting and not _ABBREVIATION.search(text, low, found.start()):
                yield Clause(start, found.start(), kind, block)
                start, kind = found.end(), ClauseKind.TEXT
    if start < end:
        yield Clause(start, end, kind, block)
