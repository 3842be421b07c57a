"""A connection to an IMAP server: reached over TLS, signed in, its faults named with what to do about them."""

import imaplib
import socket
import ssl
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from imapclient import SocketTimeout
from imapclient.exceptions import CapabilityError

from triage.adapters import tls
from triage.adapters.imap_client import BoundedClient
from triage.adapters.sign_in import sign_in
from triage.errors import MailboxError, MailboxRefused
from triage.mailbox_settings import MailboxSettings

CONNECT_SECONDS = 30
GOODBYE_SECONDS = 3
ODD_ANSWER = (AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What IMAPClient raises over an answer that it did not expect."""


def connect(settings: MailboxSettings) -> BoundedClient:
    """A client that is signed in. MailboxError: try again later; MailboxRefused: a person must act."""
    _check(settings)
    with faults_named(settings):
        client = _connected(settings)
        try:
            sign_in(client, settings, _where(settings))
        except BaseException:
            close(client)
            raise
    return client


def close(client: BoundedClient) -> None:
    """Log out; harmless when the connection is gone."""
    with suppress(OSError, imaplib.IMAP4.error, *ODD_ANSWER):
        client.hurry(GOODBYE_SECONDS)
        client.logout()
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()


def _connected(settings: MailboxSettings) -> BoundedClient:
    encrypted = settings.encryption != "none"
    context = tls.context(settings.ca_file) if encrypted else None
    client = BoundedClient(
        settings.host,
        port=settings.port,
        ssl=settings.encryption == "tls",
        ssl_context=context if settings.encryption == "tls" else None,
        timeout=SocketTimeout(min(CONNECT_SECONDS, settings.timeout), settings.timeout),
    )
    client.normalise_times = False
    if settings.encryption == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return client


def _check(settings: MailboxSettings) -> None:
    if not settings.host or not settings.user:
        raise MailboxRefused(f"no mailbox is set; give {settings.named('host', 'user', 'password')}")
    if settings.encryption == "none" and not tls.on_loopback(settings.host):
        raise MailboxRefused(
            f"{settings.named('encryption')}: none is for this machine alone, not for {settings.host}; "
            "set tls or starttls"
        )
    if settings.ca_file and not settings.ca_file.is_file():
        raise MailboxRefused(
            f"{settings.named('ca_file')}: there is no file {settings.ca_file}; give one, or leave it out"
        )
    given = (settings.user, settings.password.get_secret_value(), settings.folder)
    if any(unicodedata.category(letter) == "Cc" for text in given for letter in text):
        raise MailboxRefused(
            f"{settings.named('user', 'password', 'folder')}: one holds a control character; take it out"
        )


def _where(settings: MailboxSettings) -> str:
    return f"IMAP server {settings.host}:{settings.port}"


@contextmanager
def faults_named(settings: MailboxSettings) -> Iterator[None]:
    """What IMAPClient, imaplib and the socket raise, as ours: where it broke and what to do."""
    where = _where(settings)
    try:
        yield
    except MailboxError:
        raise
    except CapabilityError as fault:
        raise MailboxRefused(
            f"{where} offers no STARTTLS; set {settings.named('encryption')} to tls, and its port"
        ) from fault
    except ssl.SSLError as fault:
        if isinstance(fault, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            raise MailboxError(f"{where}{_unreachable(settings, fault)}") from fault
        named = {key: settings.named(key) for key in ("host", "ca_file")}
        text = tls.trouble(fault, **named, port=settings.named("port", "encryption"))
        raise MailboxRefused(f"{where}: {text}") from fault
    except (OSError, imaplib.IMAP4.error, *ODD_ANSWER) as fault:
        raise MailboxError(f"{where}{_unreachable(settings, fault)}") from fault


def _unreachable(settings: MailboxSettings, fault: Exception) -> str:
    match fault:
        case socket.gaierror():
            return f" has no address ({fault.strerror}); see {settings.named('host')} and the network"
        case UnicodeError():
            return f" is no name that a server can have; see {settings.named('host')}"
        case ConnectionRefusedError():
            return f": nobody listens there; see {settings.named('port')}, or wait for the server"
        case TimeoutError():
            return " did not answer in time; the next poll tries again"
        case _:
            return f": {said(fault)}; the next poll tries again"


def said(fault: Exception) -> str:
    """The server's own words in one short line."""
    first: Any = fault.args[0] if fault.args else fault
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(fault)
    return " ".join(text.removeprefix("select failed: ").split())[:300]
