"""A sender for a process of its own, that dies where it is told to."""

import os

from models.knowledge.running import DeliveryPolicy
from models.reply import ReplyDraft
from triage.adapters.smtp import SmtpMailer
from triage.adapters.store import SqlStore
from triage.jobs.deliver import deliver_once
from triage.settings import Settings

POLICY = DeliveryPolicy(backoff_minutes=(5,), jitter=0, give_up_hours=48, stale_minutes=15, round_size=10)
POINTS = ("claimed", "connected", "envelope", "content", "answered", "settled")


def settings(port: int) -> Settings:
    """The server of a test."""
    return Settings.model_validate({"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_encryption": "none"})


class DyingMailer(SmtpMailer):
    """Dies at `point` of its first reply."""

    def __init__(self, settings: Settings, point: str) -> None:
        super().__init__(settings)
        self._point = point

    def _at(self, point: str) -> None:
        if point == self._point:
            os._exit(9)

    def send(self, draft: ReplyDraft) -> str:
        self._at("claimed")
        answer = super().send(draft)
        self._at("answered")
        return answer

    def _envelope(self, *arguments):  # type: ignore[no-untyped-def]  # noqa: ANN002, ANN202
        self._at("connected")
        super()._envelope(*arguments)
        self._at("envelope")

    def _content(self, server, octets):  # type: ignore[no-untyped-def]  # noqa: ANN202
        if self._point == "content":
            server.send(octets)
            os._exit(9)
        return super()._content(server, octets)

    def close(self) -> None:
        super().close()
        self._at("settled")


def deliver(url: str, port: int, point: str) -> None:
    """Deliver what is due, and die at `point`."""
    store = SqlStore(url, case_prefix="SM")
    from tests.fakes.making import NOW

    deliver_once(store, DyingMailer(settings(port), point), POLICY, now=lambda: NOW)
