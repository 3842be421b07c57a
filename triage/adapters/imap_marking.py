"""One IMAP folder, opened to be written (SELECT): keywords are set, messages moved. No word of a mail enters a command.

Exchange knows no keywords of a client's own (MS-STANXIMAP 2.2.4); folders are shown everywhere.
"""

import imaplib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Any, Self

from imapclient import DELETED, IMAPClient

from triage.adapters import server_words
from triage.adapters.imap_connection import close, connect, faults_named, said
from triage.errors import MailboxError, MailboxRefused, MessageRefused
from triage.ports import Written
from triage.settings import MailboxSettings

ANY_KEYWORD = b"\\*"
NO_FOLDER = frozenset({b"\\noselect", b"\\nonexistent"})
AT_ONCE = 1000  # UIDs asked about in one command


class ImapMarker:
    """A connection that writes to one folder; use it in one thread. Implements `triage.ports.Marker`."""

    def __init__(self, client: IMAPClient, settings: MailboxSettings) -> None:
        self._client, self._settings = client, settings

    @classmethod
    def open(cls, settings: MailboxSettings) -> Self:
        """Connect and sign in. MailboxError: try again later; MailboxRefused: a person must act."""
        return cls(connect(settings), settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Log out; harmless when the connection is gone."""
        close(self._client)

    def set_keywords(
        self, uidvalidity: int, uids: Sequence[int], keywords: Sequence[str], *, without: Sequence[str] = ()
    ) -> Written:
        """Have the messages bear `keywords` and not those of `without`; others that they bear stay."""
        allowed = self._select(uidvalidity)
        if not keywords_allowed(allowed, keywords):
            raise MailboxRefused(
                f"{self._where} keeps no keywords of ours in folder {self._settings.folder!r} (it allows "
                f"{' '.join(sorted(allowed)) or 'none'}); set {self._settings.named('mark')} to folders or off"
            )
        with self._named(uids):
            bore = self._borne(uids)
            if missing := [uid for uid in bore if not _all_in(keywords, bore[uid])]:
                self._client.add_flags(missing, list(keywords), silent=True)
            if unwanted := [uid for uid in bore if _any_in(without, bore[uid])]:
                self._client.remove_flags(unwanted, list(without), silent=True)
            bear = self._borne(list(bore)) if missing or unwanted else bore
        done = {uid for uid in bear if _all_in(keywords, bear[uid]) and not _any_in(without, bear[uid])}
        return Written(done=frozenset(done), gone=frozenset(uids) - bear.keys())

    def move(
        self, uidvalidity: int, uids: Sequence[int], path: Sequence[str], *, begun: Mapping[int, tuple[int, str]]
    ) -> Written:
        """Move the messages to the folder `path`, its names from the top; it is made when it is not there.

        By MOVE, or by a copy and UID EXPUNGE of these UIDs alone; of those in `begun` a copy is looked for first.
        """
        at_once = self._can("MOVE")
        if not at_once and not self._can("UIDPLUS"):
            raise MailboxRefused(
                f"{self._where} can move no single message (it offers neither MOVE nor UIDPLUS); "
                f"set {self._settings.named('mark')} to keywords or off"
            )
        folder = self._folder(path)
        copied = {} if at_once or not begun else self._copied(folder, begun)
        self._select(uidvalidity)
        with self._named(uids):
            there = self._there(uids)
            if there and at_once:
                self._client.move(there, folder)
            elif there:
                self._copy_and_expunge(there, folder, copied)
            left = set(self._there(there))
        return Written(done=frozenset(there) - left, gone=frozenset(uids) - frozenset(there))

    def _copy_and_expunge(self, uids: Sequence[int], folder: str, copied: Mapping[int, int]) -> None:
        if missing := [uid for uid in uids if uid not in copied]:
            self._client.copy(missing, folder)
        self._client.add_flags(list(uids), [DELETED], silent=True)
        self._client.uid_expunge(list(uids))

    def _copied(self, folder: str, begun: Mapping[int, tuple[int, str]]) -> Mapping[int, int]:
        """UIDs of `begun` whose octets lie in `folder`, each with the UID they have there."""
        with faults_named(self._settings):
            self._client.select_folder(folder, readonly=True)
            found: dict[str, int] = {}
            wanted = {size for size, _ in begun.values()}
            for some in _runs(self._client.search(["ALL"])):
                sizes = self._client.fetch(some, ["RFC822.SIZE"])
                for uid in [uid for uid in sizes if sizes[uid].get(b"RFC822.SIZE") in wanted]:
                    octets = self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]") or b""
                    found[sha256(octets).hexdigest()] = uid
        return {uid: found[digest] for uid, (_, digest) in begun.items() if digest in found}

    def _select(self, uidvalidity: int) -> frozenset[str]:
        """Open the folder to be written; the flags that are kept there. Refused when its UIDs are other ones now."""
        folder = self._settings.folder
        with faults_named(self._settings):
            try:
                found = self._client.select_folder(folder)
            except imaplib.IMAP4.readonly:
                found = {}
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as fault:
                raise self._refused(f"opens folder {folder!r} to nobody who writes", fault) from fault
            if b"READ-WRITE" not in found or b"READ-ONLY" in found:
                raise MailboxRefused(
                    f"{self._where} lets {self._settings.user} read folder {folder!r} only; give the right to write "
                    f"it, or set {self._settings.named('mark')} to off"
                )
            if int(found[b"UIDVALIDITY"]) != uidvalidity:
                raise MailboxError(f"folder {folder!r} was numbered anew; it is marked after the next poll")
        kept = found.get(b"PERMANENTFLAGS", (ANY_KEYWORD,))  # RFC 9051 7.1: without it, all are kept
        return frozenset(flag.decode("ascii", "replace") for flag in kept)

    def _folder(self, path: Sequence[str]) -> str:
        """The full name of the folder `path`, made and subscribed to when it is not there."""
        with faults_named(self._settings):
            prefix, separator = self._namespace()
            for depth in range(1, len(path) + 1):
                name = prefix + separator.join(path[:depth])
                if not self._is_there(name):
                    self._create(name)
        if self._same(name, self._settings.folder):
            raise MailboxRefused(
                f"mail of folder {name!r} would move into itself; read another folder, or set "
                f"{self._settings.named('mark')} to keywords or off"
            )
        return name

    def _namespace(self) -> tuple[str, str]:
        """What names of this user's folders begin with, and what separates their parts."""
        if self._client.has_capability("NAMESPACE"):
            for prefix, separator in self._client.namespace().personal or ():
                return str(prefix), str(separator or "/")
        for _flags, separator, _name in self._client.list_folders("", ""):
            return "", separator.decode("ascii") if separator else "/"
        return "", "/"

    def _is_there(self, name: str) -> bool:
        return any(
            self._same(found, name) and not NO_FOLDER & {flag.lower() for flag in flags}
            for flags, _separator, found in self._client.list_folders("", name)
        )

    def _create(self, name: str) -> None:
        try:
            self._client.create_folder(name)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as fault:
            if not self._is_there(name):  # somebody else may have made it meanwhile
                raise self._refused(f"makes no folder {name!r}", fault) from fault
        with suppress(imaplib.IMAP4.error):
            self._client.subscribe_folder(name)

    @staticmethod
    def _same(one: str, other: str) -> bool:
        return one == other or one.upper() == other.upper() == "INBOX"

    def _borne(self, uids: Sequence[int]) -> Mapping[int, frozenset[str]]:
        """Flags, in lower case, of each message that is still there."""
        found: Mapping[int, Mapping[bytes, Any]] = self._client.fetch(list(uids), ["FLAGS"]) if uids else {}
        return {
            uid: frozenset(flag.decode("ascii", "replace").lower() for flag in items.get(b"FLAGS", ()))
            for uid, items in found.items()
            if uid in set(uids)
        }

    def _there(self, uids: Sequence[int]) -> list[int]:
        """Those that are still there, ascending."""
        return sorted(self._borne(uids))

    def _can(self, capability: str) -> bool:
        with faults_named(self._settings):
            return bool(self._client.has_capability(capability))

    @contextmanager
    def _named(self, uids: Sequence[int]) -> Iterator[None]:
        """NO or BAD to a command about messages, as MessageRefused."""
        with faults_named(self._settings):
            try:
                yield
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as fault:
                raise MessageRefused(f"{self._where}: UID {uids[0]} and what follows: {said(fault)}") from fault

    def _refused(self, what: str, fault: imaplib.IMAP4.error) -> MailboxError:
        answer = said(fault).partition(" failed: ")[2] or said(fault)
        if server_words.passes(answer):
            return MailboxError(f"{self._where} {what} now ({answer}); tried again later")
        return MailboxRefused(
            f"{self._where} {what} ({answer}); give {self._settings.user} that right, or set "
            f"{self._settings.named('mark')} to off"
        )

    @property
    def _where(self) -> str:
        return f"IMAP server {self._settings.host}:{self._settings.port}"


def keywords_allowed(flags: frozenset[str], keywords: Sequence[str]) -> bool:
    """Whether a folder that keeps `flags` (PERMANENTFLAGS) keeps each of `keywords`."""
    return ANY_KEYWORD.decode() in flags or _all_in(keywords, frozenset(flag.lower() for flag in flags))


def _all_in(keywords: Sequence[str], flags: frozenset[str]) -> bool:
    return all(keyword.lower() in flags for keyword in keywords)


def _any_in(keywords: Sequence[str], flags: frozenset[str]) -> bool:
    return any(keyword.lower() in flags for keyword in keywords)


def _runs(uids: Sequence[int]) -> list[Sequence[int]]:
    return [uids[start : start + AT_ONCE] for start in range(0, len(uids), AT_ONCE)]
