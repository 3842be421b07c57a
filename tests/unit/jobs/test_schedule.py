"""Jobs tick while this process leads, recover from faults, and end cleanly."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from triage.adapters.store import SqlStore
from triage.errors import MailboxError, MailboxRefused
from triage.jobs.schedule import Schedule, Tick


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(f"sqlite:///{tmp_path}/desk.db", case_prefix="SM")
    store.migrate()
    yield store
    store.dispose()


def soon(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_job_ticks_at_once_and_again(store: SqlStore) -> None:
    runs: list[int] = []
    with Schedule(store, [Tick(name="poll", seconds=0.1, run=lambda: runs.append(1))]):
        assert soon(lambda: len(runs) >= 3)


def test_a_job_never_runs_twice_at_once(store: SqlStore) -> None:
    running, most = [0], [0]

    def slow() -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.3)
        running[0] -= 1

    with Schedule(store, [Tick(name="poll", seconds=0.05, run=slow)]):
        time.sleep(0.8)
    assert most == [1]


def test_only_one_process_leads_and_the_next_takes_over_when_it_ends(store: SqlStore) -> None:
    first_runs: list[int] = []
    second_runs: list[int] = []
    first = Schedule(store, [Tick(name="poll", seconds=0.1, run=lambda: first_runs.append(1))], lease_seconds=0.6)
    second = Schedule(store, [Tick(name="poll", seconds=0.1, run=lambda: second_runs.append(1))], lease_seconds=0.6)
    with first:
        assert soon(lambda: len(first_runs) > 1)
        second.start()
        time.sleep(0.5)
        assert second_runs == []
    assert soon(lambda: len(second_runs) > 1)
    second.stop()


def test_a_job_in_trouble_says_so_pauses_and_recovers(store: SqlStore) -> None:
    runs: list[int] = []

    def failing_twice() -> None:
        runs.append(1)
        if len(runs) <= 2:
            raise MailboxError("nobody listens there")

    with Schedule(store, [Tick(name="poll", seconds=0.2, run=failing_twice)]) as schedule:
        assert soon(lambda: schedule.troubles == {"poll": "nobody listens there"})
        assert soon(lambda: len(runs) >= 4)
        assert schedule.troubles == {}


def test_a_fault_of_the_program_stops_no_other_job(store: SqlStore, caplog: pytest.LogCaptureFixture) -> None:
    runs: list[int] = []

    def broken() -> None:
        raise ZeroDivisionError

    ticks = [Tick(name="broken", seconds=0.1, run=broken), Tick(name="sound", seconds=0.1, run=lambda: runs.append(1))]
    with Schedule(store, ticks) as schedule:
        assert soon(lambda: len(runs) > 3)
        assert "broken" in schedule.troubles
    assert "ZeroDivisionError" in caplog.text


def test_stopping_waits_for_the_job_that_runs_and_tells_it(store: SqlStore) -> None:
    begun, ended = threading.Event(), threading.Event()

    def long(schedule: list[Schedule]) -> None:
        begun.set()
        while not schedule[0].stopping():
            time.sleep(0.01)
        ended.set()

    held: list[Schedule] = []
    held.append(Schedule(store, [Tick(name="triage", seconds=9, run=lambda: long(held))]))
    held[0].start()
    assert begun.wait(10)
    held[0].stop()
    assert ended.is_set()


PROGRAM = """
import sys, time
from triage.adapters.store import SqlStore
from triage.jobs.schedule import Schedule, Tick, run_forever
store = SqlStore(sys.argv[1], case_prefix="SM")
store.migrate()
run_forever(Schedule(store, [Tick(name="poll", seconds=1, run=lambda: print("tick", flush=True))]))
print("ended", flush=True)
"""


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_frees_the_lease(tmp_path: Path, checkout: Path, asked: signal.Signals) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, url],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(checkout)},
    )
    with program:
        assert program.stdout is not None
        assert program.stdout.readline() == "tick\n"
        program.send_signal(asked)
        assert program.stdout.read().endswith("ended\n")
    assert program.returncode == 0
    store = SqlStore(url, case_prefix="SM")
    with Schedule(store, []) as next_one:
        assert next_one.leads
    store.dispose()


def test_a_woken_job_runs_before_its_tick_and_once_more_when_it_was_running(store: SqlStore) -> None:
    begun, go_on = threading.Semaphore(0), threading.Semaphore(0)

    def run() -> None:
        begun.release()
        assert go_on.acquire(timeout=20)

    with Schedule(store, [Tick(name="poll", seconds=3600, run=run)]) as schedule:
        assert begun.acquire(timeout=20)
        schedule.wake("poll")
        time.sleep(0.2)
        go_on.release()
        assert begun.acquire(timeout=20), "woken while it ran"
        go_on.release()
        schedule.wake("poll")
        assert begun.acquire(timeout=20), "woken while it slept"
        go_on.release()


def test_a_job_in_trouble_is_left_alone_as_long_as_the_server_asked(store: SqlStore) -> None:
    runs: list[float] = []

    def throttled() -> None:
        runs.append(time.monotonic())
        if len(runs) == 1:
            raise MailboxError("slow down", retry_after=1.2)

    with Schedule(store, [Tick(name="poll", seconds=0.1, run=throttled)]) as schedule:
        assert soon(lambda: len(runs) == 1)
        schedule.wake("poll")
        assert soon(lambda: len(runs) == 2)
    assert runs[1] - runs[0] >= 1.2


def test_trouble_stands_in_the_store_until_the_job_does_well(store: SqlStore) -> None:
    well = threading.Event()

    def run() -> None:
        if not well.is_set():
            raise MailboxRefused("wrong password; set another")

    with Schedule(store, [Tick(name="poll", seconds=0.05, run=run)], chance=lambda: 1.0):
        assert soon(lambda: bool(store.troubles()))
        [trouble] = store.troubles()
        assert (trouble.name, trouble.text, trouble.refused) == ("poll", "wrong password; set another", True)
        assert trouble.fault == MailboxRefused.kind
        well.set()
        assert soon(lambda: not store.troubles())


def test_trouble_that_an_earlier_process_left_is_cleared_by_success(store: SqlStore) -> None:
    store.put_trouble("poll", "an old fault", refused=False, now=datetime.now(UTC))
    with Schedule(store, [Tick(name="poll", seconds=0.05, run=lambda: None)]):
        assert soon(lambda: not store.troubles())
