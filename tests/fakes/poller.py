"""A poller for a process of its own, to be killed."""

from datetime import UTC, datetime
from multiprocessing.connection import Connection

from tests.fakes.policies import INTAKE
from triage.adapters.imap import ImapMailbox
from triage.adapters.store import SqlStore
from triage.jobs.poll import poll_once
from triage.settings import MailboxSettings


def settings(port: int) -> MailboxSettings:
    """The mailbox of an embedded server."""
    given = {"host": "127.0.0.1", "port": port, "encryption": "none", "user": "mottak"}
    return MailboxSettings.model_validate({"name": "INBOX", **given, "password": "hemmelig"})


def poll(url: str, port: int, begun: "Connection[str, str]") -> None:
    """Poll in small batches until all is there; say so when it begins."""
    store = SqlStore(url, case_prefix="SM")
    with ImapMailbox.open(settings(port)) as mailbox:
        begun.send("polling")
        poll_once(mailbox, store, INTAKE, batch=3, now=datetime.now(UTC))
