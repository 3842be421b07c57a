"""ZIP, as an archive and as a container of other formats. What is inflated is counted, whatever the file says of it."""

import zipfile
from io import BytesIO
from mimetypes import MimeTypes

from models.mail import DocumentMember, DocumentText
from triage.adapters.documents.limits import MAX_ENTRIES, MAX_INFLATED, MAX_MEMBERS, MAX_RATIO, SMALL
from triage.stages.mime.charset import guessed

_TYPES = MimeTypes(filenames=())
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1


class TooMuchError(Exception):
    """An archive holds more than is opened."""


def opened(octets: bytes) -> zipfile.ZipFile:
    """The archive, when what it declares is within the limits. Raises TooMuchError, BadZipFile."""
    archive = zipfile.ZipFile(BytesIO(octets))
    entries = archive.infolist()
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or declared > MAX_INFLATED or declared > max(SMALL, MAX_RATIO * len(octets)):
        raise TooMuchError
    return archive


def inflated(archive: zipfile.ZipFile, name: str, limit: int = MAX_INFLATED) -> bytes:
    """The octets of one entry; raises TooMuchError when they are more than `limit`."""
    with archive.open(name) as entry:
        octets = entry.read(limit + 1)
    if len(octets) > limit:
        raise TooMuchError
    return octets


def read(octets: bytes) -> DocumentText:
    """An archive's files as members."""
    try:
        archive = opened(octets)
    except TooMuchError:
        return DocumentText(unread="an archive that holds too much to be opened")
    members: list[DocumentMember] = []
    left = MAX_INFLATED
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        if entry.flag_bits & _ENCRYPTED_FLAG:
            return DocumentText(unread="an archive protected by a password")
        if len(members) == MAX_MEMBERS:
            return DocumentText(unread=f"only the first {MAX_MEMBERS} files were opened", members=tuple(members))
        try:
            content = inflated(archive, entry.filename, left)
        except TooMuchError:
            return DocumentText(unread="an archive that holds more than it says", members=tuple(members))
        left -= len(content)
        shown = _shown(entry)
        kind = _TYPES.guess_type(shown)[0] or "application/octet-stream"
        members.append(DocumentMember(name=shown, content_type=kind, octets=content))
    return DocumentText(members=tuple(members))


def _shown(entry: zipfile.ZipInfo) -> str:
    """A name as its maker wrote it: without the UTF-8 flag it stands in the charset of his machine."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    try:
        return guessed(entry.filename.encode("cp437"))[0]
    except UnicodeEncodeError:
        return entry.filename
