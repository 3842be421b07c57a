"""Parts whose structure is damaged: a boundary that is not the one announced, base64 that is none."""

import base64
import binascii
import re
from email import message_from_bytes
from email.message import Message

from models.mail import Defect
from triage.stages.mime import limits
from triage.stages.mime.inner import raw_octets

MOST_FOREIGN = 0.5
LEAST_BLANKS = 2
_BOUNDARY_LINE = re.compile(rb"(?mi)^--([^\s\"][^\r\n\"]{0,199}?)[ \t]{0,50}\r?\n(?=content-[a-z-]{1,40}[ \t]{0,10}:)")
_EMPTY_LINE = re.compile(rb"\r?\n[ \t]{0,20}\r?\n")
_BASE64_LINE = re.compile(r"(?m)^[A-Za-z0-9+/=]{4,1000}\r?$")


def reunited(part: Message) -> tuple[Message | None, list[Defect]]:
    """A multipart without parts, read by the boundary that does stand in it; None when there is none."""
    octets = raw_octets(part)
    found = _BOUNDARY_LINE.search(octets)
    if found is None:
        return None, []
    boundary = found.group(1).removesuffix(b"--")
    kind = part.get_content_type().encode("ascii", "replace")
    whole, defects = contained(b'Content-Type: %b; boundary="%b"\n\n%b' % (kind, boundary, octets))
    defects.append(Defect(code="boundary-mended", detail="the boundary is not the one announced"))
    return (whole if whole.is_multipart() else None), defects


def contained(octets: bytes) -> tuple[Message, list[Defect]]:
    """A MIME entity that lay in another coat, within the limits that hold for a whole message."""
    octets, fewer_lines = limits.cut_lines(octets)
    octets, fewer_parts = limits.cut_parts(octets)
    return message_from_bytes(octets), [*fewer_lines, *fewer_parts]


def is_no_base64(part: Message) -> bool:
    """Whether a body that is said to be base64 holds so much else that it is plain text."""
    payload = part.get_payload()
    if not isinstance(payload, str) or not payload:
        return False
    sample = payload[:20_000].strip()
    if sample.count(" ") < LEAST_BLANKS:
        return False
    return sum(len(line) for line in _BASE64_LINE.findall(sample)) < MOST_FOREIGN * len(sample)


def above_words(part: Message) -> bytes | None:
    """The body of a part under whose base64 a mailing list or a scanner put words of its own, which a text keeps."""
    raw = raw_octets(part).lstrip()
    gap = _EMPTY_LINE.search(raw)
    if gap is None or b" " not in raw[gap.end() :]:
        return None
    try:
        octets = base64.b64decode(raw[: gap.start()].translate(None, b" \t\r\n"), validate=True)
    except (binascii.Error, ValueError):
        return None
    is_text = part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"
    return octets + b"\n" + raw[gap.end() :] if is_text else octets
