"""What the store keeps of messages out of the ordinary, on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from models.case import ThreadCandidate
from models.knowledge.replies import ReplyKnowledge
from models.mail import MessageSource
from models.tables import OctetsRow
from tests.fakes.making import NOW, draft, mail, raw, triaged
from triage import resources
from triage.adapters.knowledge import load
from triage.adapters.store import SqlStore
from triage.errors import StoreError
from triage.ports import Absent, Cursor
from triage.stages.thread import decide_join

HERE = Cursor(mailbox="INBOX", uidvalidity=7, last_uid=0, backfill_before=NOW)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    on_postgres = request.param == "postgresql"
    url = str(request.getfixturevalue("postgres_url")) if on_postgres else f"sqlite:///{tmp_path}/desk.db"
    store = SqlStore(url, case_prefix="SM")
    store.migrate()
    yield store
    store.dispose()


@pytest.fixture(scope="module")
def replies() -> ReplyKnowledge:
    return load(resources.root()).replies


def alone(_candidates: Sequence[ThreadCandidate]) -> None:
    return None


def test_what_has_no_octets_has_a_row_and_is_never_triaged(store: SqlStore) -> None:
    absent = [Absent(uid=2, gone=True), Absent(uid=3, gone=False, size=900, cause="NO not now", retry_at=NOW)]
    assert store.add_messages(replace(HERE, last_uid=3), [raw(1)], absent) == 1
    assert list(store.known_uids("INBOX", 7)) == [1, 2, 3]
    assert store.message_counts() == {"stored": 1, "vanished": 1, "owed": 1}
    assert [pending.raw for pending in store.pending(10)] == [raw(1)]


def test_what_is_owed_is_due_at_its_time_and_then_stored(store: SqlStore) -> None:
    later = NOW + timedelta(minutes=5)
    owed = Absent(uid=1, gone=False, size=900, cause="NO not now", retry_at=later)
    store.add_messages(replace(HERE, last_uid=1), [], [owed])
    due = partial(store.owed, "INBOX", 7, limit=10)
    assert list(due(now=NOW)) == []
    [one] = due(now=later)
    assert (one.uid, one.size, one.held, one.attempts) == (1, 900, 0, 1)
    store.postpone(one.id, "still not", retry_at=later + timedelta(hours=1))
    assert list(due(now=later)) == []
    assert [(held.owed, held.cause, held.attempts) for held in store.quarantined()] == [(True, "still not", 2)]
    store.complete(one.id, raw(1))
    assert [pending.raw for pending in store.pending(10)] == [raw(1)]
    assert list(store.quarantined()) == []


def test_what_was_owed_under_another_uidvalidity_is_owed_no_more(store: SqlStore) -> None:
    store.add_messages(replace(HERE, last_uid=1), [], [Absent(uid=1, gone=False)])
    again = replace(raw(5), key=replace(raw(5).key, uidvalidity=8, uid=1))
    assert store.add_messages(replace(HERE, uidvalidity=8, last_uid=1), [again]) == 1
    assert store.message_counts() == {"stored": 1, "vanished": 1}


def test_a_message_held_in_part_says_so_until_its_rest_has_come(store: SqlStore) -> None:
    part = replace(raw(1), size=len(raw(1).octets) + 1000)
    store.add_messages(replace(HERE, last_uid=1), [part])
    [pending] = store.pending(1)
    assert (pending.raw, pending.raw.whole) == (part, False)
    store.want_rest(pending.id, actor="kari", now=NOW)
    assert [due.held for due in store.wanted("INBOX", 7)] == [len(part.octets)]
    whole = raw(1, part.octets + b"x" * 1000)
    store.complete(pending.id, whole)
    assert store.raw(pending.id) == whole
    assert list(store.wanted("INBOX", 7)) == []


def test_a_message_read_again_stays_in_its_case_and_causes_no_second_reply(store: SqlStore) -> None:
    store.add_messages(replace(HERE, last_uid=1), [replace(raw(1), size=10**6)])
    [pending] = store.pending(1)
    case_id = store.record(pending.id, triaged(score=5), join=alone, compose=draft, now=NOW)
    store.want_rest(pending.id, actor="kari", now=NOW)
    store.complete(pending.id, raw(1, b"Subject: all of it\r\n\r\nmore"))
    better = triaged(mail("All of it"), score=60)
    assert store.record(pending.id, better, join=alone, compose=draft, now=NOW) == case_id
    case = store.case(case_id)
    assert case is not None
    assert (case.summary.score, case.summary.subject, case.summary.messages) == (60, "All of it", 1)
    assert len(case.replies) == 1
    assert [event.kind for event in case.events].count("message_read_again") == 1


def test_only_a_triaged_message_can_be_read_again(store: SqlStore) -> None:
    store.add_messages(replace(HERE, last_uid=1), [raw(1)])
    [pending] = store.pending(1)
    with pytest.raises(StoreError, match="not read yet"):
        store.read_again(pending.id, actor="kari", now=NOW)
    case_id = store.record(pending.id, triaged(), join=alone, compose=draft, now=NOW)
    store.read_again(pending.id, actor="kari", now=NOW)
    assert [one.id for one in store.pending(10)] == [pending.id]
    assert store.record(pending.id, triaged(), join=alone, compose=draft, now=NOW) == case_id


def test_the_same_mail_twice_is_one_case_with_one_reply(store: SqlStore, replies: ReplyKnowledge) -> None:
    store.add_messages(replace(HERE, last_uid=2), [raw(1), raw(2)])
    one, two = (pending.id for pending in store.pending(2))
    same = triaged(mail("Offer", msgid="a@x", text="Masks"))
    first, second = (
        store.record(id_, same, join=lambda found: decide_join(same.mail, found, replies), compose=draft, now=NOW)
        for id_ in (one, two)
    )
    assert first == second
    case = store.case(first)
    assert case is not None
    assert (case.summary.messages, len(case.replies)) == (2, 1)


def test_a_message_id_used_again_over_another_text_is_another_case(store: SqlStore, replies: ReplyKnowledge) -> None:
    store.add_messages(replace(HERE, last_uid=2), [raw(1), raw(2)])
    cases = set()
    for pending, text in zip(store.pending(2), ("Masks", "Gloves"), strict=True):
        found = triaged(mail("Offer", sender=f"{text}@x.example", msgid="a@x", text=text))
        join = partial(decide_join, found.mail, knowledge=replies)
        cases.add(store.record(pending.id, found, join=join, compose=draft, now=NOW))
    assert len(cases) == 2


def test_entries_are_kept_once_with_who_wrote_them_down(store: SqlStore) -> None:
    call = replace(raw(1, mailbox="entry"), source=MessageSource.PHONE, backfill=True)
    [id_] = store.add_entries([call], entered_by="kari", referrer="a minister")
    assert list(store.add_entries([call], entered_by="ola")) == []
    case_id = store.record(id_, triaged(), join=alone, compose=draft, now=NOW)
    case = store.case(case_id)
    assert case is not None
    [message] = case.messages
    assert (message.source, message.entered_by, message.referrer) == (MessageSource.PHONE, "kari", "a minister")


def test_a_trouble_stands_since_it_began_until_it_is_over(store: SqlStore) -> None:
    store.put_trouble("poll", "first words", refused=False, now=NOW)
    store.put_trouble("poll", "later words", refused=True, now=NOW + timedelta(hours=1))
    [trouble] = store.troubles()
    assert (trouble.name, trouble.text, trouble.refused, trouble.since) == ("poll", "later words", True, NOW)
    store.clear_trouble("poll")
    store.clear_trouble("poll")
    assert list(store.troubles()) == []


def test_a_message_with_damaged_octets_is_quarantined_and_the_others_are_handed_out(store: SqlStore) -> None:
    store.add_messages(replace(HERE, last_uid=3), [raw(1), raw(2), raw(3)])
    damage(store, 2)
    assert [pending.raw for pending in store.pending(10)] == [raw(1), raw(3)]
    [quarantined] = store.quarantined()
    assert quarantined.key.uid == 2
    assert "damaged" in quarantined.cause
    with pytest.raises(StoreError, match="restore the backup"):
        store.raw(quarantined.id)


def damage(store: SqlStore, message_id: int) -> None:
    """Turn a bit inside the octets of a message, as a bad disk does."""
    with Session(store._engine) as session:
        row = session.get_one(OctetsRow, message_id)
        middle = len(row.compressed) // 2
        row.compressed = row.compressed[:middle] + bytes([row.compressed[middle] ^ 1]) + row.compressed[middle + 1 :]
        session.commit()
