"""Watch: a connection of its own waits for the server to tell of new mail (IDLE) and wakes the poller; no more."""

import logging
import random
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Self

from triage.errors import MailboxError, MailboxRefused
from triage.ports import Mailbox

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 900.0
LOOK_SECONDS = 1.0  # between two looks at whether this process leads

log = logging.getLogger(__name__)


class Watch:
    """Watches one mailbox in a thread from `start` to `stop`. Use it as a context manager.

    Polling stays the truth: whatever goes wrong here only makes new mail wait for the next poll. An IDLE is renewed
    after `renew_seconds`. While `idle()` is true (another process leads) no connection is held.
    """

    def __init__(
        self,
        open_mailbox: Callable[[], Mailbox],
        wake: Callable[[], None],
        *,
        renew_seconds: float,
        idle: Callable[[], bool] = lambda: False,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._open, self._wake, self._renew, self._idle, self._chance = open_mailbox, wake, renew_seconds, idle, chance
        self._asked = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End, within a few seconds."""
        self._asked.set()
        self._thread.join(10)

    def _stopping(self) -> bool:
        return self._asked.is_set() or self._idle()

    def _watch(self) -> None:
        failures = 0
        while not self._asked.is_set():
            if self._idle():
                self._asked.wait(LOOK_SECONDS)
                continue
            try:
                with closing(self._open()) as mailbox:
                    if not mailbox.can_wait:
                        log.info("the server of %s knows no IDLE; new mail is seen at the next poll", mailbox.name)
                        return
                    self._wake()  # for what came while nobody watched
                    while not self._stopping():
                        if mailbox.wait(self._renew, self._stopping):
                            self._wake()
                        failures = 0
            except MailboxError as fault:
                failures += 1
                pause = self._pause(failures, fault)
                log.info("watch: %s; again in %.0f s", fault, pause)
                self._asked.wait(pause)
            except Exception:
                log.exception("watch")
                self._asked.wait(LONGEST_PAUSE)

    def _pause(self, failures: int, fault: MailboxError) -> float:
        longest = LONGEST_PAUSE if isinstance(fault, MailboxRefused) else FIRST_PAUSE * 2 ** min(failures - 1, 20)
        pause = min(longest, LONGEST_PAUSE) * (0.5 + self._chance() / 2)
        return max(pause, fault.retry_after or 0.0)
