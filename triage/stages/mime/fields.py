"""Header fields: encoded words as they really come, message identifiers, parameters."""

import base64
import binascii
import re
from email.message import Message
from email.utils import collapse_rfc2231_value

from triage.stages.mime import charset

MAX_ID = 998
_WORD = re.compile(r"=\?([^?\s]{0,60})\?([bBqQ])\?([^?]{0,20000}?)\?=")
_BETWEEN = re.compile(r"\?=[ \t\r\n]{1,200}=\?")
_FOLD = re.compile(r"[ \t]{0,50}(?:\r?\n|\r)[ \t]{0,100}")
_IDENTIFIER = re.compile(r"<[^<>\s]{1,998}>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def value_text(raw: object) -> str:
    """A field body as the standard library gives it, unfolded and decoded, without control characters."""
    text = str(raw)
    if text.isascii() and text.isprintable() and "=?" not in text:
        return text.strip()
    text = charset.repaired(text)
    text = charset.normalised(words(_FOLD.sub(" ", text) if "\n" in text else text))
    return (text if text.isprintable() else _CONTROL.sub(" ", text)).strip()


def words(text: str) -> str:
    """Text with its RFC 2047 encoded words decoded; a letter cut between two words is put together again."""
    if "=?" not in text:
        return text
    text = _BETWEEN.sub("?==?", text)
    out: list[str] = []
    pending, label, end = b"", "", 0
    for found in _WORD.finditer(text):
        octets = _word_octets(found.group(2), found.group(3))
        named = found.group(1).split("*")[0].lower()
        if pending and (found.start() != end or named != label):
            out.append(charset.decoded(pending, label)[0])
            pending = b""
        if found.start() != end or octets is None:
            out.append(text[end : found.start()])
        if octets is None:
            out.append(found.group())
        else:
            pending, label = pending + octets, named
        end = found.end()
    if pending:
        out.append(charset.decoded(pending, label)[0])
    return "".join([*out, text[end:]])


def _word_octets(encoding: str, payload: str) -> bytes | None:
    try:
        octets = payload.encode("ascii", "surrogateescape") if payload.isascii() else payload.encode()
    except UnicodeEncodeError:
        return None
    if encoding in "qQ":
        return binascii.a2b_qp(octets.replace(b" ", b"_"), header=True)
    try:
        octets = octets.rstrip(b"= ")
        return base64.b64decode(octets + b"=" * (-len(octets) % 4))
    except (binascii.Error, ValueError):
        return None


def identifiers(raw: str) -> tuple[str, ...]:
    """The msg-ids in a field body, in order, each once."""
    return tuple(dict.fromkeys(_IDENTIFIER.findall(raw)))[:1000]


def parameter(part: Message, name: str, header: str) -> str:
    """A MIME parameter decoded by RFC 2231 or, as many mailers write it, RFC 2047; empty when absent."""
    field = next((str(value) for one, value in part.raw_items() if one.lower() == header), "")
    if name not in field.lower():
        return ""
    try:
        raw = _with_letters(part, header, field).get_param(name, header=header)
    except (ValueError, TypeError, AttributeError, IndexError):
        return ""
    if raw is None:
        return ""
    if isinstance(raw, tuple):
        label, _, octets = raw
        if label and octets:
            return charset.decoded(str(octets).encode("latin-1", "replace"), label)[0]
        return charset.repaired(collapse_rfc2231_value(raw))
    return words(charset.repaired(raw))


def _with_letters(part: Message, header: str, field: str) -> Message:
    """The part, or where octets over 127 stand raw in the field a message with that field decoded."""
    if field.isascii():
        return part
    message = Message()
    message[header] = charset.repaired(field)
    return message
