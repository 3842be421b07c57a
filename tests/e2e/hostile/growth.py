"""Whether work grows with its matter or faster, in seconds of CPU, on a machine that does other things too."""

import math
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

GROWTH = 3.0  # doubling what is read at most triples the work
ROUNDS = 5  # the least of so many: what else the machine does only adds
LONGEST = 3.0
TICK = 0.005  # what a clock of CPU may be out by
Work = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is read once, then doubled; and the seconds that are too little to tell, and little enough."""

    single: int
    too_little: float


FULL = Scale(50_000, 0.1)
SHORT = Scale(12_500, 0.012)


def outgrows(work: Work, scale: Scale) -> str:
    """What is wrong with `work` when twice as much takes more than GROWTH times as long; empty when nothing is."""
    doubled = cpu(work, 2 * scale.single)
    if doubled <= scale.too_little:
        return ""
    once = cpu(work, scale.single) if doubled < math.inf else doubled
    for _ in range(ROUNDS if doubled < math.inf else 0):
        if doubled <= max(scale.too_little, GROWTH * (once + TICK)):
            return ""
        once, doubled = min(once, cpu(work, scale.single)), min(doubled, cpu(work, 2 * scale.single))
    return f"{once:.3f} s, then {doubled:.3f} s"


def cpu(work: Work, size: int) -> float:
    """Seconds of CPU of `work`; without end when it was broken off after LONGEST."""
    before = signal.signal(signal.SIGPROF, _break_off)
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    try:
        work(size)
    except TimeoutError:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.process_time() - began


def _break_off(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError
