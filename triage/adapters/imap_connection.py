"""A connection to an IMAP server: reached over TLS, signed in, its faults named with what to do about them."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, LoginError

from triage.adapters import tls
from triage.errors import MailboxError, MailboxRefused
from triage.settings import MailboxSettings

CONNECT_SECONDS = 30
TEMPORARY = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[THROTTLED]", "[SERVERBUG]", "[CONTACTADMIN]")


def connect(settings: MailboxSettings) -> IMAPClient:
    """A client that is signed in. MailboxError: try again later; MailboxRefused: a person must act."""
    _check(settings)
    with faults_named(settings):
        client = _connected(settings)
        try:
            _sign_in(client, settings)
        except BaseException:
            close(client)
            raise
    return client


def close(client: IMAPClient) -> None:
    """Log out; harmless when the connection is gone."""
    with suppress(OSError, imaplib.IMAP4.error):
        client.logout()
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()


def _sign_in(client: IMAPClient, settings: MailboxSettings) -> None:
    client.login(settings.user, settings.password.get_secret_value())


def _connected(settings: MailboxSettings) -> IMAPClient:
    encrypted = settings.encryption != "none"
    context = tls.context(settings.ca_file) if encrypted else None
    client = IMAPClient(
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
        raise MailboxRefused("no mailbox is set; give TRIAGE_IMAP_HOST, TRIAGE_IMAP_USER and TRIAGE_IMAP_PASSWORD")
    if settings.encryption == "none" and not tls.on_loopback(settings.host):
        raise MailboxRefused(
            f"TRIAGE_IMAP_ENCRYPTION=none is for this machine alone, not for {settings.host}; set tls or starttls"
        )
    if settings.ca_file and not settings.ca_file.is_file():
        raise MailboxRefused(f"TRIAGE_IMAP_CA_FILE: there is no file {settings.ca_file}; give one, or leave it out")
    given = (settings.user, settings.password.get_secret_value(), settings.folder)
    if any(ord(letter) < ord(" ") or letter == "\x7f" for text in given for letter in text):
        raise MailboxRefused("TRIAGE_IMAP_USER, _PASSWORD or _MAILBOX holds a control character; take it out")


@contextmanager
def faults_named(settings: MailboxSettings) -> Iterator[None]:
    """What IMAPClient, imaplib and the socket raise, as ours: where it broke and what to do."""
    where = f"IMAP server {settings.host}:{settings.port}"
    try:
        yield
    except MailboxError:
        raise
    except LoginError as fault:
        raise _refused_sign_in(where, settings, said(fault)) from fault
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
            return f": {said(fault)}; the next poll tries again"


def _refused_sign_in(where: str, settings: MailboxSettings, answer: str) -> MailboxError:
    if answer.upper().startswith(TEMPORARY):
        return MailboxError(f"{where} takes no sign-in now ({answer}); the next poll tries again")
    return MailboxRefused(
        f"{where} refused the sign-in of {settings.user} ({answer}); see TRIAGE_IMAP_USER and TRIAGE_IMAP_PASSWORD"
    )


def said(fault: Exception) -> str:
    """The server's own words in one short line."""
    first: Any = fault.args[0] if fault.args else fault
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(fault)
    return " ".join(text.removeprefix("select failed: ").split())[:300]
