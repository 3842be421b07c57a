"""A watch wakes the poller when the server tells of mail, and whatever goes wrong it only waits."""

import threading
import time
from collections.abc import Callable

from tests.fakes.mailbox import FakeMailbox
from triage.errors import MailboxError
from triage.jobs.watch import Watch


class Telling(FakeMailbox):
    """Tells of news as often as `news` was released; counts the connections that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.news = threading.Semaphore(0)
        self.opened = self.closed = 0

    def wait(self, seconds: float, stopping: Callable[[], bool]) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not stopping():
            if self.news.acquire(timeout=0.02):
                return True
        return False

    def open(self) -> "Telling":
        self.opened += 1
        return self

    def close(self) -> None:
        self.closed += 1


def soon(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_news_wake_the_poller_and_so_does_a_new_connection() -> None:
    mailbox, woken = Telling(), []
    with Watch(mailbox.open, lambda: woken.append(1), renew_seconds=60):
        assert soon(lambda: len(woken) == 1)
        mailbox.news.release()
        assert soon(lambda: len(woken) == 2)
    assert (mailbox.opened, mailbox.closed) == (1, 1)


def test_an_idle_that_brought_nothing_is_renewed_on_the_same_connection() -> None:
    mailbox, woken = Telling(), []
    with Watch(mailbox.open, lambda: woken.append(1), renew_seconds=0.05):
        time.sleep(0.5)
        mailbox.news.release()
        assert soon(lambda: len(woken) == 2)
    assert mailbox.opened == 1


def test_after_a_fault_the_watch_goes_on_over_a_new_connection() -> None:
    mailbox, woken, faults = Telling(), [], [MailboxError("gone", retry_after=0.01)]

    def opened() -> Telling:
        if faults:
            raise faults.pop()
        return mailbox.open()

    with Watch(opened, lambda: woken.append(1), renew_seconds=60, chance=lambda: -0.99):
        assert soon(lambda: len(woken) == 1)


def test_a_server_without_idle_is_left_to_the_polls() -> None:
    mailbox, woken = Telling(), []
    mailbox.can_wait = False
    with Watch(mailbox.open, lambda: woken.append(1), renew_seconds=60):
        assert soon(lambda: mailbox.closed == 1)
    assert (mailbox.opened, woken) == (1, [])


def test_no_connection_is_held_while_another_process_leads() -> None:
    mailbox, leads = Telling(), [False]
    with Watch(mailbox.open, lambda: None, renew_seconds=60, idle=lambda: not leads[0]):
        time.sleep(0.2)
        assert mailbox.opened == 0
        leads[0] = True
        assert soon(lambda: mailbox.opened == 1)
        leads[0] = False
        assert soon(lambda: mailbox.closed == 1)
