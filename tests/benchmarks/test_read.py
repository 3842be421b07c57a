"""How long reading takes, against what mail-parser alone takes to parse the same mail."""

import gc
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import mailparser
import pytest

from models.mail import NO_KEY, RawMessage
from tests.benchmarks.ordinary import ordinary
from tests.benchmarks.recording import record
from triage import bootstrap
from triage.commands.rounds import ensure_artifact
from triage.settings import Settings

pytestmark = pytest.mark.bench

MAILS = 1000
ROUNDS = 7
GOAL = 8.0


def _seconds(act: Callable[[], object]) -> float:
    """Of CPU, of this process: the machine may do something else beside."""
    gc.collect()
    began = time.process_time()
    act()
    return time.process_time() - began


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an artifact, trained as at a first start."""
    place = tmp_path_factory.mktemp("home")
    ensure_artifact(_settings(place))
    return place


def _settings(home: Path) -> Settings:
    return Settings.model_validate({"home": home, "own_addresses": ("mottak@sykehus.example",), "workers": 1})


def test_reading_takes_at_most_eight_times_what_parsing_alone_takes(home: Path) -> None:
    raws = [RawMessage(key=NO_KEY, octets=octets, internaldate=at) for octets, at in ordinary(MAILS)]
    read = bootstrap.make_reader(bootstrap.options(_settings(home)))
    for raw in raws[:100]:
        read(raw)
    rounds = [
        (
            _seconds(lambda: [mailparser.parse_from_bytes(raw.octets) for raw in raws]),
            _seconds(lambda: [read(raw) for raw in raws]),
        )
        for _ in range(ROUNDS)
    ]
    ratios = [whole / parse for parse, whole in rounds]
    parse, whole = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(ratios)
    sys.stdout.write(f"\nreading {MAILS} mails, seconds of CPU\n{'parse':>8} {'read':>8} {'ratio':>6}\n")
    sys.stdout.writelines(f"{one:>8.2f} {other:>8.2f} {other / one:>6.2f}\n" for one, other in rounds)
    sys.stdout.write(f"{parse:>8.2f} {whole:>8.2f} {ratio:>6.2f}  median\n")
    figures = {
        "mails": MAILS,
        "parse_cpu_seconds": round(parse, 2),
        "read_cpu_seconds": round(whole, 2),
        "ratio": round(ratio, 2),
        "ratios": [round(one, 2) for one in ratios],
        "goal": GOAL,
    }
    record("reading against mail-parser", figures)
    assert ratio <= GOAL
