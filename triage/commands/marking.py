"""Marks in the mailboxes that ask for them: a round, and what must hold before the first one."""

import os
import re
import socket
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from triage.bootstrap import clock, knowledge, marker
from triage.errors import MailboxError, SettingsError
from triage.settings import MailboxSettings, Settings

if TYPE_CHECKING:
    from triage.adapters.store import SqlStore
    from triage.jobs.mark import MarkReport
    from triage.jobs.schedule import Tick

LEASE_SECONDS = 300.0
"""Longer than any one command to a server: while it lasts nobody else marks the same mailbox."""


def check_marks(settings: Settings) -> str:
    """Which mailboxes are marked. SettingsError when mail would move into a folder that is read, and come in again."""
    policy = knowledge().marks
    targets = {(policy.parent, rule.folder) for rule in policy.rules if rule.folder}
    for moving in settings.mailboxes:
        if moving.mark != "folders":
            continue
        for read in settings.mailboxes:
            if read.host.lower() == moving.host.lower() and (into := _within(read.folder, targets)):
                raise SettingsError(
                    f"{moving.named('mark')}: mail would move into {'/'.join(into)!r}, which is read as mailbox "
                    f"{read.name!r} and would come in again; read another folder, or set keywords or off"
                )
    return ", ".join(f"{one.name}: {one.mark}" for one in settings.mailboxes if one.mark != "off")


def ticks(settings: Settings, store: "SqlStore", stopping: Callable[[], bool]) -> tuple["Tick", ...]:
    """For each mailbox that asks for marks a round now and then. SettingsError as `check_marks`."""
    from triage.jobs.schedule import Tick

    check_marks(settings)
    return tuple(
        Tick(
            name=f"mark {one.name}",
            seconds=settings.poll_seconds,
            run=partial(mark_mailbox, store, one, stopping=stopping),
        )
        for one in settings.mailboxes
        if one.mark != "off"
    )


def mark(
    settings: Settings, store: "SqlStore", *, stopping: Callable[[], bool] = lambda: False
) -> tuple["MarkReport", ...]:
    """One round over every mailbox that asks for marks. Raises the first MailboxError, after the other mailboxes."""
    reports: list[MarkReport] = []
    faults: list[MailboxError] = []
    for one in settings.mailboxes:
        if one.mark != "off":
            try:
                reports.append(mark_mailbox(store, one, stopping=stopping))
            except MailboxError as fault:
                faults.append(fault)
    for first in faults:
        raise first
    return tuple(reports)


def mark_mailbox(
    store: "SqlStore", one: MailboxSettings, *, stopping: Callable[[], bool] = lambda: False
) -> "MarkReport":
    """One round over a mailbox; nothing where marks are off or another process is at it."""
    from triage.jobs.mark import MarkReport, mark_once
    from triage.jobs.patience import heeding

    if one.mark == "off":
        return MarkReport(mailbox=one.name)
    intake = knowledge().running.intake
    with _alone(store, one.name) as lost, heeding(intake):
        return mark_once(
            partial(marker, one),
            store,
            knowledge().marks,
            mailbox=one.name,
            by=one.mark,
            answers=intake.answers,
            now=clock,
            stopping=lambda: lost() or stopping(),
        )


@contextmanager
def _alone(store: "SqlStore", mailbox: str) -> Iterator[Callable[[], bool]]:
    """Whether another process marks the mailbox, to be asked before each batch, which renews our claim."""
    lease, holder = f"mark {mailbox}", f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"

    def lost() -> bool:
        now = clock()
        return not store.take_lease(lease, holder, until=now + timedelta(seconds=LEASE_SECONDS), now=now)

    try:
        yield lost
    finally:
        now = clock()
        store.take_lease(lease, holder, until=now, now=now)


def _within(folder: str, targets: set[tuple[str, str]]) -> tuple[str, str] | None:
    """The target that is `folder`, whatever stands before it and separates its parts."""
    parts = re.split(r"[/.\\]", unicodedata.normalize("NFC", folder).casefold())
    return next((target for target in targets if parts[-2:] == [part.casefold() for part in target]), None)
