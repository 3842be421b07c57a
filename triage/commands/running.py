"""`triage serve`, `poll`, `work` and `deliver`: the desk at work, whole or in parts."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from triage import bootstrap, settings
from triage.commands import marking, polling, rounds, serving
from triage.commands.shown import Json, print_fault, print_json, progress_bar
from triage.errors import DeliveryHalted

if TYPE_CHECKING:
    from triage.jobs.mark import MarkReport
    from triage.jobs.poll import PollReport
    from triage.jobs.reconcile import Preview, ReconcileReport
    from triage.jobs.triage import TriageReport

    Counts = PollReport | ReconcileReport | Preview | TriageReport | MarkReport

Once = Annotated[bool, typer.Option("--once", help="One round, then end")]


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    for verb in (serve, poll, work, deliver):
        app.command(verb.__name__)(verb)


def serve(
    web_only: Annotated[bool, typer.Option("--web-only", help="Leave poll, triage and deliver to others")] = False,
    json_: Json = False,
) -> None:
    """The web, with poll, triage and deliver ticking in the same process."""
    configured = settings.load()
    with bootstrap.store(configured) as store:
        address = f"http://{configured.web_host}:{configured.web_port}"
        if json_:
            print_json({"web": address})
        else:
            print(address, flush=True)
        serving.serve(configured, store, jobs=not web_only)


def poll(
    once: Once = False,
    reconcile: Annotated[
        bool,
        typer.Option("--reconcile", help="Compare all UIDs with the rows, take in what has none; end"),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what a poll would do; write nothing; end")] = False,
    json_: Json = False,
) -> int:
    """Take in what is new in every mailbox."""
    if reconcile and dry_run:
        raise typer.BadParameter("--reconcile takes in what is missing, --dry-run nothing: give one of them")
    configured = settings.load()
    if not (once or reconcile or dry_run):
        with bootstrap.store(configured) as store:
            serving.poll_forever(configured, store, lambda report: _say_report(json_, report))
        return 0
    done = _previewed(configured) if dry_run else _polled(configured, reconcile=reconcile)
    for report in done.reports:
        _say_report(json_, report)
    for fault in done.faults:
        print_fault(str(fault))
    return 1 if done.faults else 0


def _previewed(configured: settings.Settings) -> "polling.Round[Any]":
    with bootstrap.store_to_look_at(configured) as store, progress_bar("poll") as bar:
        return polling.preview_all(configured, store, progress=bar)


def _polled(configured: settings.Settings, *, reconcile: bool) -> "polling.Round[Any]":
    act: Callable[..., polling.Round[Any]] = polling.reconcile_all if reconcile else polling.poll_all
    with bootstrap.store(configured) as store, progress_bar("poll") as bar:
        return act(configured, store, progress=bar)


def work(once: Once = False, json_: Json = False) -> None:
    """Triage what was taken in: read, assess, rank, join to cases, queue receipts; mark it where that is asked for."""
    configured = settings.load()
    marking.check_marks(configured)
    with bootstrap.store(configured) as store, rounds.reading(configured) as readers:

        def act(stopping: Callable[[], bool]) -> None:
            with progress_bar("triage") as bar:
                report = rounds.work(configured, store, readers, progress=bar, stopping=stopping)
            _say_report(json_, report)

        if once:
            with rounds.signals() as stop:
                act(stop.is_set)
                for report in marking.mark(configured, store, stopping=stop.is_set):
                    _say_report(json_, report)
        else:
            marks = partial(marking.ticks, configured, store)
            serving.tick_forever(store, "triage", configured.deliver_seconds, act, beside=marks)


def deliver(once: Once = False, json_: Json = False) -> None:
    """Send the replies that are due."""
    configured = settings.load()
    with bootstrap.store(configured) as store:

        def act(_stopping: Callable[[], bool]) -> None:
            report = rounds.deliver(configured, store)
            _say(json_, settled={state.value: n for state, n in report.settled.items()}, halted=report.halted)
            if report.halted and not once:
                raise DeliveryHalted(report.halted)

        if once:
            act(lambda: False)
        else:
            serving.tick_forever(store, "deliver", configured.deliver_seconds, act)


def _say(json_: bool, **said: object) -> None:
    if json_:
        print_json(said)
    else:
        print(", ".join(f"{name} {value}" for name, value in said.items()), flush=True)


def _say_report(json_: bool, told: "Counts") -> None:
    _say(json_, **asdict(told))
