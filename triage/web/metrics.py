"""Figures of the desk for Prometheus: to those on this machine, or to those who know the token."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.reply import OutboxState
from triage.ports import Store
from triage.web.desk import TheDesk

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STATES = ("stored", "triaged", "quarantined", "owed", "vanished")
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")

router = APIRouter()


@router.get("/metrics")
def show_metrics(request: Request, desk: TheDesk) -> Response:
    """The figures in Prometheus' text form; without the right to them there is no such page."""
    if not _may_read(request, desk.settings.metrics_token.get_secret_value()):
        raise HTTPException(404)
    registry = CollectorRegistry()
    registry.register(_Figures(desk.store, desk.now()))
    return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE})


def _may_read(request: Request, token: str) -> bool:
    """With a token set, who sends it; else who asks from this machine, and for nobody else as a proxy does."""
    if token:
        sent = request.headers.get("authorization", "")
        return secrets.compare_digest(sent.encode(), f"Bearer {token}".encode())
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


class _Figures(Collector):
    """Asks the store once."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._now = store, now

    def collect(self) -> Iterator[Metric]:
        """Each figure with its help."""
        messages = self._store.message_counts()
        yield _gauge("messages", "Messages by state", "state", {one: messages.get(one, 0) for one in STATES})
        replies = self._store.outbox_counts()
        yield _gauge("replies", "Replies by state", "state", {one.value: replies.get(one, 0) for one in OutboxState})
        yield self._troubles()
        yield from self._polls()

    def _troubles(self) -> Metric:
        family = GaugeMetricFamily(
            "triage_trouble",
            "1 for each job in trouble; refused: it stays so until a person acts",
            labels=["job", "refused"],
        )
        for trouble in self._store.troubles():
            family.add_metric([trouble.name, "true" if trouble.refused else "false"], 1)
        return family

    def _polls(self) -> Iterator[Metric]:
        mailboxes = self._store.polled_mailboxes()
        ages = {one.name: (self._now - one.polled_at).total_seconds() for one in mailboxes if one.polled_at}
        yield _gauge("poll_age_seconds", "Seconds since a poll of the mailbox came to its end", "mailbox", ages)
        failures = {one.name: one.failures for one in mailboxes}
        yield _gauge("poll_failures", "Polls in a row that broke off at the same message", "mailbox", failures)


def _gauge(name: str, help_: str, label: str, values: dict[str, float] | dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"triage_{name}", help_, labels=[label])
    for of, value in values.items():
        family.add_metric([of], value)
    return family
