"""Children that read one message after the other, and what each message took of time and memory."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from models.case import Triaged
from models.mail import RawMessage
from triage.adapters.work import ChildReaders

LOOKS = 0.02
RESET_PEAK = "5"


@dataclass(slots=True, kw_only=True)
class Took:
    """What the reading of one message took: seconds, the largest process and all of them together, in MB.

    `peak` is the VmHWM of a process, what it shares with others included; `together` the most that the reader and what
    opens its attachments came to at one time, by their proportional set sizes: what they share counts once.
    """

    seconds: float = 0.0
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
        with _watched(self._child(), took):
            began = time.monotonic()
            promise = self.children.submit(raw)
            promise.exception()
            took.seconds = time.monotonic() - began
        self.took.setdefault(raw.key.uid, []).append(took)
        return promise

    def close(self) -> None:
        """End the child."""
        self.children.close()

    def _child(self) -> int:
        """The process id of the child, which is started and made ready where there is none."""
        idle = self.children._idle
        if not idle or not idle[0].lives():
            self.children._give_back(self.children._taken())
            self.children._idle[0]._get_ready()
        return self.children._idle[0]._process.pid or 0


@contextmanager
def _watched(child: int, took: Took) -> Iterator[None]:
    for pid in _family(child):
        with suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK)
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(child, took, over))
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()


def _watch(child: int, took: Took, over: threading.Event) -> None:
    while True:
        last = over.is_set()
        sizes = [_size(pid) for pid in _family(child)]
        took.peak = max(took.peak, *(peak for peak, _ in sizes))
        took.together = max(took.together, sum(now for _, now in sizes))
        if last:
            return
        over.wait(LOOKS)


def _family(child: int) -> list[int]:
    try:
        return [child, *map(int, Path(f"/proc/{child}/task/{child}/children").read_text().split())]
    except OSError:
        return [child]


def _size(pid: int) -> tuple[float, float]:
    """(VmHWM, Pss) in MB; none of a process that is gone."""
    with suppress(OSError, KeyError):
        told = Path(f"/proc/{pid}/status").read_text() + Path(f"/proc/{pid}/smaps_rollup").read_text()
        lines = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
        return _megabytes(lines["VmHWM"]), _megabytes(lines["Pss"])
    return 0.0, 0.0


def _megabytes(line: str) -> float:
    return int(line.split(maxsplit=1)[0]) / 1024
