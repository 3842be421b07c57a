"""How much of a message is decoded at most, and the cutting of what exceeds it before any parser sees it."""

import re

from models.mail import Defect

MAX_OCTETS = 50_000_000
MAX_HEADER_OCTETS = 256_000
MAX_FIELDS = 2_000
MAX_FIELD_OCTETS = 64_000
MAX_NESTING = 50
MAX_PARTS = 500
MAX_ADDRESSES = 500
MAX_MAIL_DEPTH = 6
MAX_DOCUMENT_DEPTH = 2
MAX_ATTACHMENTS = 1_000
MAX_INFLATED = 150_000_000
MAX_HTML = 2_000_000
MAX_TAGS = 50_000
MAX_TEXT = 1_000_000

_BODY = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD = re.compile(rb"(?m)^[!-9;-~]{1,200}[ \t]{0,20}:")
_STRUCTURE = re.compile(
    rb"(?i)boundary[ \t]{0,20}=[ \t]{0,20}(?:\"([^\"\r\n]{1,300})\"|([^\s\";]{1,300}))"
    rb"|^content-type[ \t]{0,20}:\s{0,20}(message/(?:rfc822|global))"
    rb"|^--([^\r\n]{1,304})",
    re.MULTILINE,
)


def header_and_body(octets: bytes) -> tuple[bytes, bytes]:
    """The header block with its closing line end, and the rest from the empty line on."""
    if octets[:1] == b"\n" or octets[:2] == b"\r\n":
        return b"", octets
    found = _BODY.search(octets)
    if found is None:
        return octets, b""
    first_line_end = found.start() + (2 if octets[found.start() : found.start() + 2] == b"\r\n" else 1)
    return octets[:first_line_end], octets[first_line_end:]


def looks_like_header(header: bytes, names: frozenset[bytes]) -> bool:
    """Whether one of the field names (lower case) stands in the header block."""
    found = (field.group().rstrip(b": \t").lower() for field in _FIELD.finditer(header[:MAX_HEADER_OCTETS]))
    return any(name in names for name in found)


def cut_header(header: bytes) -> tuple[bytes, list[Defect]]:
    """The header block within the limits on its size, its number of fields and the size of each."""
    defects: list[Defect] = []
    if len(header) > MAX_HEADER_OCTETS:
        defects.append(Defect(code="header-cut", detail=f"header of {len(header)} octets cut to {MAX_HEADER_OCTETS}"))
        header = header[:MAX_HEADER_OCTETS] + b"\n"
    starts = [field.start() for field in _FIELD.finditer(header)]
    if len(starts) > MAX_FIELDS:
        defects.append(Defect(code="fields-cut", detail=f"{len(starts)} header fields cut to {MAX_FIELDS}"))
        header = header[: starts[MAX_FIELDS]]
        starts = starts[:MAX_FIELDS]
    if len(header) <= MAX_FIELD_OCTETS:
        return header, defects
    if not starts:
        return header[:MAX_FIELD_OCTETS], [*defects, Defect(code="field-cut", detail="no field in the header; cut")]
    pieces = [header[: starts[0]][:MAX_FIELD_OCTETS]]
    for start, end in zip(starts, [*starts[1:], len(header)], strict=True):
        field = header[start:end]
        if len(field) > MAX_FIELD_OCTETS:
            defects.append(Defect(code="field-cut", detail=f"header field of {len(field)} octets cut"))
            field = field[:MAX_FIELD_OCTETS].rstrip(b"\r\n") + b"\n"
        pieces.append(field)
    return b"".join(pieces), defects


def cut_parts(octets: bytes) -> tuple[bytes, list[Defect]]:
    """The octets up to the part that nests too deep or is one too many. One pass, linear."""
    open_boundaries: list[bytes] = []
    known: set[bytes] = set()
    mails = parts = 0
    for found in _STRUCTURE.finditer(octets):
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
        if parts > MAX_PARTS:
            return octets[: found.start()], [Defect(code="parts-cut", detail=f"more than {MAX_PARTS} parts")]
    return octets, []
