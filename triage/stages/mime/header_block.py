"""The header block of a message: found, mended where mailers break it, and cut to what is decoded at most."""

import re
from collections.abc import Iterator
from itertools import islice

from models.mail import Defect
from triage.stages.mime.limits import MAX_FIELD_OCTETS, MAX_FIELDS, MAX_HEADER_OCTETS

MAIL_FIELDS = frozenset({b"from", b"to", b"date", b"received", b"subject", b"message-id", b"return-path"})
"""Fields that every mail has some of."""

FIELDS_THAT_MATTER = (
    b"from", b"sender", b"reply-to", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references",
    b"return-path", b"mime-version", b"content-type", b"content-transfer-encoding", b"content-disposition",
    b"auto-submitted", b"precedence", b"list-[a-z]{1,20}",
)  # fmt: skip
"""Fields that are looked for behind the limit of the block too."""

MAX_SEEN = 5_000_000
MAX_FOREIGN = 5
LEAST_FIELDS = 3
MAX_OF_A_NAME = 3
MAX_LATE_OCTETS = 8_000
MAX_LATE_SEEN = 500_000
_EMPTY_LINES = (b"\n\n", b"\n\r\n", b"\r\r")
_FIELD = re.compile(rb"(?m)^[!-9;-~]{1,200}[ \t]{0,20}:")
_BLANK_BEFORE_COLON = re.compile(rb"(?m)^([!-9;-~]{1,76})[ \t]{1,20}:")
_BEFORE = re.compile(rb"\A(?:\xef\xbb\xbf)?[\r\n]{0,1000}(?:>?From (?![ \t]{0,20}:)[^\r\n]{0,998}(?:\r\n|\r|\n))?")
_FOREIGN = re.compile(rb"(?m)^(?![!-9;-~]{1,200}[ \t]{0,20}:)[^ \t\r\n][^\n]{0,2000}\n?")
_CHARSET = re.compile(rb"(?i)\bcharset[ \t]{0,5}=[ \t]{0,5}\"?([a-z0-9._:+-]{1,60})")
_LATE = re.compile(rb"(?mi)^(" + b"|".join(FIELDS_THAT_MATTER) + rb")[ \t]{0,20}:")


def split(octets: bytes) -> tuple[bytes, bytes]:
    """The header block with its closing line end, and the rest from the empty line on."""
    if octets[:1] == b"\n" or octets[:2] == b"\r\n":
        return b"", octets
    places = [place for place in map(octets.find, _EMPTY_LINES) if place >= 0]
    if not places:
        return octets, b""
    first_line_end = min(places) + 1
    return octets[:first_line_end], octets[first_line_end:]


def begun(octets: bytes) -> bytes:
    """The octets from the first header field on, where only empty lines, a mark or an mbox line stand before it."""
    before = _BEFORE.match(octets)
    return octets[before.end() :] if before and before.end() and _FIELD.match(octets[before.end() :][:300]) else octets


def looks_like_mail(header: bytes) -> bool:
    """Whether one of the fields that mail has stands in the header block."""
    found = (field.group().rstrip(b": \t").lower() for field in _FIELD.finditer(header))
    return any(name in MAIL_FIELDS for name in found)


def is_mail(octets: bytes) -> bool:
    """Whether a file of unknown kind is a mail: it begins with a field, and has those that tell whose and what."""
    if not _FIELD.match(octets[:300]):
        return False
    names = {found.group().rstrip(b": \t").lower() for found in _FIELD.finditer(split(octets[:MAX_HEADER_OCTETS])[0])}
    return b"from" in names and len(names & MAIL_FIELDS) >= LEAST_FIELDS


def mended(header: bytes) -> tuple[bytes, list[Defect]]:
    """The block with a line that is no field joined to the field before it, as long as fields of mail follow."""
    header = header[:MAX_SEEN]
    if b" :" in header or b"\t:" in header:
        header = _BLANK_BEFORE_COLON.sub(rb"\1:", header)
    foreign = list(islice(_FOREIGN.finditer(header), MAX_FOREIGN + 1))
    foreign = [line for line in foreign if line.start() or not line.group().startswith(b"From ")]
    if not foreign or len(foreign) > MAX_FOREIGN or not looks_like_mail(header[foreign[-1].end() :]):
        return header, []
    pieces: list[bytes] = []
    end = 0
    for line in foreign:
        pieces.append(header[end : line.start()])
        if any(pieces):
            pieces.append(b" " + line.group())
        end = line.end()
    detail = f"{len(foreign)} lines in the header that are no field"
    return b"".join([*pieces, header[end:]]), [Defect(code="header-mended", detail=detail)]


def labelled(octets: bytes) -> str:
    """The first charset that is named, by which a mailer that writes letters raw wrote its header too; or empty."""
    found = _CHARSET.search(octets)
    return found.group(1).decode() if found else ""


def cut(header: bytes) -> tuple[bytes, list[Defect]]:
    """The block within the limits on each field, their number and their size; fields that matter are kept first."""
    if len(header) <= MAX_FIELD_OCTETS and header.count(b"\n") <= MAX_FIELDS:
        return header, []
    defects: list[Defect] = []
    header = header[:MAX_SEEN]
    kept: list[bytes] = []
    size, end = 0, len(header)
    for start, field_end in _bounds(header):
        field = header[start:field_end]
        if len(field) > MAX_FIELD_OCTETS:
            defects.append(Defect(code="field-cut", detail=f"header field of {len(field)} octets cut"))
            field = field[:MAX_FIELD_OCTETS].rstrip(b"\r\n") + b"\n"
        if len(kept) >= MAX_FIELDS or size + len(field) > MAX_HEADER_OCTETS:
            end = start
            code = "fields-cut" if len(kept) >= MAX_FIELDS else "header-cut"
            defects.append(Defect(code=code, detail=f"header of {len(header)} octets cut after {len(kept)} fields"))
            break
        kept.append(field)
        size += len(field)
    return b"".join([*kept, *_late(header, end)]), defects


def _bounds(header: bytes) -> Iterator[tuple[int, int]]:
    start = 0
    for field in _FIELD.finditer(header):
        if field.start() > start:
            yield start, field.start()
            start = field.start()
    if start < len(header):
        yield start, len(header)


def _late(header: bytes, start: int) -> Iterator[bytes]:
    """Fields that matter from `start` on, each shortened, a few of each name."""
    seen: dict[bytes, int] = {}
    for found in islice(_LATE.finditer(header, start), MAX_LATE_SEEN):
        name = found.group(1).lower()
        seen[name] = seen.get(name, 0) + 1
        if seen[name] <= MAX_OF_A_NAME:
            piece = header[found.start() : found.start() + MAX_LATE_OCTETS]
            following = _FIELD.search(piece, 1)
            yield piece[: following.start() if following else None].rstrip(b"\r\n") + b"\n"
