"""Triage: stored messages are read by child processes and written down, in the order in which they came."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import datetime

from models.case import ThreadCandidate, Triaged
from models.reply import ReplyDraft
from triage.errors import ReadingError, StoreRefused, TriageError
from triage.jobs.deliver import clock
from triage.jobs.poll import Progress
from triage.ports import Pending, Readers, Store

Composer = Callable[[Triaged, str], ReplyDraft | None]
"""Given a triage and the number of its case, the reply to queue, or None."""
Joiner = Callable[[Triaged, Sequence[ThreadCandidate]], int | None]
"""Given a triage and the cases it may belong to, the id of the one it does, or None."""

WINDOW = 64
"""Messages that are being read or wait to be written down, at most."""
WINDOW_OCTETS = 2**26
"""Octets of such messages; and of those that are fetched from the store to come next. One more is never too many."""
PATIENCE = 2.0
"""Seconds that the others wait for one message; then they are written down before it."""


@dataclass(slots=True, kw_only=True)
class TriageReport:
    """What a round did: messages written down, failed attempts, and messages put into quarantine."""

    triaged: int = 0
    failures: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class _Reading:
    message: Pending
    promise: Future[Triaged]


def triage_pending(
    store: Store,
    readers: Readers,
    compose: Composer,
    *,
    join: Joiner,
    attempts: int,
    now: Callable[[], datetime] = clock,
    progress: Progress = lambda _done, _all: None,
    stopping: Callable[[], bool] = lambda: False,
) -> TriageReport:
    """Triage every message that waits. A message that failed `attempts` times is quarantined with its cause.

    Failed messages are tried again after all others. Raises StoreError and WorkError, which are no message's fault;
    what was written down before stays.
    """
    report = TriageReport()
    for _ in range(attempts):
        failures = report.failures
        total = report.triaged + report.quarantined + store.message_counts().get("stored", 0)
        for reading in _in_order(store, readers, stopping):
            _record(store, reading, join, compose, report, attempts, now())
            progress(report.triaged + report.quarantined, total)
        if report.failures == failures or stopping():
            break
    return report


def _in_order(store: Store, readers: Readers, stopping: Callable[[], bool]) -> Iterator[_Reading]:
    """Readings that are done, in the order of their messages, unless one keeps the others waiting too long."""
    being_read: deque[_Reading] = deque()
    slow: _Reading | None = None
    waiting = _waiting(store)
    try:
        while not stopping():
            while _has_room(being_read) and (message := next(waiting, None)) is not None:
                being_read.append(_Reading(message, readers.submit(message.raw)))
            if not being_read:
                return
            if being_read[0] is not slow:
                wait([being_read[0].promise], timeout=PATIENCE)
            if not being_read[0].promise.done():
                slow = being_read[0]  # waited for once, not again for each of the others
                wait([reading.promise for reading in being_read], timeout=PATIENCE, return_when=FIRST_COMPLETED)
            first = next((reading for reading in being_read if reading.promise.done()), None)
            if first is not None:
                being_read.remove(first)
                yield first
    finally:
        for reading in being_read:
            reading.promise.cancel()


def _has_room(being_read: Sequence[_Reading]) -> bool:
    held = sum(len(reading.message.raw.octets) for reading in being_read)
    return len(being_read) < WINDOW and held < WINDOW_OCTETS


def _waiting(store: Store) -> Iterator[Pending]:
    last = 0
    while messages := store.pending(WINDOW, after=last, octets=WINDOW_OCTETS):
        yield from messages
        last = messages[-1].id


def _record(
    store: Store,
    reading: _Reading,
    join: Joiner,
    compose: Composer,
    report: TriageReport,
    attempts: int,
    now: datetime,
) -> None:
    message = reading.message
    try:
        triaged = reading.promise.result()
        store.record(
            message.id,
            triaged,
            join=lambda candidates: join(triaged, candidates),
            compose=lambda number: compose(triaged, number),
            now=now,
        )
        report.triaged += 1
    except (ReadingError, StoreRefused) as fault:
        _fail(store, message, str(fault), report, attempts)
    except TriageError:
        raise
    except Exception as fault:  # noqa: BLE001 - one mail must not stop the others, whatever it does to us
        _fail(store, message, f"{type(fault).__name__}: {fault}", report, attempts)


def _fail(store: Store, message: Pending, cause: str, report: TriageReport, attempts: int) -> None:
    quarantine = message.attempts + 1 >= attempts
    store.record_failure(message.id, cause, quarantine=quarantine)
    report.failures += 1
    report.quarantined += quarantine
