"""The whole desk at work: the web, and the jobs that tick beside it while this process leads."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from triage.bootstrap import clock, knowledge, mailbox
from triage.commands import marking, polling, rounds
from triage.errors import DeliveryHalted, SettingsError
from triage.settings import MailboxSettings, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from triage.adapters.store import SqlStore
    from triage.adapters.work import ChildReaders
    from triage.jobs.poll import PollReport
    from triage.jobs.reconcile import ReconcileReport
    from triage.jobs.schedule import Schedule, Tick

    Said = Callable[[PollReport | ReconcileReport], None]
    Stopping = Callable[[], bool]
    Act = Callable[[Stopping], None]

HOUR = 3600.0
TRIAGE, DELIVER = "triage", "deliver"
POLL_LEASE = "poll"


def serve(settings: Settings, store: "SqlStore", *, jobs: bool) -> None:
    """Serve the web until SIGTERM or SIGINT; with `jobs`, poll, triage and deliver tick beside it."""
    import uvicorn

    marking.check_marks(settings)
    configuration = uvicorn.Config(
        _web(settings, store), host=settings.web_host, port=settings.web_port, log_level="warning", server_header=False
    )
    server = uvicorn.Server(configuration)
    with ExitStack() as stack:
        if jobs:
            stack.enter_context(_all_jobs(settings, store, stack.enter_context(rounds.reading(settings))))
        with rounds.signals():  # uvicorn raises again the signal that ended it: the jobs must live to end cleanly
            server.run()
    if not server.started:
        raise SettingsError(
            f"the web cannot listen on {settings.web_host}:{settings.web_port}; "
            "stop what listens there, or set TRIAGE_WEB_PORT"
        )


def poll_forever(settings: Settings, store: "SqlStore", said: "Said") -> None:
    """Poll every mailbox until SIGTERM or SIGINT, and tell `said` of each poll."""
    from triage.jobs.schedule import Schedule

    with ExitStack() as stack:
        ticks = _polls(settings, store, stack, said)
        schedule = Schedule(store, ticks, lease=POLL_LEASE)
        with rounds.signals() as asked, schedule, _watches(settings, schedule):
            asked.wait()


def tick_forever(
    store: "SqlStore",
    name: str,
    seconds: float,
    act: "Act",
    *,
    beside: "Callable[[Stopping], Sequence[Tick]]" = lambda _stopping: (),
) -> None:
    """Run a job every `seconds` until SIGTERM or SIGINT, and what ticks `beside` it; each is told when to stop."""
    from triage.jobs.schedule import Schedule, Tick

    def stopping() -> bool:
        return schedule.stopping()

    ticks = [Tick(name=name, seconds=seconds, run=partial(act, stopping)), *beside(stopping)]
    schedule = Schedule(store, ticks, lease=name)
    with rounds.signals() as asked, schedule:
        asked.wait()


@contextmanager
def _all_jobs(settings: Settings, store: "SqlStore", children: "ChildReaders") -> Iterator["Schedule"]:
    """Poll, triage, deliver and mark, each waking the next when it left something to do."""
    from triage.jobs.schedule import Schedule, Tick

    def polled(report: "PollReport | ReconcileReport") -> None:
        if report.taken:
            schedule.wake(TRIAGE)

    def triage() -> None:
        if rounds.work(settings, store, children, stopping=schedule.stopping).triaged:
            _wake(schedule, after)

    def deliver() -> None:
        halted = rounds.deliver(settings, store).halted
        if halted:
            raise DeliveryHalted(halted)

    def stopping() -> bool:
        return schedule.stopping()

    after = (
        Tick(name=DELIVER, seconds=settings.deliver_seconds, run=deliver),
        *marking.ticks(settings, store, stopping),
    )
    with ExitStack() as stack:
        ticks = (
            *_polls(settings, store, stack, polled),
            Tick(name=TRIAGE, seconds=settings.deliver_seconds, run=triage),
            *after,
        )
        schedule = Schedule(store, ticks)
        with schedule, _watches(settings, schedule):
            yield schedule


def _wake(schedule: "Schedule", ticks: "Sequence[Tick]") -> None:
    for tick in ticks:
        schedule.wake(tick.name)


def _polls(settings: Settings, store: "SqlStore", stack: ExitStack, said: "Said") -> tuple["Tick", ...]:
    """For each mailbox a poll over a connection of its own."""
    from triage.jobs.kept import Kept
    from triage.jobs.schedule import Tick

    def poll(one: polling.Polling) -> None:
        for report in one.poll(settings, store):
            said(report)

    every = knowledge().running.intake.reconcile_hours * HOUR
    ticks = []
    for one in settings.mailboxes:
        kept = stack.enter_context(closing(Kept(partial(mailbox, one))))
        run = partial(poll, polling.Polling(kept, reconcile_seconds=every))
        ticks.append(Tick(name=_poll_of(one), seconds=settings.poll_seconds, run=run))
    return tuple(ticks)


@contextmanager
def _watches(settings: Settings, schedule: "Schedule") -> Iterator[None]:
    """Each mailbox watched by IDLE, which wakes its poll."""
    from triage.jobs.watch import Watch

    renew = knowledge().running.intake.idle_minutes * 60
    with ExitStack() as stack:
        for one in settings.mailboxes:
            wake = partial(schedule.wake, _poll_of(one))
            watch = Watch(partial(mailbox, one), wake, renew_seconds=renew, idle=schedule.stopping)
            stack.enter_context(watch)
        yield


def _poll_of(one: MailboxSettings) -> str:
    return f"poll {one.name}"


def _web(settings: Settings, store: "SqlStore") -> "FastAPI":
    from triage.adapters.opening import open_attachment
    from triage.web.app import create_app

    opener = partial(open_attachment, seconds=settings.message_seconds, megabytes=settings.message_megabytes)
    return create_app(store=store, settings=settings, knowledge=knowledge(), read_attachment=opener, now=clock)
