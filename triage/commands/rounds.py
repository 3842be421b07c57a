"""One round of triage and of sending, and what they take; what the verbs share."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from triage import resources
from triage.bootstrap import clock, composer, evidence_reader, home, knowledge, mailer, readers, registry
from triage.commands.shown import progress_bar
from triage.settings import Settings

if TYPE_CHECKING:
    from triage.adapters.store import SqlStore
    from triage.adapters.work import ChildReaders
    from triage.jobs.deliver import DeliverReport
    from triage.jobs.triage import TriageReport

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""


def quiet(_done: int, _all: int) -> None:
    """Progress that nobody watches."""


def work(
    settings: Settings,
    store: "SqlStore",
    children: "ChildReaders",
    *,
    progress: Progress = quiet,
    stopping: Callable[[], bool] = lambda: False,
) -> "TriageReport":
    """One round of triage over everything that waits."""
    from triage.jobs.triage import triage_pending
    from triage.stages.thread import decide_join

    attempts = knowledge().running.intake.attempts
    return triage_pending(
        store,
        children,
        composer(settings),
        join=lambda triaged, candidates: decide_join(triaged.mail, candidates, knowledge().replies),
        attempts=attempts,
        now=clock,
        progress=progress,
        stopping=stopping,
    )


def deliver(settings: Settings, store: "SqlStore") -> "DeliverReport":
    """One round of sending."""
    from triage.jobs.deliver import deliver_once

    return deliver_once(store, mailer(settings), knowledge().running.delivery, now=clock)


@contextmanager
def reading(settings: Settings) -> Iterator["ChildReaders"]:
    """The children that read mail; the first start trains what they judge by."""
    ensure_artifact(settings)
    with readers(settings) as children:
        yield children


def ensure_artifact(settings: Settings) -> None:
    """See to it that an artifact is in use: the first start trains one from the labelled mail of the program."""
    from triage.jobs import learning

    home(settings)
    artifacts = registry(settings)
    corpus = resources.root() / "data" / "corpus"
    with progress_bar("train") as bar:
        learning.ensure_artifact(artifacts, corpus, evidence_reader(settings), knowledge(), now=clock(), progress=bar)


@contextmanager
def signals() -> Iterator[threading.Event]:
    """An event that SIGTERM or SIGINT sets while the block runs."""
    asked = threading.Event()
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
