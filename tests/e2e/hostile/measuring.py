"""Children that read one message after the other, and what each message took of time and memory."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from models.case import Triaged
from models.mail import RawMessage
from triage.adapters.work import ChildReaders, Children

LOOKS = 0.05
RESET_PEAK = "5"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True, kw_only=True)
class Took:
    """What the reading of one message took: seconds of the wall and of CPU, MB of memory.

    `cpu` is that of all processes that had to do with it; what else the machine does is not in it. `peak` is the
    largest process by its VmHWM, what it shares with others included; `together` the most that all of them came to at
    one time, by their proportional set sizes: what they share counts once.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    together: float = 0.0


@dataclass(slots=True)
class Measured:
    """Readers that read at once, in one child, and measure it. Implements `triage.ports.Readers`."""

    children: ChildReaders
    took: dict[int, list[Took]] = field(default_factory=dict)

    def submit(self, raw: RawMessage) -> Future[Triaged]:
        """What was read of `raw`."""
        took = Took()
        with _watched(self._ready(), took):
            began = time.monotonic()
            promise = self.children.submit(raw)
            promise.exception()
            took.seconds = time.monotonic() - began
        self.took.setdefault(raw.key.uid, []).append(took)
        return promise

    def close(self) -> None:
        """End the child."""
        self.children.close()

    def _ready(self) -> list[int]:
        """The process ids of the child and of the one that reads beginnings; both are started where they have ended."""
        return [_idle(self.children), _idle(self.children._beginnings)]


def _idle(children: Children[Triaged]) -> int:
    if not children._idle or not children._idle[0].lives():
        children._give_back(children._taken())
        children._idle[0]._get_ready()
    return children._idle[0]._process.pid or 0


@contextmanager
def _watched(readers: list[int], took: Took) -> Iterator[None]:
    for pid in family(readers):
        forget_peak(pid)
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(readers, took, over))
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()


def _watch(readers: list[int], took: Took, over: threading.Event) -> None:
    first = {pid: _worked(pid) for pid in family(readers)}
    worked: dict[int, float] = {}
    while True:
        last = over.is_set()
        alive = family(readers)
        sizes = [_size(pid) for pid in alive]
        took.peak = max(took.peak, *(peak for peak, _ in sizes))
        took.together = max(took.together, sum(now for _, now in sizes))
        worked |= {pid: now - first.get(pid, 0.0) for pid in alive if (now := _worked(pid))}
        if last:
            took.cpu = sum(worked.values())
            return
        over.wait(LOOKS)


def forget_peak(pid: int) -> None:
    """Have VmHWM begin anew from what a process holds now."""
    with suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK)


def largest(pid: int) -> float:
    """The most memory of a process since it was started or reset, in MB; unlike ru_maxrss nothing of its parent's."""
    return _size(pid)[0]


def family(readers: list[int]) -> list[int]:
    """The processes and their children."""
    found = list(readers)
    for pid in readers:
        with suppress(OSError):
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return found


def _worked(pid: int) -> float:
    """Seconds of CPU of a process; none of one that is gone."""
    with suppress(OSError):
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])) / TICKS
    return 0.0


def _size(pid: int) -> tuple[float, float]:
    """(VmHWM, Pss) in MB; none of a process that is gone."""
    with suppress(OSError, KeyError):
        told = Path(f"/proc/{pid}/status").read_text() + Path(f"/proc/{pid}/smaps_rollup").read_text()
        lines = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
        return _megabytes(lines["VmHWM"]), _megabytes(lines["Pss"])
    return 0.0, 0.0


def _megabytes(line: str) -> float:
    return int(line.split(maxsplit=1)[0]) / 1024
