"""An mbox file (mboxo, mboxrd) as a stream of messages: memory holds one message at a time, whatever the file's size.

A message begins at a line "From " that ends in a date, as mail programs write it, or at one that names an address,
stands behind an empty line and before a header field. The ">" that mboxrd puts before such lines of a text is undone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import BinaryIO

from triage.adapters.files.gathering import Gathering, Limits

MARK = b"From "
LINE_END = 10
MOST_QUOTES = 100
BLOCK = 1 << 20
LONGEST_LINE = 65_536
LOOKED_BACK = 3  # octets of an empty line and of the line end before it
_DATED = re.compile(
    rb"From (?:[^\r\n]{0,500}? )?"
    rb"([A-Z][a-z]{2},? [A-Z][a-z]{2} {1,2}\d{1,2} \d{1,2}:\d{2}(?::\d{2})?(?: [^ \r\n]{1,30}){0,3})\r?\n?"
)
_NAMED = re.compile(rb"From (?:[^\s@]{1,200}@[^\s@]{1,200}|MAILER-DAEMON|-)(?: [^\r\n]{0,500})?\r?\n?")
_FIELD = re.compile(rb"[!-9;-~]{1,76}[ \t]{0,20}:")
_AFTER_EMPTY = (b"\n\n", b"\n\r\n")
_YEAR = re.compile(rb" \d{4}\b")

Found = tuple[bytes, int, bytes, datetime | None]
"""Octets kept, octets there, SHA-256 of all, and the date of the From line."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A message begins; its From line has this date."""

    date: datetime | None


def messages(file: BinaryIO, limits: Limits) -> Iterator[Found]:
    """Every message of an mbox whose first line begins with "From "."""
    gathering: Gathering | None = None
    arrived: datetime | None = None
    for piece in _pieces(file):
        if isinstance(piece, bytes):
            if gathering is not None:
                gathering.add(piece)
            continue
        if gathering is not None:
            yield _ended(gathering, arrived)
        gathering, arrived = Gathering(limits), piece.date
    if gathering is not None:
        yield _ended(gathering, arrived)


def _pieces(file: BinaryIO) -> Iterator[bytes | _Mark]:
    """The messages in pieces, as they were before they were quoted, and a mark where a message begins."""
    before = b"\n\n"  # as if an empty line stood before the first
    first = True
    while block := file.read(BLOCK):
        block += file.readline(LONGEST_LINE)
        if block[block.rfind(b"\n", 0, -1) + 1 :].startswith(MARK):
            block += file.readline(LONGEST_LINE)  # which tells what the line before it is
        yield from _of_block(before + block, len(before), first)
        before, first = (before + block)[-LOOKED_BACK:], False


def _of_block(text: bytes, start: int, first: bool) -> Iterator[bytes | _Mark]:
    """The pieces of `text` from `start` on."""
    done = start
    for line, word in _from_lines(text, start):
        if line < word:
            yield text[done:line]
            done = line + 1  # without the ">" that quotes it
            continue
        end = text.find(b"\n", word) + 1 or len(text)
        date = _date(text[line:end])
        if date is not None or (first and line == start) or _begins(text, line, end):
            yield text[done:line]
            yield _Mark(date)
            done = end
    yield text[done:]


def _from_lines(text: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Where each line that is "From " behind any number of ">" begins, and where its "From " does."""
    word = text.find(MARK, start)
    while word >= 0:
        near = text[max(start, word - MOST_QUOTES) : word]
        line = word - len(near) + len(near.rstrip(b">"))
        if text[line - 1] == LINE_END:
            yield line, word
        word = text.find(MARK, word + 1)


def _begins(text: bytes, line: int, end: int) -> bool:
    """Whether a From line without a date stands behind an empty line and before a header field."""
    return (
        text.endswith(_AFTER_EMPTY, 0, line)
        and _NAMED.fullmatch(text, line, end) is not None
        and _FIELD.match(text, end) is not None
    )


def _ended(gathering: Gathering, arrived: datetime | None) -> Found:
    gathering.drop_last_line_if_empty()
    return *gathering.end(), arrived


def _date(line: bytes) -> datetime | None:
    """The date of a From line; without a zone it is UTC (RFC 4155). None when the line has none."""
    found = _DATED.fullmatch(line)
    if found is None or not _YEAR.search(found[1]):
        return None
    try:
        date = parsedate_to_datetime(found[1].decode("ascii", "replace"))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
