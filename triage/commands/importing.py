"""`triage import`: mail in files, taken in as polled mail is."""

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from triage import bootstrap, settings
from triage.commands.shown import Json, print_fault, print_json, print_line, progress_bar

if TYPE_CHECKING:
    from triage.adapters.store import SqlStore
    from triage.jobs.importing import Importing, ImportReport

KILO = 1000
ENDINGS_SHOWN = 5

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help=".eml files, mbox files, Maildirs, or folders of them")
]


def add_to(app: typer.Typer) -> None:
    """Add the verb of this module."""
    app.command("import")(import_mail)


def import_mail(
    paths: Paths,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be taken in; write nothing")] = False,
    json_: Json = False,
) -> int:
    """Take in mail from files. It is triaged as any mail is, and never answered; what is there already stays once."""
    from triage.jobs.importing import Importing

    configured = settings.load()
    policy = bootstrap.knowledge().running.intake
    opened: AbstractContextManager[SqlStore | None] = (
        bootstrap.store_to_look_at(configured) if dry_run else bootstrap.store(configured)
    )
    with opened as store:
        importing = Importing(store, policy, batch=configured.poll_batch, now=bootstrap.clock(), dry=dry_run)
        reports = _taken(importing, paths)
    _say(reports, dry_run=dry_run, json_=json_)
    return 1 if any(report.unreadable for report in reports) else 0


def _taken(importing: "Importing", paths: list[Path]) -> "list[ImportReport]":
    total = sum(bootstrap.octets_in(path) for path in paths)
    done = 0
    with progress_bar("import kB") as bar:

        def progress(octets: int) -> None:
            nonlocal done
            done = min(done + octets, total)
            bar(done // KILO, total // KILO)

        return [importing.take(str(path), bootstrap.mail_in(path), progress) for path in paths]


def _say(reports: "list[ImportReport]", *, dry_run: bool, json_: bool) -> None:
    if json_:
        for report in reports:
            print_json({"dry_run": dry_run, **asdict(report)})
        return
    for report in reports:
        for fault in report.unreadable:
            print_fault(f"{fault.place}: {fault.cause}")
        for place in report.partial:
            print_line(f"{place}: too large to keep; only its first part is")
        new = "would be taken in" if dry_run else "new"
        print_line(
            f"{report.path}: found {report.found}, {new} {report.new}, already there {report.known}, "
            f"unreadable {len(report.unreadable)}, no mail {len(report.passed)}{_endings(report.passed)}"
        )


def _endings(places: Sequence[str]) -> str:
    """How the names of files end that are no mail, the most frequent first: mail in a form of its own is seen by it."""
    if not places:
        return ""
    counted = Counter(PurePath(place).suffix.lower() or "no ending" for place in places).most_common()
    shown = [f"{ending} {count}" for ending, count in counted[:ENDINGS_SHOWN]]
    return f" ({', '.join(shown)}{', …' if len(counted) > ENDINGS_SHOWN else ''})"
