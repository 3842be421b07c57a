"""Polls of every mailbox: one round of them, a comparison with the rows, and a look that takes nothing."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

from triage.bootstrap import clock, knowledge, mailbox
from triage.commands.rounds import Progress, quiet
from triage.errors import MailboxError
from triage.settings import Settings

if TYPE_CHECKING:
    from triage.adapters.store import SqlStore
    from triage.jobs.kept import Kept
    from triage.jobs.poll import PollReport
    from triage.jobs.reconcile import Preview, ReconcileReport
    from triage.ports import Mailbox

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Round(Generic[Told]):
    """What a round over all mailboxes gave, and the fault of each mailbox that could not be used."""

    reports: tuple[Told, ...]
    faults: tuple[MailboxError, ...]


def poll_all(settings: Settings, store: "SqlStore", *, progress: Progress = quiet) -> "Round[PollReport]":
    """One poll of every mailbox; the trouble of one does not keep the others."""
    return _each(settings, lambda opened: _poll(settings, store, opened, progress=progress))


def reconcile_all(settings: Settings, store: "SqlStore", *, progress: Progress = quiet) -> "Round[ReconcileReport]":
    """Every UID of every mailbox compared with the rows; what has none is taken in."""
    return _each(settings, lambda opened: _reconcile(settings, store, opened, progress=progress))


def preview_all(settings: Settings, store: "SqlStore | None", *, progress: Progress = quiet) -> "Round[Preview]":
    """What a poll of every mailbox would do; nothing is written."""
    from triage.jobs.reconcile import preview

    policy = knowledge().running.intake
    return _each(settings, lambda opened: preview(opened, store, policy, now=clock(), progress=progress))


@dataclass(slots=True)
class Polling:
    """The polls of one mailbox over a connection that is kept; every `reconcile_seconds` one compares all UIDs."""

    kept: "Kept"
    reconcile_seconds: float = field(kw_only=True)
    _compared: float | None = None

    def poll(self, settings: Settings, store: "SqlStore") -> "Iterator[PollReport | ReconcileReport]":
        """What a poll did, and a comparison when it is due. A MailboxError carries the pause the server asked for."""
        with _heeding(), self.kept.open() as opened:
            yield _poll(settings, store, opened)
            if self._compared is None or monotonic() - self._compared >= self.reconcile_seconds:
                report = _reconcile(settings, store, opened)
                self._compared = monotonic()
                if report.missing:
                    yield report


def _poll(settings: Settings, store: "SqlStore", opened: "Mailbox", *, progress: Progress = quiet) -> "PollReport":
    from triage.jobs.poll import poll_once

    policy = knowledge().running.intake
    return poll_once(opened, store, policy, batch=settings.poll_batch, now=clock(), progress=progress)


def _reconcile(
    settings: Settings, store: "SqlStore", opened: "Mailbox", *, progress: Progress = quiet
) -> "ReconcileReport":
    from triage.jobs.reconcile import reconcile

    policy = knowledge().running.intake
    return reconcile(opened, store, policy, batch=settings.poll_batch, now=clock(), progress=progress)


def _each(settings: Settings, act: "Callable[[Mailbox], Told]") -> Round[Told]:
    reports: list[Told] = []
    faults: list[MailboxError] = []
    for one in settings.mailboxes:
        try:
            with _heeding(), closing(mailbox(one)) as opened:
                reports.append(act(opened))
        except MailboxError as fault:
            faults.append(fault)
    return Round(tuple(reports), tuple(faults))


@contextmanager
def _heeding() -> Iterator[None]:
    from triage.jobs.patience import heeding

    with heeding(knowledge().running.intake):
        yield
