"""Poll loses nothing, doubles nothing, and knows which mail is too old to be answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.mailbox import FakeMailbox
from tests.fakes.making import NOW
from tests.fakes.policies import INTAKE
from triage.adapters.store import SqlStore
from triage.errors import MailboxError, MessageRefused, StoreError
from triage.jobs.poll import PollReport, poll_once

POLICY = replace(INTAKE, batch_octets=1000)


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


class Stingy(FakeMailbox):
    """Names UID 5 and gives no octets of it, until `gives` is true."""

    gives = False

    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes, datetime]]:
        return (found for found in super().fetch(uids) if self.gives or found[0] != 5)


class Refusing(FakeMailbox):
    """Refuses every FETCH that names one of `bad`, with `fault`."""

    bad: frozenset[int] = frozenset({5})
    fault: MailboxError = MessageRefused("NO internal error")

    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes, datetime]]:
        if self.bad & set(uids):
            raise self.fault
        return super().fetch(uids)


def test_octets_that_the_server_keeps_back_are_owed_and_asked_for_again(store: SqlStore, mailbox: FakeMailbox) -> None:
    stingy = Stingy()
    stingy.held = mailbox.held
    report = poll(stingy, store)
    assert (report.stored, report.owed) == (6, (5,))
    [held_up] = store.quarantined()
    assert (held_up.key.uid, held_up.owed) == (5, True)
    stingy.gives = True
    assert poll(stingy, store).completed == 0, "not before its time"
    report = poll_once(stingy, store, POLICY, batch=3, now=NOW + timedelta(minutes=2))
    assert (report.completed, sorted(uids(store))) == (1, [1, 2, 3, 4, 5, 6, 7])
    assert list(store.quarantined()) == []


def test_a_person_can_have_owed_octets_asked_for_at_once(store: SqlStore, mailbox: FakeMailbox) -> None:
    stingy = Stingy()
    stingy.held = mailbox.held
    poll(stingy, store)
    stingy.gives = True
    store.release(store.quarantined()[0].id, actor="kari", now=NOW)
    assert poll(stingy, store).completed == 1


def test_owed_octets_that_are_gone_from_the_server_are_owed_no_more(store: SqlStore, mailbox: FakeMailbox) -> None:
    stingy = Stingy()
    stingy.held = mailbox.held
    poll(stingy, store)
    del stingy.held[5]
    store.release(store.quarantined()[0].id, actor="kari", now=NOW)
    assert poll(stingy, store).completed == 0
    assert store.message_counts() == {"stored": 6, "vanished": 1}


def test_one_refused_message_does_not_keep_the_others(store: SqlStore, mailbox: FakeMailbox) -> None:
    refusing = Refusing()
    refusing.held = mailbox.held
    report = poll(refusing, store)
    assert (report.stored, report.owed) == (6, (5,))


def test_a_server_that_refuses_everything_is_not_believed_about_single_messages(
    store: SqlStore, mailbox: FakeMailbox
) -> None:
    refusing = Refusing()
    refusing.held, refusing.bad = mailbox.held, frozenset(range(1, 8))
    with pytest.raises(MailboxError, match="internal error"):
        poll(refusing, store)
    assert store.count_messages() == 0
    refusing.bad = frozenset()
    assert poll(refusing, store).stored == 7


def test_a_message_that_breaks_every_poll_is_passed_over(store: SqlStore, mailbox: FakeMailbox) -> None:
    breaking = Refusing()
    breaking.held, breaking.fault = mailbox.held, MailboxError("connection lost")
    for _ in range(POLICY.fetch_attempts + 1):
        with pytest.raises(MailboxError):
            poll(breaking, store)
    assert poll(breaking, store).stored == 2
    assert store.message_counts() == {"stored": 6, "owed": 1}


def test_a_busy_server_makes_no_message_owed(store: SqlStore, mailbox: FakeMailbox) -> None:
    busy = Refusing()
    busy.held, busy.fault = mailbox.held, MessageRefused("NO [THROTTLED] later")
    for _ in range(POLICY.fetch_attempts + 2):
        with pytest.raises(MailboxError):
            poll(busy, store)
    assert store.message_counts() == {"stored": 4}


def test_of_a_large_message_the_first_part_is_kept_and_the_rest_comes_on_demand(
    store: SqlStore, mailbox: FakeMailbox
) -> None:
    policy = replace(POLICY, large_octets=1000, first_octets=100, part_octets=300, whole_octets=5000)
    octets = b"Subject: large\r\n\r\n" + bytes(range(256)) * 12
    mailbox.held = {1: (octets, NOW), 2: (b"Subject: small\r\n\r\n", NOW)}
    report = poll_once(mailbox, store, policy, batch=3, now=NOW)
    assert (report.stored, report.large, mailbox.fetched) == (2, 1, [[2]])
    large, small = store.pending(10)
    assert (large.raw.octets, large.raw.size, large.raw.whole) == (octets[:100], len(octets), False)
    assert small.raw.whole
    store.want_rest(large.id, actor="kari", now=NOW)
    assert poll_once(mailbox, store, policy, batch=3, now=NOW).completed == 1
    raw = store.raw(large.id)
    assert raw is not None
    assert (raw.octets, raw.whole) == (octets, True)
    with pytest.raises(StoreError, match="all of message"):
        store.want_rest(large.id, actor="kari", now=NOW)


def test_a_message_that_is_smaller_than_its_server_says_is_whole(store: SqlStore, mailbox: FakeMailbox) -> None:
    class Boasting(FakeMailbox):
        def sizes(self, uids: Sequence[int]) -> Mapping[int, int]:
            return dict.fromkeys(super().sizes(uids), 10**9)

    boasting = Boasting()
    boasting.held = mailbox.held
    report = poll(boasting, store)
    assert (report.stored, report.large) == (7, 0)
    assert all(pending.raw.whole for pending in store.pending(10))


def test_of_octets_that_never_come_whole_the_first_part_is_asked_for(store: SqlStore, mailbox: FakeMailbox) -> None:
    refusing = Refusing()
    refusing.held = mailbox.held
    poll(refusing, store)
    later = NOW + timedelta(minutes=2)
    assert poll_once(refusing, store, POLICY, batch=3, now=later).completed == 0
    assert poll_once(refusing, store, POLICY, batch=3, now=later + timedelta(minutes=10)).completed == 1
    assert sorted(uids(store)) == [1, 2, 3, 4, 5, 6, 7]


def test_the_rest_of_a_message_that_is_too_large_is_refused_in_words(store: SqlStore, mailbox: FakeMailbox) -> None:
    policy = replace(POLICY, large_octets=1000, first_octets=100, part_octets=300, whole_octets=2000)
    mailbox.held = {1: (b"x" * 3000, NOW)}
    poll_once(mailbox, store, policy, batch=3, now=NOW)
    store.want_rest(1, actor="kari", now=NOW)
    assert poll_once(mailbox, store, policy, batch=3, now=NOW).completed == 0
    assert list(store.wanted("INBOX", mailbox.uidvalidity)) == []


def test_progress_counts_to_the_end(store: SqlStore, mailbox: FakeMailbox) -> None:
    told: list[tuple[int, int]] = []
    poll_once(mailbox, store, POLICY, batch=3, now=NOW, progress=lambda done, of: told.append((done, of)))
    assert told == [(3, 7), (6, 7), (7, 7)]


def test_the_policy_of_the_program_can_be_read(checkout: Path) -> None:
    from triage.adapters.knowledge import running

    policy = running.load(checkout)
    assert policy.intake.backfill_hours == 24
    assert policy.delivery.backoff_minutes[0] == 5


def test_a_poll_that_came_to_its_end_is_noted_even_when_nothing_was_new(store: SqlStore, mailbox: FakeMailbox) -> None:
    poll(mailbox, store)
    later = NOW + timedelta(minutes=9)
    poll(mailbox, store, now=later)
    [seen] = store.polled_mailboxes()
    assert (seen.name, seen.last_uid, seen.polled_at) == (mailbox.name, max(mailbox.held), later)
