"""The demo mailbox: the labelled mail of data/corpus, and made-up mail that makes up the number with a fixed seed."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from triage.demo.plan import Planned, arrivals, make_plan, read_proportions
from triage.demo.press import Press
from triage.demo.wording import read_wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A labelled mail: its octets with CRLF line ends, and what a careful reader says of it."""

    octets: bytes
    intent: str
    language: str


def messages(data: Path, *, seed: int, count: int, now: datetime) -> Iterator[tuple[bytes, datetime]]:
    """`count` messages (octets, INTERNALDATE) in the order they arrived, the last shortly before `now` (aware).

    `data` is the folder data/. The same arguments give the same octets. KnowledgeError names a wrong file of ours.
    """
    for content, arrived in contents(data, seed=seed, count=count, now=now):
        yield (content if isinstance(content, bytes) else content[1]), arrived


def contents(
    data: Path, *, seed: int, count: int, now: datetime
) -> Iterator[tuple[bytes | tuple[Planned, bytes], datetime]]:
    """As `messages`, where made-up mail comes with what was planned of it and labelled mail without."""
    proportions, wording = read_proportions(data / "demo"), read_wording(data / "demo")
    labelled = read_labelled(data / "corpus")[:count]
    random = Random(f"{seed}/order")
    times = arrivals(proportions.arrival, count=count, now=now, random=random)
    places = sorted(random.sample(range(count), len(labelled)))
    given = dict(zip(places, labelled, strict=True))
    free = [place for place in range(count) if place not in given]
    there = [(mail.intent, mail.language) for mail in labelled]
    planned = {mail.place: mail for mail in make_plan(proportions, wording, free, there=there, seed=seed)}
    press = Press(wording, proportions, seed=seed)
    for place, arrived in enumerate(times):
        if place in given:
            yield given[place].octets, arrived
        else:
            yield (planned[place], press.message(planned[place], arrived)), arrived


def read_labelled(corpus: Path) -> list[Labelled]:
    """The labelled mail under `corpus`, set by set."""
    found = []
    for gold in sorted(corpus.glob("*/gold.jsonl")):
        for line in gold.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            octets = re.sub(rb"\r?\n", b"\r\n", (gold.parent / row["file"]).read_bytes())
            found.append(Labelled(octets=octets, intent=row["intent"], language=row["language"]))
    return found
