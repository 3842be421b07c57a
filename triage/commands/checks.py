"""What `triage check` looks at: a sentence when it is well, else a TriageError that says what to do."""

from collections.abc import Callable, Mapping

from triage.bootstrap import knowledge, mailbox, mailer, registry
from triage.settings import Settings


def _check_knowledge(_settings: Settings) -> str:
    return f"read, digest {knowledge().digest[:12]}"


def _check_artifact(settings: Settings) -> str:
    artifacts = registry(settings)
    current = artifacts.current()
    if current is None:
        return "none yet; the first start trains one from the labelled mail that comes with the program"
    scores = ", ".join(f"{name} {value:.2f}" for name, value in artifacts.manifest(current.id).scores.items())
    return f"{current.id}; held out: {scores or 'not measured'}"


def _check_database(settings: Settings) -> str:
    from triage.adapters.store import SqlStore

    opened = SqlStore(settings.database, case_prefix=settings.case_prefix)
    try:
        return opened.check(before_start=True)
    finally:
        opened.dispose()


def _check_mailbox(settings: Settings) -> str:
    opened = mailbox(settings.mailboxes[0])
    try:
        status = opened.status()
        return f"{opened.name}: {status.messages} messages, UIDVALIDITY {status.uidvalidity}"
    finally:
        opened.close()


CHECKS: Mapping[str, Callable[[Settings], str]] = {
    "knowledge": _check_knowledge,
    "artifact": _check_artifact,
    "database": _check_database,
    "mailbox": _check_mailbox,
    "smtp": lambda settings: mailer(settings).check(),
}
"""What `triage check` looks at beyond the settings: a sentence when it is well, else a TriageError with the remedy."""
