"""winmail.dat (MS-OXTNEF): its text, and its files as members."""

import struct

from models.mail import DocumentMember, DocumentText
from triage.adapters.documents import rtf
from triage.adapters.documents.limits import MAX_MEMBERS
from triage.stages.mime.charset import decoded
from triage.stages.mime.html_text import text_of
from triage.stages.mime.names import type_of

MAX_ATTRIBUTES = 3_000
START, LEAST_PROPERTY = 6, 8
_ATTRIBUTE, _COUNT, _CHECKSUM = struct.Struct("<BHHI"), struct.Struct("<I"), 2
PROPERTIES, FILE_PROPERTIES, CODE_PAGE = 0x9003, 0x9005, 0x9007
NEEDED = {0x800C, 0x800F, 0x8010, 0x9002, PROPERTIES, FILE_PROPERTIES, CODE_PAGE}
"""Body, file, its title, where a file begins, properties of message and file, code page."""

WESTERN = _ATTRIBUTE.pack(1, CODE_PAGE, 6, 8) + struct.pack("<IIH", 1252, 0, 0)
"""The code page for messages that leave it out; tnefparse cannot do without."""


def read(octets: bytes) -> DocumentText:
    """The text and files of a winmail.dat; a file that ends too early says so."""
    from tnefparse import TNEF

    attributes, whole = _attributes(octets)
    if len(attributes) > MAX_ATTRIBUTES:
        return DocumentText(unread="holds too much to be opened")
    packed = TNEF(octets[:START] + WESTERN + b"".join(attributes), do_checksum=False)
    html = text_of(_text(packed.htmlbody))[0]
    text = _text(packed.body) or html or _rich(getattr(packed, "_rtfbody", None))
    members = tuple(
        DocumentMember(name=called, content_type=type_of(called), octets=bytes(one.data or b""))
        for one in packed.attachments[:MAX_MEMBERS]
        for called in [_text(one.long_filename() or one.name)]
    )
    unread = "" if text or members else "holds nothing that could be read"
    return DocumentText(text=text, unread=unread if whole else "cut off: files may be missing", members=members)


def _attributes(octets: bytes) -> tuple[list[bytes], bool]:
    """The attributes that are needed, and whether the last one is whole.

    How many properties one says to hold is not believed: tnefparse counts to four thousand million when told so.
    """
    place = START
    found: list[bytes] = []
    while place + _ATTRIBUTE.size <= len(octets) and len(found) <= MAX_ATTRIBUTES:
        _, name, _, length = _ATTRIBUTE.unpack_from(octets, place)
        begins, ends = place + _ATTRIBUTE.size, place + _ATTRIBUTE.size + length
        content = octets[begins:ends]
        if name in (PROPERTIES, FILE_PROPERTIES) and len(content) >= _COUNT.size:
            count = min(_COUNT.unpack_from(content)[0], len(content) // LEAST_PROPERTY)
            content = _COUNT.pack(count) + content[_COUNT.size :]
        if name in NEEDED:
            found.append(octets[place:begins] + content + octets[ends : ends + _CHECKSUM])
        place = ends + _CHECKSUM
    return found, place <= len(octets)


def _rich(packed: object) -> str:
    return rtf.text_in(rtf.unpacked(packed)) if isinstance(packed, bytes) and packed else ""


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decoded(value.rstrip(b"\0"), None)[0]
    return str(value or "").rstrip("\0")
