"""One round of each job, and the whole desk served; what the verbs share."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from triage import resources
from triage.bootstrap import clock, composer, evidence_reader, home, knowledge, mailbox, mailer, readers, registry
from triage.commands.shown import progress_bar
from triage.errors import SettingsError
from triage.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from triage.adapters.store import SqlStore
    from triage.adapters.work import ChildReaders
    from triage.jobs.deliver import DeliverReport
    from triage.jobs.poll import PollReport
    from triage.jobs.schedule import Schedule
    from triage.jobs.triage import TriageReport

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""


def quiet(_done: int, _all: int) -> None:
    """Progress that nobody watches."""


def poll(settings: Settings, store: "SqlStore", *, progress: Progress = quiet) -> "PollReport":
    """One poll of the mailbox."""
    from triage.jobs.poll import poll_once

    opened = mailbox(settings.mailboxes[0])
    try:
        policy = knowledge().running.intake
        return poll_once(opened, store, policy, batch=settings.poll_batch, now=clock(), progress=progress)
    finally:
        opened.close()


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


def web(settings: Settings, store: "SqlStore") -> "FastAPI":
    """The web application."""
    from triage.adapters.opening import open_attachment
    from triage.web.app import create_app

    opener = partial(open_attachment, seconds=settings.message_seconds, megabytes=settings.message_megabytes)
    return create_app(store=store, settings=settings, knowledge=knowledge(), read_attachment=opener, now=clock)


def serve(settings: Settings, store: "SqlStore", *, jobs: bool) -> None:
    """Serve the web until SIGTERM or SIGINT; with `jobs`, poll, triage and deliver tick beside it."""
    import uvicorn

    configuration = uvicorn.Config(
        web(settings, store), host=settings.web_host, port=settings.web_port, log_level="warning", server_header=False
    )
    server = uvicorn.Server(configuration)
    with ExitStack() as stack:
        if jobs:
            stack.enter_context(_schedule(settings, store, stack.enter_context(reading(settings))))
        with signals():  # uvicorn raises again the signal that ended it: the jobs must live to end cleanly
            server.run()
    if not server.started:
        raise SettingsError(
            f"the web cannot listen on {settings.web_host}:{settings.web_port}; "
            "stop what listens there, or set TRIAGE_WEB_PORT"
        )


def _schedule(settings: Settings, store: "SqlStore", children: "ChildReaders") -> "Schedule":
    from triage.jobs.schedule import Schedule, Tick

    def triage_tick() -> object:
        return work(settings, store, children, stopping=schedule.stopping)

    schedule = Schedule(
        store,
        (
            Tick(name="poll", seconds=settings.poll_seconds, run=lambda: poll(settings, store)),
            Tick(name="triage", seconds=settings.deliver_seconds, run=triage_tick),
            Tick(name="deliver", seconds=settings.deliver_seconds, run=lambda: deliver(settings, store)),
        ),
    )
    return schedule


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
