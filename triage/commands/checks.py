"""What `triage check` looks at: settings, what comes with the program, the database, mail servers, running jobs."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial

from triage import settings as all_settings
from triage.bootstrap import clock, knowledge, mailbox, mailer, registry
from triage.commands import marking
from triage.errors import SignInError, StoreError, TriageError
from triage.settings import MailboxSettings, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one look found: well (`ok`), well for now (`warning`), or wrong; the detail then says what to do."""

    what: str
    detail: str
    ok: bool = True
    warning: bool = False


def findings() -> Iterator[Finding]:
    """Everything that is looked at, in the order in which the parts need each other."""
    first = _looked("settings", lambda: f"read; home folder {all_settings.load().home}")
    yield first
    if not first.ok:
        return
    settings = all_settings.load()
    yield _looked("knowledge", lambda: f"read, digest {knowledge().digest[:12]}")
    yield _looked("artifact", partial(_artifact, settings))
    yield _looked("database", partial(_database, settings))
    for one in settings.mailboxes:
        named = "mailbox" if one.file is None else f"mailbox {one.name}"
        yield _looked(named, partial(_mailbox, one))
        yield from _expiries(named, one, clock().date())
    if any(one.mark != "off" for one in settings.mailboxes):
        yield _looked("marks", partial(marking.check_marks, settings))
    yield _looked("smtp", mailer(settings).check)
    yield from _troubles(settings)


def _looked(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, detail=look())
    except TriageError as fault:
        return Finding(what=what, detail=str(fault), ok=False)


def _artifact(settings: Settings) -> str:
    artifacts = registry(settings)
    current = artifacts.current()
    if current is None:
        return "none yet; the first start trains one from the labelled mail that comes with the program"
    scores = ", ".join(f"{name} {value:.2f}" for name, value in artifacts.manifest(current.id).scores.items())
    return f"{current.id}; held out: {scores or 'not measured'}"


def _database(settings: Settings) -> str:
    from triage.adapters.store import SqlStore

    opened = SqlStore(settings.database, case_prefix=settings.case_prefix)
    try:
        return opened.check(before_start=True)
    finally:
        opened.dispose()


def _mailbox(settings: MailboxSettings) -> str:
    opened = mailbox(settings)
    try:
        status = opened.status()
        return f"{settings.folder}: {status.messages} messages, UIDVALIDITY {status.uidvalidity}"
    finally:
        opened.close()


def _expiries(named: str, settings: MailboxSettings, today: date) -> Iterator[Finding]:
    """When what proves who we are expires, as far as it is known; what cannot be read is said by the mailbox itself."""
    from triage.adapters import server_words
    from triage.adapters.tokens import expiry

    with suppress(SignInError):
        known = expiry(settings.sign_in) if settings.sign_in else None
        if known is None:
            return
        key, day = known
        left = (day - today).days
        soon = left <= server_words.known().warn_days
        detail = f"{key} expires on {day} ({left} days from now)"
        if soon:
            detail += f"; make a new one before that day and give it: {settings.named('sign_in')}"
        yield Finding(what=f"{named} sign-in", detail=detail, warning=soon)


def _troubles(settings: Settings) -> Iterator[Finding]:
    """What the running jobs have written down; nothing when the database has no tables yet."""
    from triage.adapters.store import SqlStore

    with suppress(StoreError):
        opened = SqlStore(settings.database, case_prefix=settings.case_prefix)
        try:
            opened.check()
            for trouble in opened.troubles():
                detail = f"{trouble.text} (since {trouble.since.isoformat(' ', 'minutes')})"
                yield Finding(
                    what=f"job {trouble.name}", detail=detail, ok=not trouble.refused, warning=not trouble.refused
                )
        finally:
            opened.dispose()
