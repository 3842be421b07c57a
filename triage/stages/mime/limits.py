"""How much of a message is decoded at most, and the cutting of what exceeds it before any parser sees it."""

import re
from collections.abc import Iterator
from heapq import merge
from itertools import islice

from models.mail import Defect

MAX_OCTETS = 50_000_000
MAX_HEADER_OCTETS = 256_000
MAX_FIELDS = 2_000
MAX_FIELD_OCTETS = 64_000
MAX_NESTING = 50
MAX_PARTS = 500
MAX_MARKS = 200_000
MAX_PLACES = 300_000
MAX_LINES = 1_000_000
MAX_ADDRESSES = 500
MAX_MAIL_DEPTH = 6
MAX_DOCUMENT_DEPTH = 2
MAX_ATTACHMENTS = 1_000
MAX_INFLATED = 150_000_000
MAX_HTML = 2_000_000
MAX_TAGS = 50_000
MAX_TEXT = 1_000_000

_LINE_END = re.compile(rb"\r\n?|\n")
_MARKS = ((b"boundary", 0), (b"\n--", 1), (b"\ncontent-type", 1))
_STRUCTURE = re.compile(
    rb"(?i)boundary[ \t]{0,20}=[ \t]{0,20}(?:\"([^\"\r\n]{1,300})\"|([^\s\";]{1,300}))"
    rb"|^content-type[ \t]{0,20}:\s{0,20}(message/(?:rfc822|global))"
    rb"|^--([^\r\n]{1,304})",
    re.MULTILINE,
)


def cut_lines(octets: bytes) -> tuple[bytes, list[Defect]]:
    """The octets up to the line that is one too many: the parser works line by line."""
    if octets.count(b"\n") + octets.count(b"\r") <= MAX_LINES:
        return octets, []
    line = next(islice(_LINE_END.finditer(octets), MAX_LINES - 1, None), None)
    if line is None:
        return octets, []
    return octets[: line.end()], [Defect(code="lines-cut", detail=f"more than {MAX_LINES} lines")]


def cut_parts(octets: bytes) -> tuple[bytes, list[Defect]]:
    """The octets up to the part that nests too deep or is one too many. One pass, linear."""
    lowered = octets.lower()
    if sum(lowered.count(mark) for mark, _ in _MARKS) <= MAX_NESTING:
        return octets, []
    open_boundaries: list[bytes] = []
    known: set[bytes] = set()
    mails = parts = 0
    for number, found in enumerate(_structure(octets, lowered)):
        boundary, line = found.group(1) or found.group(2), found.group(4)
        if boundary is not None:
            open_boundaries.append(boundary)
            known.add(boundary)
        elif line is not None:
            name = line.rstrip()
            parts += name in known
            if name.endswith(b"--") and name[:-2] in open_boundaries:
                del open_boundaries[open_boundaries.index(name[:-2]) :]
        else:
            mails += 1
        if max(len(open_boundaries), mails) > MAX_NESTING:
            return octets[: found.start()], [Defect(code="nesting-cut", detail=f"nested deeper than {MAX_NESTING}")]
        if parts > MAX_PARTS or number > MAX_MARKS:
            return octets[: found.start()], [Defect(code="parts-cut", detail=f"more than {MAX_PARTS} parts")]
    return octets, []


def _structure(octets: bytes, lowered: bytes) -> Iterator[re.Match[bytes]]:
    """Boundaries, their lines and mails inside, in order; literals are looked for, as that is quickest by far."""
    for place in islice(merge(*(_places(lowered, mark, offset) for mark, offset in _MARKS)), MAX_PLACES):
        found = _STRUCTURE.match(octets, place)
        if found:
            yield found


def _places(octets: bytes, literal: bytes, offset: int) -> Iterator[int]:
    place = octets.find(literal)
    while place >= 0:
        yield place + offset
        place = octets.find(literal, place + 1)
