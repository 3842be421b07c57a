"""A sender that dies at any point never sends a reply twice."""

import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import sender
from tests.fakes.making import NOW, draft, raw, triaged
from tests.servers.smtp import FaultySmtp
from triage.adapters.smtp import SmtpMailer
from triage.adapters.store import SqlStore
from triage.jobs.deliver import deliver_once
from triage.ports import Cursor

REPLIES = 3


@pytest.mark.parametrize("point", sender.POINTS)
def test_a_sender_that_dies_sends_nothing_twice(point: str, tmp_path: Path, smtp_server: FaultySmtp) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    store = SqlStore(url, case_prefix="SM")
    store.migrate()
    store.add_messages(Cursor(mailbox="INBOX", uidvalidity=7, last_uid=9), [raw(uid) for uid in range(1, REPLIES + 1)])
    for pending in store.pending(9):
        store.record(pending.id, triaged(), join=lambda _candidates: None, compose=draft, now=NOW)
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=sender.deliver, args=(url, smtp_server.port, point))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    process.close()
    later = NOW + timedelta(hours=1)
    for _ in range(2):
        with SmtpMailer(sender.settings(smtp_server.port)) as mailer:
            deliver_once(store, mailer, sender.POLICY, now=lambda: later)
    taken = len(smtp_server.caught)
    sent = store.outbox_counts().get("sent", 0)
    unknown = store.outbox_counts().get("unknown", 0)
    assert (sent, unknown) == ((REPLIES, 0) if point == "settled" else (REPLIES - 1, 1))
    assert taken == sent + (unknown if point == "answered" else 0)
    store.dispose()
