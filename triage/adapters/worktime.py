"""Work time: time in which a process waits for its turn on a busy machine does not count, so that good mail is read.

The kernel tells how long a process stood in the queue for a processor (/proc/PID/schedstat). Where it does not, time is
that of the wall.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MOST = 10.0
"""So many times its seconds a process may take of the wall, however long it stood in the queue."""
LEAST = 0.05
NANO = 1e-9


def queued(process: int) -> float:
    """Seconds that a process and those it started, as far as they live, have waited for a processor so far."""
    with suppress(OSError, ValueError, IndexError):
        own = int(Path(f"/proc/{process}/schedstat").read_text("ascii").split()[1]) * NANO
        return own + sum(map(queued, _children(process)))
    return 0.0


def await_work(process: int, seconds: float, wait: Callable[[float], bool]) -> bool:
    """Wait while `process` takes `seconds`, in the queue or not; whether `wait`, called with seconds, said it is done.

    On a machine with nothing else to do that is `seconds` of the wall, never more than `MOST` times as long.
    """
    before, begun = queued(process), time.monotonic()
    longest = 0.0
    left = seconds
    while True:
        if wait(left):
            return True
        longest = max(longest, queued(process) - before)  # those that ended take theirs with them
        took = time.monotonic() - begun
        left = min(seconds - (took - longest), MOST * seconds - took)
        if left <= 0:
            return False
        left = max(left, LEAST)


def _children(process: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()]
    return []
