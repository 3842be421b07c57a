"""What is found in files of mail."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMessage:
    """A message in a file. `place` names it to people.

    `size` are its octets in the file, more than `octets` when only its first part is kept; `digest` is the SHA-256 of
    all of them. `arrived` is aware; None when nothing tells it.
    """

    place: str
    octets: bytes
    size: int
    digest: bytes
    arrived: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFault:
    """What cannot be taken in, and what to do."""

    place: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePassed:
    """A file in a folder that is no mail."""

    place: str
