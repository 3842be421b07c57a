"""An SMTP server on loopback that sends nothing on: it keeps every message with its envelope."""

import ssl
from dataclasses import dataclass
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from triage.demo.loopback import free_port

TAKEN = "250 2.0.0 taken"
ACCEPTED = "250 2.1.5 accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """A message as it came in: envelope and octets."""

    sender: str
    recipients: tuple[str, ...]
    octets: bytes


class CatchingServer:
    """An SMTP server that catches. `caught` are the messages in the order they came. Use it as a context manager."""

    host = "127.0.0.1"

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.caught: list[Caught] = []
        self.port = free_port()
        self._controller = Controller(
            self,
            hostname=self.host,
            port=self.port,
            tls_context=tls,
            require_starttls=tls is not None,
            decode_data=False,
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to RCPT TO."""
        envelope.rcpt_options.extend(options)
        answer = self.answer_recipient(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the message; answer to the final dot."""
        content = envelope.original_content or b""
        message = Caught(sender=envelope.mail_from or "", recipients=tuple(envelope.rcpt_tos), octets=content)
        answer = self.answer_message(message)
        if answer.startswith("2"):
            self.caught.append(message)
        return answer

    def answer_recipient(self, address: str) -> str:
        """SMTP answer to a recipient; a test server overrides it to refuse."""
        return ACCEPTED

    def answer_message(self, message: Caught) -> str:
        """SMTP answer to the final dot; a test server overrides it to refuse."""
        return TAKEN
