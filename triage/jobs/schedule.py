"""Schedule: ticks the jobs while this process leads. One process leads at a time, by a lease in the database."""

import logging
import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Self

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from triage.errors import TriageError
from triage.ports import Store

LEASE = "ticks"
LEASE_SECONDS = 30
RENEWALS = 3  # attempts to renew before the lease would end
LONGEST_PAUSE = 900.0
"""Seconds that a job in trouble waits at most: often enough to notice, seldom enough not to hammer."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A job that runs by itself: every `seconds`, one run at a time. `run` raises a TriageError when it could not."""

    name: str
    seconds: float
    run: Callable[[], object]


class Schedule:
    """Ticks `ticks` from `start` to `stop`. Use it as a context manager.

    `troubles` says of each job in trouble what its last fault was; a job in trouble is run ever less often.
    """

    def __init__(self, store: Store, ticks: Sequence[Tick], *, lease_seconds: float = LEASE_SECONDS) -> None:
        self._store, self._ticks = store, ticks
        self._lease = timedelta(seconds=lease_seconds)
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"
        self._stopping = threading.Event()
        self._leads = False
        self._pauses: dict[str, tuple[int, datetime]] = {}
        self.troubles: dict[str, str] = {}
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(ticks) + 1)},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def leads(self) -> bool:
        """Whether this process is the one that runs the jobs."""
        return self._leads

    def stopping(self) -> bool:
        """Whether the jobs are asked to end; they look at it between two messages."""
        return self._stopping.is_set() or not self._leads

    def start(self) -> None:
        """Reach for the lease and begin to tick."""
        self._renew()
        # that a tick is left out while the job still runs is as it should be
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._add("lease", self._lease.total_seconds() / RENEWALS, self._renew)
        for tick in self._ticks:
            self._add(tick.name, tick.seconds, partial(self._run, tick), at_once=True)
        self._scheduler.start()

    def stop(self) -> None:
        """Let running jobs end and hand the lease on."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        if self._leads:
            self._leads = False
            now = datetime.now(UTC)
            with _logged("lease"):
                self._store.take_lease(LEASE, self._holder, until=now, now=now)

    def _add(self, name: str, seconds: float, run: Callable[[], None], *, at_once: bool = False) -> None:
        first = {"next_run_time": datetime.now(UTC)} if at_once else {}
        self._scheduler.add_job(run, "interval", seconds=seconds, id=name, **first)

    def _renew(self) -> None:
        now, leads = datetime.now(UTC), False
        with _logged("lease"):
            leads = self._store.take_lease(LEASE, self._holder, until=now + self._lease, now=now)
        if leads != self._leads:
            log.info("this process %s", "leads" if leads else "does not lead")
        self._leads = leads

    def _run(self, tick: Tick) -> None:
        failures, until = self._pauses.get(tick.name, (0, datetime.min.replace(tzinfo=UTC)))
        if self.stopping() or datetime.now(UTC) < until:
            return
        try:
            tick.run()
        except TriageError as fault:
            pause = min(tick.seconds * 2**failures, max(LONGEST_PAUSE, tick.seconds))
            self._pauses[tick.name] = (failures + 1, datetime.now(UTC) + timedelta(seconds=pause))
            self.troubles[tick.name] = str(fault)
            log.error("%s: %s", tick.name, fault)  # noqa: TRY400 - the fault says what to do; its trace says nothing
        except Exception:
            self.troubles[tick.name] = "a fault of this program; see its log"
            log.exception("%s", tick.name)
        else:
            self._pauses.pop(tick.name, None)
            self.troubles.pop(tick.name, None)


def run_forever(schedule: Schedule) -> None:
    """Tick until SIGTERM or SIGINT, then end cleanly. Call it in the main thread."""
    asked = threading.Event()
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with schedule:
            asked.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _logged(what: str) -> Iterator[None]:
    try:
        yield
    except TriageError as fault:
        log.error("%s: %s", what, fault)  # noqa: TRY400 - as above
