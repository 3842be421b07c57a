"""The octets of a mail inside a mail."""

import quopri
import re
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO

from triage.stages.mime import header_block

_QUOTED_PRINTABLE = re.compile(rb"=3[Dd]|=\r?\n|=[C-Fc-f][0-9A-Fa-f]=[89ABab][0-9A-Fa-f]")
_FAULTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


def wire(message: Message) -> bytes:
    """The octets of a message, as near to the original as the standard library keeps them."""
    out = BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(message)
    except _FAULTS:
        return str(message.get_payload()).encode("utf-8", "replace")
    return out.getvalue()


def octets_of(part: Message) -> bytes:
    """The mail in a message/rfc822 part; RFC 2046 forbids to encode it, which keeps nobody from doing so."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        decoded = part.get_payload(decode=True)
        return decoded if isinstance(decoded, bytes) else b""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "base64" and not inner.keys():
        inner["content-transfer-encoding"] = "base64"
        decoded = inner.get_payload(decode=True)
        return decoded if isinstance(decoded, bytes) else b""
    octets = wire(inner)
    if encoding == "quoted-printable" and _QUOTED_PRINTABLE.search(header_block.split(octets)[0]):
        return quopri.decodestring(octets)
    return octets
