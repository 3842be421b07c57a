"""Schedule: ticks the jobs while this process leads. One process leads at a time, by a lease in the database."""

import logging
import os
import random
import signal
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Self

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from triage.errors import PROGRAM, DeliveryHalted, MailboxRefused, TriageError, WorkError
from triage.ports import Store

LEASE = "ticks"
LEASE_SECONDS = 30
RENEWALS = 3  # attempts to renew before the lease would end
LONGEST_PAUSE = 900.0
"""Seconds that a job in trouble waits at most: often enough to notice, seldom enough not to hammer."""

MOST_DOUBLINGS = 20
JITTER = 0.3
"""Share of a pause that is left to chance, so that desks which failed together do not come back together."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A job that runs by itself: every `seconds`, one run at a time. `run` raises a TriageError when it could not."""

    name: str
    seconds: float
    run: Callable[[], object]


@dataclass(slots=True)
class _Turn:
    """Where a job stands: whether it runs, was woken meanwhile, and how long it is left alone after its failures."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    woken: bool = False
    failures: int = 0
    until: float = 0.0


class Schedule:
    """Ticks `ticks` from `start` to `stop`. Use it as a context manager.

    A job in trouble runs ever less often, and not before the server's own time when its fault names one. Its trouble
    stands in the store, for people to see, and in `troubles`. `lease` is what one process at a time holds.
    """

    def __init__(
        self,
        store: Store,
        ticks: Sequence[Tick],
        *,
        lease: str = LEASE,
        lease_seconds: float = LEASE_SECONDS,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store, self._ticks, self._chance = store, ticks, chance
        self._name, self._lease = lease, timedelta(seconds=lease_seconds)
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"
        self._stopping = threading.Event()
        self._leads = False
        self._turns = {tick.name: _Turn() for tick in ticks}
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
        with _logged("troubles"):
            self.troubles = {trouble.name: trouble.text for trouble in self._store.troubles()}
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
                self._store.take_lease(self._name, self._holder, until=now, now=now)

    def wake(self, name: str) -> None:
        """Run the job `name` now, or once more after the run that goes on. One in trouble waits for its time."""
        if not self._stopping.is_set():
            tick = next(tick for tick in self._ticks if tick.name == name)
            self._turns[name].woken = True
            with suppress(RuntimeError):  # the scheduler has just ended
                self._scheduler.add_job(self._run, args=[tick], id=f"{name} woken", replace_existing=True)

    def _add(self, name: str, seconds: float, run: Callable[[], None], *, at_once: bool = False) -> None:
        first = {"next_run_time": datetime.now(UTC)} if at_once else {}
        self._scheduler.add_job(run, "interval", seconds=seconds, id=name, **first)

    def _renew(self) -> None:
        now, leads = datetime.now(UTC), False
        with _logged("lease"):
            leads = self._store.take_lease(self._name, self._holder, until=now + self._lease, now=now)
        if leads != self._leads:
            log.info("this process %s", "leads" if leads else "does not lead")
        self._leads = leads

    def _run(self, tick: Tick) -> None:
        turn = self._turns[tick.name]
        turn.woken = True
        while turn.woken and turn.lock.acquire(blocking=False):
            try:
                turn.woken = False
                if not self.stopping() and monotonic() >= turn.until:
                    self._attempt(tick, turn)
            finally:
                turn.lock.release()

    def _attempt(self, tick: Tick, turn: _Turn) -> None:
        try:
            tick.run()
        except TriageError as fault:
            self._pause(turn, tick, getattr(fault, "retry_after", None))
            refused = isinstance(fault, (MailboxRefused, DeliveryHalted, WorkError))
            self._in_trouble(tick, str(fault), fault.kind, refused=refused)
            log.error("%s: %s", tick.name, fault)  # noqa: TRY400 - the fault says what to do; its trace says nothing
        except Exception:
            self._pause(turn, tick, None)
            self._in_trouble(tick, "a fault of this program; see its log", PROGRAM, refused=True)
            log.exception("%s", tick.name)
        else:
            turn.failures, turn.until = 0, 0.0
            if self.troubles.pop(tick.name, None) is not None:
                with _logged(tick.name):
                    self._store.clear_trouble(tick.name)

    def _pause(self, turn: _Turn, tick: Tick, asked: float | None) -> None:
        """Leave the job alone: ever longer, at least as long as `asked`, and not all desks at the same moment."""
        longest = max(LONGEST_PAUSE, tick.seconds)
        usual = min(tick.seconds * 2 ** min(turn.failures, MOST_DOUBLINGS), longest) * (1 - JITTER * self._chance())
        pause = max(usual, asked * (1 + JITTER * self._chance())) if asked is not None else usual
        turn.failures, turn.until = turn.failures + 1, monotonic() + pause

    def _in_trouble(self, tick: Tick, said: str, kind: str, *, refused: bool) -> None:
        self.troubles[tick.name] = said
        with _logged(tick.name):
            self._store.put_trouble(tick.name, said, fault=kind, refused=refused, now=datetime.now(UTC))


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
