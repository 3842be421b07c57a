"""File names out of mail, made safe to show and to store."""

import re
import unicodedata
from mimetypes import MimeTypes

MAX_NAME = 120
MAX_EXTENSION = 10
_TYPES = MimeTypes(filenames=())
for _type, _extension in (
    ("text/calendar", ".ics"),
    ("text/rtf", ".rtf"),
    ("application/rtf", ".rtf"),
    ("message/rfc822", ".eml"),
    ("application/ms-tnef", ".dat"),
    ("application/pkcs7-mime", ".p7m"),
    ("application/x-pkcs7-mime", ".p7m"),
    ("application/pkcs7-signature", ".p7s"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
):
    _TYPES.add_type(_type, _extension)
_SEPARATORS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r"[<>:\"|?*\x00-\x1f\x7f]")
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def safe_name(raw: str, otherwise: str) -> str:
    """The last path element of `raw`, NFC, without control, direction and zero-width characters, at most 120 long."""
    name = unicodedata.normalize("NFC", raw[:2000])
    name = "".join(char for char in name if unicodedata.category(char) not in _INVISIBLE)
    name = _FORBIDDEN.sub("_", _SEPARATORS.split(name)[-1])
    name = " ".join(name.split()).strip(" .")
    if not name.strip("._- "):
        return otherwise
    if _RESERVED.match(name):
        name = f"_{name}"
    if len(name) <= MAX_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > MAX_EXTENSION:
        return name[:MAX_NAME]
    return stem[: MAX_NAME - len(extension) - 1] + "." + extension


def made_up(number: int, content_type: str) -> str:
    """A name for the nth part, which has none."""
    return f"part-{number}{_TYPES.guess_extension(content_type) or '.bin'}"


def type_of(name: str) -> str:
    """The content type that a file name tells."""
    return _TYPES.guess_type(name)[0] or "application/octet-stream"
