"""Poll loses nothing, doubles nothing, and knows which mail is too old to be answered."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.knowledge.running import IntakePolicy
from tests.fakes.mailbox import FakeMailbox
from tests.fakes.making import NOW
from triage.adapters.store import SqlStore
from triage.errors import MailboxError
from triage.jobs.poll import PollReport, poll_once

POLICY = IntakePolicy(backfill_hours=24, batch_octets=1000, attempts=3)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(f"sqlite:///{tmp_path}/desk.db", case_prefix="SM")
    store.migrate()
    yield store
    store.dispose()


@pytest.fixture
def mailbox() -> FakeMailbox:
    mailbox = FakeMailbox()
    for uid in range(1, 8):
        mailbox.held[uid] = (f"Subject: {uid}\r\n\r\n".encode(), NOW - timedelta(hours=10 * (8 - uid)))
    return mailbox


def poll(mailbox: FakeMailbox, store: SqlStore, *, batch: int = 3, now: datetime = NOW) -> PollReport:
    return poll_once(mailbox, store, POLICY, batch=batch, now=now)


def uids(store: SqlStore) -> list[int]:
    return [pending.raw.key.uid for pending in store.pending(1000)]


def test_a_first_poll_takes_all_and_the_next_only_what_is_new(store: SqlStore, mailbox: FakeMailbox) -> None:
    assert poll(mailbox, store).stored == 7
    mailbox.held[9] = (b"new", NOW)
    report = poll(mailbox, store)
    assert (report.found, report.stored, report.vanished) == (1, 1, ())
    assert uids(store) == [1, 2, 3, 4, 5, 6, 7, 9]
    poll(mailbox, store)
    assert mailbox.fetched == [[1, 2, 3], [4, 5, 6], [7], [9]]


def test_a_batch_is_also_limited_by_octets(store: SqlStore, mailbox: FakeMailbox) -> None:
    mailbox.held = {uid: (b"x" * size, NOW) for uid, size in enumerate((400, 400, 400, 5000, 1, 1), 1)}
    poll(mailbox, store, batch=100)
    assert mailbox.fetched == [[1, 2], [3], [4], [5, 6]]


def test_old_mail_of_a_first_poll_is_backfill_and_young_mail_is_not(store: SqlStore, mailbox: FakeMailbox) -> None:
    assert poll(mailbox, store).backfilled == 5
    assert [pending.raw.backfill for pending in store.pending(10)] == [True] * 5 + [False] * 2


def test_mail_missed_in_an_outage_is_not_backfill(store: SqlStore) -> None:
    mailbox = FakeMailbox()
    poll(mailbox, store)
    mailbox.held[1] = (b"during the outage", NOW + timedelta(days=1))
    assert poll(mailbox, store, now=NOW + timedelta(days=9)).backfilled == 0


def test_a_first_poll_that_was_stopped_still_knows_what_is_old(store: SqlStore, mailbox: FakeMailbox) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, _all: int) -> None:
        if done >= 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        poll_once(mailbox, store, POLICY, batch=3, now=NOW, progress=stop)
    assert uids(store) == [1, 2, 3]
    assert poll(mailbox, store, now=NOW + timedelta(hours=40)).stored == 4
    assert [pending.raw.backfill for pending in store.pending(10)] == [True] * 5 + [False] * 2


def test_a_renumbered_mailbox_is_read_again_without_doubling(store: SqlStore, mailbox: FakeMailbox) -> None:
    poll(mailbox, store)
    mailbox.uidvalidity = 8
    mailbox.held = {uid + 100: held for uid, held in mailbox.held.items()}
    mailbox.held[1] = (b"another message with an old UID", NOW)
    report = poll(mailbox, store)
    assert (report.renumbered, report.found, report.stored) == (True, 8, 1)
    assert sorted(uids(store)) == [1, *range(101, 108)]


def test_a_message_that_vanished_is_reported_and_passed_by(store: SqlStore, mailbox: FakeMailbox) -> None:
    mailbox.expunged_at_fetch = {2}
    report = poll(mailbox, store)
    assert (report.stored, report.vanished) == (6, (2,))
    assert poll(mailbox, store).found == 0


def test_a_message_that_the_server_keeps_back_is_not_passed_by(store: SqlStore, mailbox: FakeMailbox) -> None:
    class Stingy(FakeMailbox):
        def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes, datetime]]:
            return (found for found in super().fetch(uids) if found[0] != 5)

    stingy = Stingy()
    stingy.held = mailbox.held
    with pytest.raises(MailboxError, match="UID 5"):
        poll(stingy, store)
    assert uids(store) == [1, 2, 3]
    assert poll(mailbox, store).stored == 4


def test_progress_counts_to_the_end(store: SqlStore, mailbox: FakeMailbox) -> None:
    told: list[tuple[int, int]] = []
    poll_once(mailbox, store, POLICY, batch=3, now=NOW, progress=lambda done, of: told.append((done, of)))
    assert told == [(3, 7), (6, 7), (7, 7)]


def test_the_policy_of_the_program_can_be_read(checkout: Path) -> None:
    from triage.adapters.knowledge import running

    policy = running.load(checkout)
    assert policy.intake.backfill_hours == 24
    assert policy.delivery.backoff_minutes[0] == 5
