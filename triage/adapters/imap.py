"""One IMAP folder, opened read-only (EXAMINE). Nothing on the server is changed; no word of a mail enters a command."""

import imaplib
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Self

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, LoginError

from triage.adapters import tls
from triage.errors import MailboxError, MailboxRefused
from triage.ports import MailboxStatus
from triage.settings import Settings

CONNECT_SECONDS = 30
FOLDERS_NAMED = 20
MOST_IN_ONE_SEARCH = 50_000  # UIDs; a longer answer would not fit imaplib's longest line
TEMPORARY = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[THROTTLED]", "[SERVERBUG]", "[CONTACTADMIN]")


class ImapMailbox:
    """A connection to one folder; use it in one thread. Implements `triage.ports.Mailbox`."""

    def __init__(self, client: IMAPClient, settings: Settings) -> None:
        self.name = settings.imap_mailbox
        self._client, self._settings = client, settings
        self._status = MailboxStatus(uidvalidity=0, uidnext=0, messages=0, read_only=True)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Connect, sign in and EXAMINE. MailboxError: try again later; MailboxRefused: a person must act."""
        _check(settings)
        with _faults_named(settings):
            client = _connected(settings)
        mailbox = cls(client, settings)
        try:
            mailbox._sign_in()
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
        with _faults_named(self._settings):
            try:
                said = self._client.select_folder(self.name, readonly=True)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as fault:
                raise self._no_folder(fault) from fault
        self._status = MailboxStatus(
            uidvalidity=int(said[b"UIDVALIDITY"]),
            uidnext=int(said.get(b"UIDNEXT", 0)),
            messages=int(said.get(b"EXISTS", 0)),
            read_only=b"READ-ONLY" in said,
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
        with _faults_named(self._settings):
            found = {number for wanted in ranges for number in self._client.search(["UID", wanted])}
        return sorted(number for number in found if number > uid)

    def sizes(self, uids: Sequence[int]) -> Mapping[int, int]:
        """Octets of each message that is still there."""
        with _faults_named(self._settings):
            found = self._client.fetch(_numbers(uids), ["RFC822.SIZE"])
        return {uid: int(items[b"RFC822.SIZE"]) for uid, items in found.items() if b"RFC822.SIZE" in items}

    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes, datetime]]:
        """(UID, octets, INTERNALDATE) of each that is still there, ascending; asked for in one command."""
        with _faults_named(self._settings):
            found = self._client.fetch(_numbers(uids), ["BODY.PEEK[]", "INTERNALDATE"])
        for uid in sorted(found):
            octets, arrived = found[uid].get(b"BODY[]"), found[uid].get(b"INTERNALDATE")
            if octets is not None and arrived is not None:
                yield uid, octets, arrived.astimezone(UTC)

    def close(self) -> None:
        """Log out; harmless when the connection is gone."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._client.logout()
        with suppress(OSError, imaplib.IMAP4.error):
            self._client.shutdown()

    def _sign_in(self) -> None:
        settings = self._settings
        with _faults_named(settings):
            self._client.login(settings.imap_user, settings.imap_password.get_secret_value())

    def _no_folder(self, fault: imaplib.IMAP4.error) -> MailboxError:
        said = _said(fault)
        if said.upper().startswith(TEMPORARY):
            return MailboxError(f"folder {self.name!r} cannot be opened now ({said}); the next poll tries again")
        names = [name for _flags, _delimiter, name in self._client.list_folders()]
        if self.name in names:
            return MailboxRefused(
                f"folder {self.name!r} may not be read ({said}); give {self._settings.imap_user} the right to read it"
            )
        shown = ", ".join(map(repr, sorted(names)[:FOLDERS_NAMED])) or "none that this user sees"
        return MailboxRefused(f"there is no folder {self.name!r}; set TRIAGE_IMAP_MAILBOX to one of {shown}")


def _connected(settings: Settings) -> IMAPClient:
    encrypted = settings.imap_encryption != "none"
    context = tls.context(settings.imap_ca_file) if encrypted else None
    client = IMAPClient(
        settings.imap_host,
        port=settings.imap_port,
        ssl=settings.imap_encryption == "tls",
        ssl_context=context if settings.imap_encryption == "tls" else None,
        timeout=SocketTimeout(min(CONNECT_SECONDS, settings.imap_timeout), settings.imap_timeout),
    )
    client.normalise_times = False
    if settings.imap_encryption == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return client


def _check(settings: Settings) -> None:
    if not settings.imap_host or not settings.imap_user:
        raise MailboxRefused("no mailbox is set; give TRIAGE_IMAP_HOST, TRIAGE_IMAP_USER and TRIAGE_IMAP_PASSWORD")
    if settings.imap_encryption == "none" and not tls.on_loopback(settings.imap_host):
        raise MailboxRefused(
            f"TRIAGE_IMAP_ENCRYPTION=none is for this machine alone, not for {settings.imap_host}; set tls or starttls"
        )
    if settings.imap_ca_file and not settings.imap_ca_file.is_file():
        raise MailboxRefused(
            f"TRIAGE_IMAP_CA_FILE: there is no file {settings.imap_ca_file}; give one, or leave it out"
        )
    given = (settings.imap_user, settings.imap_password.get_secret_value(), settings.imap_mailbox)
    if any(ord(letter) < ord(" ") or letter == "\x7f" for text in given for letter in text):
        raise MailboxRefused("TRIAGE_IMAP_USER, _PASSWORD or _MAILBOX holds a control character; take it out")


@contextmanager
def _faults_named(settings: Settings) -> Iterator[None]:
    """What IMAPClient, imaplib and the socket raise, as ours: where it broke and what to do."""
    where = f"IMAP server {settings.imap_host}:{settings.imap_port}"
    try:
        yield
    except MailboxError:
        raise
    except LoginError as fault:
        raise _refused_sign_in(where, settings, _said(fault)) from fault
    except CapabilityError as fault:
        raise MailboxRefused(f"{where} offers no STARTTLS; set TRIAGE_IMAP_ENCRYPTION=tls and its port") from fault
    except ssl.SSLError as fault:
        raise MailboxRefused(f"{where}: {tls.trouble(fault).replace('...', 'TRIAGE_IMAP')}") from fault
    except (OSError, imaplib.IMAP4.error, KeyError, ValueError) as fault:
        raise MailboxError(f"{where}{_unreachable(fault)}") from fault


def _unreachable(fault: Exception) -> str:
    match fault:
        case socket.gaierror():
            return f" has no address ({fault.strerror}); see TRIAGE_IMAP_HOST and the network"
        case ConnectionRefusedError():
            return ": nobody listens there; see TRIAGE_IMAP_PORT, or wait for the server"
        case TimeoutError():
            return " did not answer in time; the next poll tries again"
        case _:
            return f": {_said(fault)}; the next poll tries again"


def _refused_sign_in(where: str, settings: Settings, said: str) -> MailboxError:
    if said.upper().startswith(TEMPORARY):
        return MailboxError(f"{where} takes no sign-in now ({said}); the next poll tries again")
    return MailboxRefused(
        f"{where} refused the sign-in of {settings.imap_user} ({said}); see TRIAGE_IMAP_USER and TRIAGE_IMAP_PASSWORD"
    )


def _numbers(uids: Sequence[int]) -> list[int]:
    """UIDs as numbers and nothing else: whatever goes into a command is ours."""
    return [int(uid) for uid in uids]


def _said(fault: Exception) -> str:
    """The server's own words in one short line."""
    first: Any = fault.args[0] if fault.args else fault
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(fault)
    return " ".join(text.removeprefix("select failed: ").split())[:300]
