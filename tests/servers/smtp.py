"""SMTP servers for tests: the demo's catching server, with faults on demand and with TLS."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from triage.demo.loopback import make_certificate
from triage.demo.smtp import CatchingServer, Caught

__all__ = ["Caught", "FaultySmtp", "tls_context"]


class FaultySmtp(CatchingServer):
    """A catching server whose answers a test chooses.

    `recipient_answer` and `message_answer` give the SMTP answer ("250 ok", "550 5.1.1 unknown", "451 later"). With
    `drop_after_dot` the message is kept and the connection cut before the answer, as when a server dies at that moment.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls=tls)
        self.recipient_answer: Callable[[str], str] = super().answer_recipient
        self.message_answer: Callable[[Caught], str] = super().answer_message
        self.drop_after_dot = False

    def answer_recipient(self, address: str) -> str:
        return self.recipient_answer(address)

    def answer_message(self, message: Caught) -> str:
        return self.message_answer(message)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        answer = await super().handle_DATA(server, session, envelope)
        if self.drop_after_dot and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return answer

    def reset(self) -> None:
        """Forget what was caught and answer as a healthy server again."""
        self.caught.clear()
        self.recipient_answer = super().answer_recipient
        self.message_answer = super().answer_message
        self.drop_after_dot = False


def tls_context(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context for localhost made in `folder`, and the certificate that a client must trust."""
    certificate, key = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate
