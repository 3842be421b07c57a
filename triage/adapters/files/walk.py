"""Paths to messages: what each file is, and what in it is a message. Only regular files are opened."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from models.mail_file import FileFault, FileMessage, FilePassed
from triage.adapters.files import mbox
from triage.adapters.files.gathering import Gathering, Limits

PIECE = 1 << 20
LOOKED_AT = 256 * 1024
MOST_TRACES = 50
NAMED_AS_MAIL = frozenset({".eml", ".mbox", ".mbx"})
MAILDIR, TEMPORARY = ("cur", "new"), "tmp"
NO_MAIL = "is no mail: no header field stands at its top; give .eml, mbox or Maildir"
EMPTY = "is empty; give a message as a mail server or mail program stores it"
_FROM_FIELD = re.compile(rb"(?mi)^from[ \t]{0,20}:")
_HEADER_END = re.compile(rb"\r?\n\r?\n")

Found = FileMessage | FileFault | FilePassed
_Entry = tuple[Path, bool, bool]
"""A file, whether it lies in a Maildir, and whether it was named by the user."""


def read(path: Path, limits: Limits) -> Iterator[Found]:
    """Every message in a file or below a folder, in the order of the names; what cannot be read is a FileFault."""
    try:
        path.lstat()
    except (OSError, ValueError) as fault:
        yield FileFault(place=str(path), cause=_said(fault))
        return
    for found in _files(path):
        yield from [found] if isinstance(found, FileFault) else _messages(*found, limits)


def total_octets(path: Path) -> int:
    """How many octets the files hold that `read` looks at."""
    return sum(_size(found[0]) for found in _files(path) if not isinstance(found, FileFault))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _files(path: Path) -> Iterator[_Entry | FileFault]:
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where this user may not look
        yield from _below(path)
    else:
        yield path, path.parent.name in MAILDIR and _is_maildir(path.parent.parent), True


def _below(folder: Path) -> Iterator[_Entry | FileFault]:
    maildir = _is_maildir(folder)
    of_maildir = folder.name in MAILDIR and _is_maildir(folder.parent)
    try:
        with os.scandir(folder) as scanned:
            entries = sorted((one.name, one.is_dir(follow_symlinks=False)) for one in scanned)
    except OSError as fault:
        yield FileFault(place=str(folder), cause=_said(fault))
        return
    for name, is_folder in entries:
        if maildir and name == TEMPORARY:
            continue  # what was never delivered
        if not is_folder:
            yield folder / name, of_maildir, False
        else:
            yield from _below(folder / name)


def _is_maildir(folder: Path) -> bool:
    return all(os.path.isdir(folder / name) for name in MAILDIR)  # noqa: PTH112 - as above


def _messages(path: Path, in_maildir: bool, named: bool, limits: Limits) -> Iterator[Found]:
    place = str(path)
    try:
        if not S_ISREG(path.stat().st_mode):
            yield FileFault(place=place, cause="is no ordinary file") if named else FilePassed(place=place)
            return
        with path.open("rb") as file:
            changed = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            yield from _in_file(file, place, changed, in_maildir, named or path.suffix.lower() in NAMED_AS_MAIL, limits)
    except (OSError, OverflowError, ValueError) as fault:
        yield FileFault(place=place, cause=_said(fault))


def _in_file(
    file: BinaryIO, place: str, changed: datetime, in_maildir: bool, expected: bool, limits: Limits
) -> Iterator[Found]:
    """`expected`: a file that must hold mail, or it is a fault; of others no word is lost."""
    from triage.stages.parse import looks_like_mail

    start = file.read(LOOKED_AT)
    file.seek(0)
    if not start.strip():
        yield FileFault(place=place, cause=EMPTY) if expected or in_maildir else FilePassed(place=place)
    elif in_maildir:
        yield _one(file, place, changed, limits)
    elif start.startswith(mbox.MARK):
        yield from _in_mbox(file, place, changed, limits)
    elif looks_like_mail(start) and (expected or _FROM_FIELD.search(start)):
        yield _one(file, place, _received(start) or changed, limits)
    else:
        yield FileFault(place=place, cause=NO_MAIL) if expected else FilePassed(place=place)


def _one(file: BinaryIO, place: str, arrived: datetime, limits: Limits) -> FileMessage:
    gathering = Gathering(limits)
    while piece := file.read(PIECE):
        gathering.add(piece)
    octets, size, digest = gathering.end()
    return FileMessage(place=place, octets=octets, size=size, digest=digest, arrived=arrived)


def _in_mbox(file: BinaryIO, place: str, changed: datetime, limits: Limits) -> Iterator[Found]:
    for number, (octets, size, digest, sent) in enumerate(mbox.messages(file, limits), 1):
        if octets.strip():
            arrived = sent or _received(octets) or changed
            yield FileMessage(place=f"{place}#{number}", octets=octets, size=size, digest=digest, arrived=arrived)
        else:
            yield FileFault(place=f"{place}#{number}", cause="no message stands below its From line")


def _received(octets: bytes) -> datetime | None:
    """The date of the topmost Received field that has one: our own server wrote it."""
    start = octets[:LOOKED_AT].lstrip(b"\r\n")
    end = _HEADER_END.search(start)
    header = message_from_bytes(start[: end.start() if end else None])
    for raw in header.get_all("received", [])[:MOST_TRACES]:
        try:
            date = parsedate_to_datetime(str(raw).rpartition(";")[2].strip())
            return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
        except (TypeError, ValueError, IndexError, OverflowError):
            continue
    return None


def _said(fault: Exception) -> str:
    words = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    return f"cannot be read ({words}); check the path and its rights"
