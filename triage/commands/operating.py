"""`triage check`, `triage users` and `triage queue`: looking after the desk from a terminal."""

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from models.case import QueueFilter, QueuePage
from triage import bootstrap, settings
from triage.commands import checks
from triage.commands.shown import Json, print_json, print_line, print_table
from triage.errors import InputError

ROLES = ("procurement", "admin")
LEAST_PASSWORD = 12
LONGEST_CELL = 44


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command("check")(check)
    app.command("queue")(queue)
    users = typer.Typer(help="Who may sign in.")
    users.command("add")(add_user)
    app.add_typer(users, name="users")


def check(json_: Json = False) -> int:
    """Settings, knowledge, artifact, database, mailboxes, SMTP, jobs: each ok, or what is wrong and what to do."""
    found = list(checks.findings())
    if json_:
        print_json({"ok": all(one.ok for one in found), "checks": [asdict(one) for one in found]})
    else:
        for one in found:
            verdict = "FAULT" if not one.ok else "WARN" if one.warning else "ok"
            print_line(f"{verdict:<6}{one.what}: {one.detail}")
    return 0 if all(one.ok for one in found) else 1


def queue(
    category: Annotated[str, typer.Option(help="Only cases of this category")] = "",
    page: Annotated[int, typer.Option(min=1, help="Page")] = 1,
    size: Annotated[int, typer.Option(min=1, max=1000, help="Cases a page")] = 25,
    all_: Annotated[bool, typer.Option("--all", help="Also closed and not needed")] = False,
    json_: Json = False,
) -> None:
    """The ranked queue: a table, or with --json a line of JSON a case."""
    known = [one.id for one in bootstrap.knowledge().judging.categories] if category else []
    if category and category not in known:
        raise InputError(f"--category {category}: give one of {', '.join(known)}")
    with bootstrap.store(settings.load()) as store:
        found = store.queue(QueueFilter(category=category or None, open_only=not all_), page=page, size=size)
    if json_:
        for case in found.cases:
            print_json(asdict(case))
        return
    queue_table(found)


def queue_table(found: QueuePage) -> None:
    """A page of the queue for people."""
    rows = [
        [
            f"{case.score:.1f}",
            case.band,
            case.number,
            case.state.value,
            _cut(", ".join(case.categories)),
            _cut(case.company or case.sender),
            _cut(case.subject),
        ]
        for case in found.cases
    ]
    title = f"Queue: {found.total} cases, page {found.page} of {found.pages}"
    print_table(title, ["score", "band", "case", "state", "categories", "supplier", "subject"], rows)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def add_user(
    name: Annotated[str, typer.Argument(help="Name to sign in with")],
    role: Annotated[str, typer.Option(help="procurement or admin")] = "procurement",
    json_: Json = False,
) -> None:
    """Add a user, or give one a new password; the password is asked for, or read from standard input."""
    from triage.web.sign_in import hash_password

    if role not in ROLES:
        raise InputError(f"--role {role}: give one of {', '.join(ROLES)}")
    password = _password()
    if len(password) < LEAST_PASSWORD:
        raise InputError(f"the password is shorter than {LEAST_PASSWORD} characters; choose a longer one")
    with bootstrap.store(settings.load()) as store:
        store.put_account(name, role, hash_password(password))
    if json_:
        print_json({"name": name, "role": role})


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
