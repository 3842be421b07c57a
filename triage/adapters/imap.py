"""One IMAP folder, opened read-only (EXAMINE). Nothing on the server is changed; no word of a mail enters a command."""

import imaplib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Self

from imapclient import IMAPClient

from triage.adapters import server_words
from triage.adapters.imap_connection import close, connect, faults_named, said
from triage.errors import MailboxError, MailboxRefused, MessageRefused
from triage.ports import MailboxStatus
from triage.settings import MailboxSettings

FOLDERS_NAMED = 20
IDLE_SLICE = 1.0  # seconds between two looks at whether the program is to end
NEWS = frozenset({b"EXISTS", b"RECENT", b"EXPUNGE"})
MOST_IN_ONE_SEARCH = 50_000  # UIDs; a longer answer would not fit imaplib's longest line


class ImapMailbox:
    """A connection to one folder; use it in one thread. Implements `triage.ports.Mailbox`."""

    def __init__(self, client: IMAPClient, settings: MailboxSettings) -> None:
        self.name = settings.name
        self._client, self._settings = client, settings
        self._status = MailboxStatus(uidvalidity=0, uidnext=0, messages=0, read_only=True)

    @classmethod
    def open(cls, settings: MailboxSettings) -> Self:
        """Connect, sign in and EXAMINE. MailboxError: try again later; MailboxRefused: a person must act."""
        mailbox = cls(connect(settings), settings)
        try:
            mailbox.status()
        except BaseException:
            mailbox.close()
            raise
        return mailbox

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def status(self) -> MailboxStatus:
        """EXAMINE the folder again: what it holds now."""
        with faults_named(self._settings):
            try:
                found = self._client.select_folder(self._settings.folder, readonly=True)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as fault:
                raise self._no_folder(fault) from fault
        self._status = MailboxStatus(
            uidvalidity=int(found[b"UIDVALIDITY"]),
            uidnext=int(found.get(b"UIDNEXT", 0)),
            messages=int(found.get(b"EXISTS", 0)),
            read_only=b"READ-ONLY" in found,
        )
        return self._status

    def uids_after(self, uid: int) -> Sequence[int]:
        """UIDs greater than `uid`, ascending. (`UID n:*` names the last message even when it is below n.)"""
        last = self._status.uidnext - 1
        few = self._status.messages <= MOST_IN_ONE_SEARCH or last <= uid
        ranges = (
            [f"{uid + 1}:*"]
            if few
            else [f"{low}:{low + MOST_IN_ONE_SEARCH - 1}" for low in range(uid + 1, last + 1, MOST_IN_ONE_SEARCH)]
        )
        with faults_named(self._settings):
            found = {number for wanted in ranges for number in self._client.search(["UID", wanted])}
        return sorted(number for number in found if number > uid)

    def sizes(self, uids: Sequence[int]) -> Mapping[int, int]:
        """Octets of each message that is still there."""
        found = self._fetched(uids, "RFC822.SIZE")
        return {uid: int(items[b"RFC822.SIZE"]) for uid, items in found.items() if b"RFC822.SIZE" in items}

    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes, datetime]]:
        """(UID, octets, INTERNALDATE) of each that is still there, ascending; asked for in one command."""
        found = self._fetched(uids, "BODY.PEEK[]", "INTERNALDATE")
        for uid in sorted(found):
            octets, arrived = found[uid].get(b"BODY[]"), found[uid].get(b"INTERNALDATE")
            if octets is not None and arrived is not None:
                yield uid, octets, arrived.astimezone(UTC)

    def fetch_part(self, uid: int, start: int, length: int) -> tuple[bytes, datetime] | None:
        """Octets [start, start + length) of a message, fewer at its end, and its INTERNALDATE; None when it is gone."""
        items = self._fetched([uid], f"BODY.PEEK[]<{int(start)}.{int(length)}>", "INTERNALDATE").get(uid, {})
        octets, arrived = items.get(b"BODY[]<%d>" % start), items.get(b"INTERNALDATE")
        if octets is None and b"BODY[]<%d>" % start not in items and arrived is not None:
            raise MessageRefused(f"{self._where}: UID {uid}: the server names it and gives no part of it")
        return None if arrived is None else (octets or b"", arrived.astimezone(UTC))

    def arrivals(self, uids: Sequence[int]) -> Mapping[int, datetime]:
        """INTERNALDATE of each that is still there."""
        found = self._fetched(uids, "INTERNALDATE")
        return {uid: items[b"INTERNALDATE"].astimezone(UTC) for uid, items in found.items() if items[b"INTERNALDATE"]}

    def wait(self, seconds: float, stopping: Callable[[], bool]) -> bool:
        """Wait until the server tells of a change in the folder (IDLE), `seconds` at most; whether it did.

        `stopping` is asked every second.
        """
        with faults_named(self._settings):
            self._client.idle()
            told = self._told(monotonic() + seconds, stopping)
            _, late = self._client.idle_done()
        return told or _is_news(late)

    @property
    def can_wait(self) -> bool:
        """Whether the server knows IDLE (RFC 2177)."""
        with faults_named(self._settings):
            return bool(self._client.has_capability("IDLE"))

    def _told(self, until: float, stopping: Callable[[], bool]) -> bool:
        while not stopping() and (left := until - monotonic()) > 0:
            asked, slice_ = monotonic(), min(left, IDLE_SLICE)
            answers = self._client.idle_check(timeout=slice_)
            if not answers and monotonic() - asked < slice_ / 2:
                raise imaplib.IMAP4.abort("the connection ended while waiting")
            if any(answer[0] == b"BYE" for answer in answers):
                raise imaplib.IMAP4.abort("the server said goodbye while waiting")
            if _is_news(answers):
                return True
        return False

    @property
    def _where(self) -> str:
        return f"IMAP server {self._settings.host}:{self._settings.port}"

    def _fetched(self, uids: Sequence[int], *items: str) -> Mapping[int, Mapping[bytes, Any]]:
        """What the server gives of each message that is still there. MessageRefused when it answers NO or BAD."""
        if not uids:
            return {}
        with faults_named(self._settings):
            try:
                found: Mapping[int, Mapping[bytes, Any]] = self._client.fetch(_numbers(uids), list(items))
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as fault:
                raise MessageRefused(f"{self._where}: UID {uids[0]} and what follows: {said(fault)}") from fault
        return found

    def close(self) -> None:
        """Log out; harmless when the connection is gone."""
        close(self._client)

    def _no_folder(self, fault: imaplib.IMAP4.error) -> MailboxError:
        answer, folder = said(fault), self._settings.folder
        if server_words.passes(answer):
            return MailboxError(f"folder {folder!r} cannot be opened now ({answer}); the next poll tries again")
        names = [name for _flags, _delimiter, name in self._client.list_folders()]
        if folder in names:
            return MailboxRefused(
                f"folder {folder!r} may not be read ({answer}); give {self._settings.user} the right to read it"
            )
        shown = ", ".join(map(repr, sorted(names)[:FOLDERS_NAMED])) or "none that this user sees"
        return MailboxRefused(f"there is no folder {folder!r}; set {self._settings.named('folder')} to one of {shown}")


def _is_news(answers: Sequence[tuple[Any, ...]]) -> bool:
    return any(len(answer) > 1 and answer[1] in NEWS for answer in answers)


def _numbers(uids: Sequence[int]) -> list[int]:
    """UIDs as numbers and nothing else: whatever goes into a command is ours."""
    return [int(uid) for uid in uids]
