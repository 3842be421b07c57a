"""From Dovecot to the outside: every message has a row and a case, every reply goes out once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.case import QueueFilter, Triaged
from models.knowledge.running import DeliveryPolicy
from models.reply import OutboxState, ReplyDraft
from tests.fakes import readers
from tests.fakes.making import draft
from tests.fakes.policies import INTAKE
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import FaultySmtp
from triage.adapters.imap import ImapMailbox
from triage.adapters.smtp import SmtpMailer
from triage.adapters.store import SqlStore
from triage.adapters.work import ChildReaders
from triage.jobs.deliver import DeliverReport, deliver_once
from triage.jobs.poll import PollReport, poll_once
from triage.jobs.triage import TriageReport, triage_pending
from triage.settings import Settings

POLICY = replace(INTAKE, batch_octets=100_000, attempts=2)
DELIVERY = DeliveryPolicy(backoff_minutes=(5,), jitter=0, give_up_hours=48, stale_minutes=15, round_size=500)
MAILS = 60
BOMBS = {7: b"die", 23: b"raise", 41: b"sleep 60"}


def composed(_triaged: Triaged, number: str) -> ReplyDraft:
    return draft(number)


@pytest.mark.dovecot
def test_every_message_has_a_case_and_every_reply_goes_out_once(
    fresh_dovecot: Dovecot, smtp_server: FaultySmtp, tmp_path: Path
) -> None:
    arrived = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    orders = [BOMBS.get(number, b"mail %d" % number) for number in range(MAILS)]
    fresh_dovecot.fill((b"Subject: " + order + b"\r\n\r\nHei\r\n", arrived) for order in orders)
    settings = Settings.model_validate({
        "imap_host": "localhost", "imap_port": fresh_dovecot.imaps_port, "imap_user": "mottak",
        "imap_password": "hemmelig", "imap_ca_file": fresh_dovecot.certificate,
        "smtp_host": "127.0.0.1", "smtp_port": smtp_server.port, "smtp_encryption": "none",
    })  # fmt: skip
    store = SqlStore(f"sqlite:///{tmp_path}/desk.db", case_prefix="SM")
    store.migrate()

    def run() -> tuple[PollReport, TriageReport, DeliverReport]:
        with ImapMailbox.open(settings.mailboxes[0]) as mailbox:
            polled = poll_once(mailbox, store, POLICY, batch=25, now=datetime.now(UTC))
        with ChildReaders(readers.make_reader, workers=2, seconds=3, megabytes=512) as children:
            read = triage_pending(store, children, composed, join=lambda _triaged, _candidates: None, attempts=2)
        return polled, read, deliver_once(store, SmtpMailer(settings), DELIVERY)

    polled, read, delivered = run()
    good = MAILS - len(BOMBS)
    assert (polled.found, polled.stored) == (MAILS, MAILS)
    assert (read.triaged, read.quarantined) == (good, len(BOMBS))
    assert delivered.settled == {OutboxState.SENT: good}
    assert store.queue(QueueFilter(), page=1, size=1).total == good
    assert len(smtp_server.caught) == good
    assert {found.key.uid for found in store.quarantined()} == {number + 1 for number in BOMBS}
    polled, read, delivered = run()
    assert (polled.found, read, delivered.settled) == (0, TriageReport(), {})
    assert len(smtp_server.caught) == good
    store.dispose()
