"""The octets of a mail inside a mail."""

import quopri
import re
from copy import copy
from email.generator import BytesGenerator
from email.message import Message
from io import BytesIO

from triage.stages.mime import header_block

_QUOTED_PRINTABLE = re.compile(rb"=3[Dd]|=\r?\n|=[C-Fc-f][0-9A-Fa-f]=[89ABab][0-9A-Fa-f]")
_FAULTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


class _Generator(BytesGenerator):
    """Writes a multipart whose boundary was not found as it came."""

    def _handle_multipart(self, msg: Message) -> None:
        if msg.is_multipart():
            super()._handle_multipart(msg)  # type: ignore[misc]
        else:
            self.write(raw_octets(msg).decode("ascii", "surrogateescape"))


def raw_octets(part: Message) -> bytes:
    """The body of a part without parts as it stands in the message, whatever its encoding is said to be."""
    bare = copy(part)
    del bare["content-transfer-encoding"]
    octets = bare.get_payload(decode=True)
    return octets if isinstance(octets, bytes) else b""


def wire(message: Message) -> bytes:
    """The octets of a message, as near to the original as the standard library keeps them."""
    out = BytesIO()
    try:
        _Generator(out, mangle_from_=False, maxheaderlen=0).flatten(message)
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
