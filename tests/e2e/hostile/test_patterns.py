"""No regular expression loses its way in 100,000 of anything repeated (C05)."""

import random
import re
import signal
import time
from types import FrameType

import pytest

from tests.e2e.hostile.patterns import atoms, in_code, in_knowledge
from triage.bootstrap import knowledge

LENGTH = 100_000
SECONDS = 0.5
LONGEST = 2.0
SHORT_LENGTH = 10_000
SHORT_SECONDS = 0.1  # at a tenth of the length the square is a hundredth: 0.1 s there are 10 s in full


def everywhere() -> list[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    return sorted({*in_code(), *in_knowledge(knowledge())}, key=lambda one: (one[0], str(one[1].pattern)))


def slow(length: int, seconds: float, share: float) -> list[str]:
    lot = random.Random(5)
    found = []
    for where, pattern in everywhere():
        for atom in sorted(atoms(pattern)):
            if lot.random() > share:
                continue
            text: str | bytes = atom * (length // len(atom))
            if isinstance(pattern.pattern, bytes):
                text = str(text).encode("latin-1", "replace")
            took = cpu(pattern, text)
            if took > seconds:
                took = min(took, cpu(pattern, text))
            if took > seconds:
                found.append(f"{where}: {atom!r} {took:.2f} s: {str(pattern.pattern)[:120]}")
    return found


def cpu(pattern: re.Pattern[str] | re.Pattern[bytes], text: str | bytes) -> float:
    """Seconds of CPU of a search through the whole text; broken off after LONGEST."""
    before = signal.signal(signal.SIGPROF, _break_off)
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    began = time.process_time()
    try:
        for number, _ in enumerate(pattern.finditer(text)):  # type: ignore[arg-type]
            if number > LENGTH:
                break
    except TimeoutError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.process_time() - began


def _break_off(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError


def test_there_are_patterns_to_try() -> None:
    where = {place.partition(".")[0] for place, _ in everywhere()}
    assert where >= {"classifiers", "triage", "knowledge"}
    assert len(everywhere()) > 200


def test_a_pattern_that_loses_its_way_is_found() -> None:
    assert cpu(re.compile(r"\s+$"), " " * SHORT_LENGTH + "a") > SHORT_SECONDS


def test_patterns_take_the_time_of_their_text() -> None:
    assert not slow(SHORT_LENGTH, SHORT_SECONDS, 0.3)


@pytest.mark.faults
def test_patterns_take_the_time_of_a_long_text() -> None:
    assert not slow(LENGTH, SECONDS, 1.0)
