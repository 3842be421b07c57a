"""A folder in memory that can be written, and a marker for a process of its own, to be killed."""

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from models.knowledge.marks import MarkedBy, MarkPolicy, MarkRule
from triage.adapters.imap_marking import ImapMarker
from triage.adapters.store import SqlStore
from triage.errors import MailboxError, MailboxRefused, MessageRefused
from triage.jobs.mark import By, mark_once
from triage.ports import Written
from triage.settings import MailboxSettings

POLICY = MarkPolicy(
    parent="Sorted",
    rules=(
        MarkRule(by=MarkedBy.INTENT, value="bounce", keyword="x-bounce", folder=""),
        MarkRule(by=MarkedBy.UNCERTAIN, value="", keyword="x-uncertain", folder=""),
        MarkRule(by=MarkedBy.CATEGORY, value="gown", keyword="x-gown", folder="Frakker"),
        MarkRule(by=MarkedBy.CATEGORY, value="gloves", keyword="x-gloves", folder="Hansker æøå"),
        MarkRule(by=MarkedBy.OTHERWISE, value="", keyword="x-none", folder=""),
    ),
    old_mail=False,
    attempts=2,
    retry_minutes=15,
    batch=3,
)


class FakeMarker:
    """Holds flags by UID and the UIDs of each folder; `refused` UIDs are refused, `silent` ones are said to be done."""

    def __init__(self, uids: Sequence[int], *, uidvalidity: int = 7, allowed: bool = True) -> None:
        self.uidvalidity, self.allowed = uidvalidity, allowed
        self.flags: dict[int, set[str]] = {uid: set() for uid in uids}
        self.folders: dict[str, list[int]] = {}
        self.refused: set[int] = set()
        self.silent: set[int] = set()
        self.writes = self.opened = self.closed = 0
        self.before_writing: Callable[[], object] = lambda: None

    def open(self) -> "FakeMarker":
        self.opened += 1
        return self

    def close(self) -> None:
        self.closed += 1

    def set_keywords(
        self, uidvalidity: int, uids: Sequence[int], keywords: Sequence[str], *, without: Sequence[str] = ()
    ) -> Written:
        if not self.allowed:
            raise MailboxRefused("keeps no keywords")
        for uid in self._writable(uidvalidity, uids):
            self.flags[uid] = (self.flags[uid] | set(keywords)) - set(without)
        return self._written(uids)

    def move(
        self, uidvalidity: int, uids: Sequence[int], path: Sequence[str], *, begun: Mapping[int, tuple[int, str]]
    ) -> Written:
        writable = self._writable(uidvalidity, uids)
        written = self._written(uids)
        self.folders.setdefault("/".join(path), []).extend(writable)
        for uid in writable:
            del self.flags[uid]
        return written

    def _writable(self, uidvalidity: int, uids: Sequence[int]) -> list[int]:
        if uidvalidity != self.uidvalidity:
            raise MailboxError("the folder was numbered anew")
        self.before_writing()
        if self.refused & set(uids):
            raise MessageRefused("NO not this one")
        self.writes += 1
        return [uid for uid in uids if uid in self.flags and uid not in self.silent]

    def _written(self, uids: Sequence[int]) -> Written:
        there = {uid for uid in uids if uid in self.flags}
        return Written(done=frozenset(there - self.silent), gone=frozenset(uids) - there)


def settings(port: int, **changed: object) -> MailboxSettings:
    """The mailbox of a Dovecot on loopback."""
    given = {"host": "127.0.0.1", "port": port, "encryption": "none", "user": "mottak", "password": "hemmelig"}
    return MailboxSettings.model_validate({"name": "INBOX", "timeout": 20, **given, **changed})


def without_move(marker: ImapMarker, *also: str) -> ImapMarker:
    """The marker, to which its server says nothing of MOVE."""
    told = marker._client.capabilities()
    marker._client._cached_capabilities = tuple(one for one in told if one.decode() not in {"MOVE", *also})
    return marker


def mark(url: str, port: int, by: By, move: bool, point: str, calls: int) -> None:
    """Mark all that is due, and die by SIGKILL right after so many calls of `point`, be it the server's or ours."""
    store = SqlStore(url, case_prefix="SM")
    with ImapMarker.open(settings(port)) as marker:
        if not move:
            without_move(marker)
        _die_after(store if hasattr(store, point) else marker._client, point, calls)
        mark_once(lambda: marker, store, POLICY, mailbox="INBOX", by=by, now=lambda: datetime.now(UTC))


def _die_after(called: object, point: str, calls: int) -> None:
    act, left = getattr(called, point), iter(range(calls - 1, -1, -1))

    def acted(*given: Any, **named: Any) -> Any:
        answer = act(*given, **named)
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(called, point, acted)
