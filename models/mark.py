"""What a message is marked with in its mailbox, for those who read it there."""

from dataclasses import dataclass
from enum import StrEnum


class MarkState(StrEnum):
    """Where the marking of a message stands."""

    DUE = "due"  # to be written, or written and not yet noted
    DONE = "done"
    FAILED = "failed"  # the server refused it too often


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is to be written: keywords, and the folder it moves to (empty: it stays)."""

    keywords: tuple[str, ...]
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Markable:
    """A triaged message whose mark is to be written, with what the mark goes by; staff's corrections go first.

    `before` is what was written of it, or tried; `begun`: a mark was tried, and may have been written. `returned`: the
    same octets were moved before, and somebody put them back. `whole`: all its octets are held here.
    """

    id: int
    uid: int
    size: int
    sha256: str
    intent: str
    categories: tuple[str, ...]
    uncertain: bool
    backfill: bool
    whole: bool = True
    returned: bool = False
    before: str = ""
    begun: bool = False
    attempts: int = 0
