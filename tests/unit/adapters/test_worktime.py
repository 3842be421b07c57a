"""Who waits for his turn on a busy machine is given longer; who works or sleeps is not."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.process import BaseProcess

import pytest

from triage.adapters.worktime import MOST, _children, await_work, queued


def work() -> None:
    while True:
        pass


def work_on_one_processor() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    work()


def work_through_another() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if os.fork() == 0:
        work()
    os.wait()


def sleep() -> None:
    time.sleep(600)


@contextmanager
def running(act: Callable[[], None]) -> Iterator[int]:
    process: BaseProcess = multiprocessing.get_context("fork").Process(target=act, daemon=True)
    process.start()
    assert process.pid
    try:
        yield process.pid
    finally:
        for one in (*_children(process.pid), process.pid):
            os.kill(one, signal.SIGKILL)
        process.join()


def never(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def taken(process: int, seconds: float) -> float:
    begun = time.monotonic()
    assert not await_work(process, seconds, never)
    return time.monotonic() - begun


def test_who_sleeps_has_just_his_seconds() -> None:
    with running(sleep) as process:
        assert 0.5 <= taken(process, 0.5) < 3


@pytest.mark.parametrize("act", [work_on_one_processor, work_through_another])
def test_who_waits_for_his_turn_is_given_longer(act: Callable[[], None]) -> None:
    with ExitStack() as stack:
        crowd = [stack.enter_context(running(work_on_one_processor)) for _ in range(4)]
        process = stack.enter_context(running(act))
        time.sleep(0.2)
        before = queued(process)
        assert crowd
        assert taken(process, 0.4) > 0.8
        assert queued(process) > before


def test_nobody_is_given_time_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = time.monotonic()
    monkeypatch.setattr("triage.adapters.worktime.queued", lambda _process: time.monotonic() - begun)
    assert MOST * 0.1 <= taken(1, 0.1) < MOST


def test_what_is_done_is_waited_for_no_longer() -> None:
    with running(sleep) as process:
        asked = iter([60.0])
        assert await_work(process, 60, lambda seconds: seconds == next(asked))


def test_a_process_that_is_gone_waits_for_nothing() -> None:
    with running(sleep) as process:
        pass
    assert queued(process) == 0.0
