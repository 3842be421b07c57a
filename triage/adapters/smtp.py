"""An SMTP server that takes replies. Every phase is spoken by itself, so that it is known where a connection broke."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self

from models.reply import ReplyDraft
from triage.adapters import tls
from triage.errors import DeliveryError, DeliveryHalted, DeliveryUnknown, RecipientRefused
from triage.settings import Settings

_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f<>\u2028\u2029]")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
_ACCEPTED, _GO_ON, _PERMANENT = 250, 354, 500
_FORWARDED = 251


class SmtpMailer:
    """Sends one reply after another over one connection; use it in one thread. Implements `triage.ports.Mailer`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, draft: ReplyDraft) -> str:
        """The server's answer when it took the reply.

        DeliveryError: not sent, try again; RecipientRefused: not sent, for good; DeliveryUnknown: the connection broke
        when the reply may have been taken; DeliveryHalted: nothing can be sent until a person acts.
        """
        sender = _checked(draft.envelope_sender) if draft.envelope_sender else ""
        recipient = _checked(draft.recipient)
        try:
            with self._faults_named():
                server = self._ready()
                self._envelope(server, sender, recipient, draft.octets)
            return self._content(server, draft.octets)
        except DeliveryError as fault:
            if not isinstance(fault, RecipientRefused):
                self.close()
            raise

    def check(self) -> str:
        """Connect and sign in, send nothing: how the server is reached, in a sentence."""
        try:
            with self._faults_named():
                server = self._ready()
            user = self._settings.smtp_user
            cipher = server.sock.version() if isinstance(server.sock, ssl.SSLSocket) else "no encryption"
            return f"{self._place}, {cipher}, " + (f"signed in as {user}" if user else "no sign-in")
        finally:
            self.close()

    def close(self) -> None:
        """Say goodbye; harmless when there is no connection."""
        server, self._server = self._server, None
        if server is None:
            return
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()

    @property
    def _place(self) -> str:
        return f"SMTP server {self._settings.smtp_host}:{self._settings.smtp_port}"

    def _ready(self) -> smtplib.SMTP:
        """A connection that is signed in; one that the server has closed meanwhile is made anew."""
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._server.rset()[0] == _ACCEPTED:
                    return self._server
            self.close()
        self._server = self._connected()
        return self._server

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        _check(settings)
        plain = settings.smtp_encryption == "none"
        context = None if plain else tls.context(settings.smtp_ca_file)
        where = settings.smtp_host, settings.smtp_port, _own_name(settings)
        if settings.smtp_encryption == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=settings.smtp_timeout, context=context)
        else:
            server = smtplib.SMTP(*where, timeout=settings.smtp_timeout)
        if isinstance(server.sock, socket.socket):
            # text and final dot are written apart; waiting for an acknowledgement between them takes 40 ms a reply
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            server.ehlo_or_helo_if_needed()
            if settings.smtp_encryption == "starttls":
                self._encrypt(server, context)
            if settings.smtp_user:
                self._sign_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _encrypt(self, server: smtplib.SMTP, context: ssl.SSLContext | None) -> None:
        if not server.has_extn("starttls"):
            raise DeliveryHalted(f"{self._place} offers no STARTTLS; set TRIAGE_SMTP_ENCRYPTION=tls and its port")
        try:
            server.starttls(context=context)
        except smtplib.SMTPResponseException as fault:
            if fault.smtp_code < _PERMANENT:
                raise
            said = f"{fault.smtp_code} {_text(fault.smtp_error)}"
            raise DeliveryHalted(f"{self._place} refused STARTTLS ({said}); ask its operator") from fault
        server.ehlo_or_helo_if_needed()

    def _sign_in(self, server: smtplib.SMTP) -> None:
        try:
            server.login(self._settings.smtp_user, self._settings.smtp_password.get_secret_value())
        except smtplib.SMTPException as fault:
            if type(fault) is smtplib.SMTPException:  # it knows no common method
                raise DeliveryHalted(
                    f"{self._place}: {fault}; see TRIAGE_SMTP_ENCRYPTION and TRIAGE_SMTP_USER"
                ) from fault
            raise

    def _envelope(self, server: smtplib.SMTP, sender: str, recipient: str, octets: bytes) -> None:
        options = ""
        if not octets.isascii() and server.has_extn("8bitmime"):
            options += " BODY=8BITMIME"
        if not (sender + recipient).isascii():
            if not server.has_extn("smtputf8"):
                raise RecipientRefused(
                    f"{self._place} takes no address with letters beyond ASCII ({recipient}); answer it by hand"
                )
            options, server.command_encoding = f"{options} SMTPUTF8", "utf-8"
        else:
            server.command_encoding = "ascii"
        self._demand(server.docmd("MAIL", f"FROM:<{sender}>{options}"), "MAIL", DeliveryHalted)
        self._demand(server.docmd("RCPT", f"TO:<{recipient}>"), "RCPT", RecipientRefused)
        self._demand(server.docmd("DATA"), "DATA", RecipientRefused)

    def _content(self, server: smtplib.SMTP, octets: bytes) -> str:
        """Everything after DATA. From the final dot on, a broken connection means that nobody knows."""
        stuffed = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", octets.rstrip(b"\r\n") + b"\n"))
        with self._faults_named():
            server.send(stuffed)
        try:
            server.send(b".\r\n")
            answer = server.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            raise DeliveryUnknown(
                f"{self._place}: the connection broke after the whole reply was sent ({_first_line(fault)}); "
                "ask its operator whether it was taken before sending it again"
            ) from fault
        return self._demand(answer, "the reply", RecipientRefused)

    def _demand(self, answer: tuple[int, bytes], phase: str, refused: Callable[[str], DeliveryError]) -> str:
        """The answer as text when the server agrees; else the fault that it means."""
        code, said = answer[0], f"{answer[0]} {answer[1].decode('utf-8', 'replace')}".strip()
        if code in {_ACCEPTED, _FORWARDED} or (phase == "DATA" and code == _GO_ON):
            return said
        if code >= _PERMANENT:
            raise refused(f"{self._place} refused {phase} for good: {said}")
        raise DeliveryError(f"{self._place} refused {phase} for now: {said}")

    @contextmanager
    def _faults_named(self) -> Iterator[None]:
        """What smtplib and the socket raise before the final dot, as ours."""
        try:
            yield
        except smtplib.SMTPAuthenticationError as fault:
            raise self._refused_sign_in(fault) from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise DeliveryHalted(f"{self._place}: {fault}; see TRIAGE_SMTP_USER and TRIAGE_SMTP_ENCRYPTION") from fault
        except ssl.SSLError as fault:
            said = tls.trouble(
                fault,
                host="TRIAGE_SMTP_HOST",
                ca_file="TRIAGE_SMTP_CA_FILE",
                port="TRIAGE_SMTP_PORT and TRIAGE_SMTP_ENCRYPTION",
            )
            raise DeliveryHalted(f"{self._place}: {said}") from fault
        except (OSError, smtplib.SMTPException, UnicodeError) as fault:
            raise DeliveryError(f"{self._place}: {_unreachable(fault)}") from fault

    def _refused_sign_in(self, fault: smtplib.SMTPAuthenticationError) -> DeliveryError:
        said = f"{fault.smtp_code} {_text(fault.smtp_error)}"
        if fault.smtp_code < _PERMANENT:
            return DeliveryError(f"{self._place} takes no sign-in now: {said}")
        return DeliveryHalted(
            f"{self._place} refused the sign-in of {self._settings.smtp_user} ({said}); "
            "see TRIAGE_SMTP_USER and TRIAGE_SMTP_PASSWORD"
        )


def _own_name(settings: Settings) -> str:
    """How we name ourselves in EHLO; asking the network for it, as smtplib does, can take minutes."""
    return settings.own_addresses[0].rpartition("@")[2] if settings.own_addresses else "localhost"


def _check(settings: Settings) -> None:
    if not settings.smtp_host:
        raise DeliveryHalted("no SMTP server is set; give TRIAGE_SMTP_HOST")
    if settings.smtp_encryption == "none" and not tls.on_loopback(settings.smtp_host):
        raise DeliveryHalted(
            f"TRIAGE_SMTP_ENCRYPTION=none is for this machine alone, not for {settings.smtp_host}; set starttls or tls"
        )
    if settings.smtp_ca_file and not settings.smtp_ca_file.is_file():
        raise DeliveryHalted(
            f"TRIAGE_SMTP_CA_FILE: there is no file {settings.smtp_ca_file}; give one, or leave it out"
        )


def _checked(address: str) -> str:
    """An address as the envelope takes it: nothing that could end the command, the domain in ASCII."""
    local, at, domain = address.rpartition("@")
    if _UNSAFE.search(address) or not (at and local and domain):
        raise RecipientRefused(f"{address!r} is no address that can be written to; answer by hand")
    if domain.isascii():
        return address
    import idna

    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError as fault:
        raise RecipientRefused(f"{address!r} has no valid domain ({fault}); answer by hand") from fault


def _unreachable(fault: Exception) -> str:
    match fault:
        case smtplib.SMTPResponseException():
            return f"{fault.smtp_code} {_text(fault.smtp_error)}"
        case socket.gaierror():
            return f"has no address ({fault.strerror}); see TRIAGE_SMTP_HOST and the network"
        case ConnectionRefusedError():
            return "nobody listens there; see TRIAGE_SMTP_PORT, or wait for the server"
        case TimeoutError():
            return "did not answer in time"
        case _:
            return _first_line(fault)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _first_line(fault: Exception) -> str:
    return " ".join(str(fault).split())[:300] or type(fault).__name__
