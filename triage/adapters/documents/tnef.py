"""winmail.dat (MS-OXTNEF): its text, and its files as members."""

import struct

from models.mail import DocumentMember, DocumentText
from triage.adapters.documents import rtf
from triage.adapters.documents.limits import MAX_MEMBERS
from triage.stages.mime.charset import decoded
from triage.stages.mime.html_text import text_of
from triage.stages.mime.names import type_of

MAX_OBJECTS = 3_000
_START, _OBJECT, _CHECKSUM = 6, struct.Struct("<BHHI"), 2
_WESTERN = struct.pack("<BHHIIIH", 1, 0x9007, 6, 8, 1252, 0, 0)
"""The attribute that names the code page, for messages that leave it out; tnefparse cannot do without."""


def read(octets: bytes) -> DocumentText:
    """The text and files of a winmail.dat; a file that ends too early says so."""
    from tnefparse import TNEF

    objects, whole = _objects(octets)
    if objects > MAX_OBJECTS:
        return DocumentText(unread="holds too much to be opened")
    try:
        packed = TNEF(octets, do_checksum=False)
    except TypeError:
        packed = TNEF(octets[:_START] + _WESTERN + octets[_START:], do_checksum=False)
    html = text_of(_text(packed.htmlbody))[0]
    text = _text(packed.body) or html or _rich(getattr(packed, "_rtfbody", None))
    members = tuple(
        DocumentMember(name=called, content_type=type_of(called), octets=bytes(one.data or b""))
        for one in packed.attachments[:MAX_MEMBERS]
        for called in [_text(one.long_filename() or one.name)]
    )
    unread = "" if text or members else "holds nothing that could be read"
    return DocumentText(text=text, unread=unread if whole else "cut off: files may be missing", members=members)


def _objects(octets: bytes) -> tuple[int, bool]:
    """How many attributes there are, and whether the last one is whole."""
    place, count = _START, 0
    while place + _OBJECT.size <= len(octets) and count <= MAX_OBJECTS:
        place += _OBJECT.size + _OBJECT.unpack_from(octets, place)[3] + _CHECKSUM
        count += 1
    return count, place <= len(octets)


def _rich(packed: object) -> str:
    return rtf.text_in(rtf.unpacked(packed)) if isinstance(packed, bytes) and packed else ""


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decoded(value.rstrip(b"\0"), None)[0]
    return str(value or "").rstrip("\0")
