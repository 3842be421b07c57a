"""The store keeps its promises on SQLite and on PostgreSQL alike."""

import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from models.case import CaseState, QueueFilter
from models.reply import OutboxState, ReplyDraft
from tests.fakes.making import NOW, draft, mail, raw, triaged
from triage.adapters.store import SqlStore
from triage.errors import StoreError
from triage.ports import Cursor, ThreadCandidate

HERE = Cursor(mailbox="INBOX", uidvalidity=7, last_uid=0, backfill_before=NOW)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/desk.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    store = SqlStore(url, case_prefix="SM")
    store.migrate()
    yield store
    store.dispose()


def alone(_candidates: Sequence[ThreadCandidate]) -> None:
    return None


def first(candidates: Sequence[ThreadCandidate]) -> int | None:
    return candidates[0].case_id if candidates else None


def silent(_number: str) -> None:
    return None


def filled(store: SqlStore, count: int) -> list[int]:
    """Stored messages 1 to `count`; their ids."""
    store.add_messages(replace(HERE, last_uid=count), [raw(uid) for uid in range(1, count + 1)])
    return [pending.id for pending in store.pending(count)]


# schema


def test_a_database_is_current_after_migrate_and_stays_so(store: SqlStore) -> None:
    store.migrate()
    assert "schema 0004" in store.check()


STARTING = """
import sys
from triage.adapters.store import SqlStore
store = SqlStore(sys.argv[1], case_prefix="SM")
print("ready", flush=True)
sys.stdin.readline()
store.migrate()
store.check()
"""


def test_programs_that_start_together_on_an_empty_database_wait_for_each_other(url: str) -> None:
    command = [sys.executable, "-c", STARTING, url]
    programs = [Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True) for _ in range(4)]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    ended = [(program.communicate(timeout=60)[1], program.returncode) for program in programs]
    assert ended == [("", 0)] * 4


def test_a_database_without_schema_is_named_with_what_to_do(url: str) -> None:
    bare = SqlStore(url, case_prefix="SM")
    assert "the first start makes its tables" in bare.check(before_start=True)
    with pytest.raises(StoreError, match="triage serve"):
        bare.count_messages()
    bare.dispose()


def test_the_schema_is_what_the_tables_say(store: SqlStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel

    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        changes = compare_metadata(context, SQLModel.metadata)
    assert [change for change in changes if "ix_case_rank" not in str(change)] == []


def test_a_url_of_no_database_is_refused_at_once() -> None:
    with pytest.raises(StoreError, match="TRIAGE_DATABASE_URL"):
        SqlStore("no such thing", case_prefix="SM")


# intake


def test_messages_and_cursor_are_kept_together(store: SqlStore) -> None:
    assert store.cursor("INBOX") is None
    assert store.add_messages(replace(HERE, last_uid=2), [raw(1), raw(2)]) == 2
    assert store.cursor("INBOX") == replace(HERE, last_uid=2)
    assert [pending.raw for pending in store.pending(10)] == [raw(1), raw(2)]


def test_no_more_waiting_octets_are_loaded_than_asked_for_but_one_message_at_least(store: SqlStore) -> None:
    ids = filled(store, 3)
    size = len(raw(1).octets)
    assert [one.id for one in store.pending(9, octets=2 * size)] == ids[:2]
    assert [one.id for one in store.pending(9, after=ids[0], octets=2 * size)] == ids[1:]
    assert [one.id for one in store.pending(9, octets=1)] == ids[:1]
    assert [one.id for one in store.pending(2, octets=99 * size)] == ids[:2]


def test_a_message_is_kept_once(store: SqlStore) -> None:
    store.add_messages(replace(HERE, last_uid=2), [raw(1), raw(2)])
    assert store.add_messages(replace(HERE, last_uid=3), [raw(2), raw(3)]) == 1
    assert store.count_messages() == 3


def test_the_cursor_never_goes_back_within_a_uidvalidity(store: SqlStore) -> None:
    store.add_messages(replace(HERE, last_uid=5), [])
    store.add_messages(replace(HERE, last_uid=3), [])
    assert store.cursor("INBOX") == replace(HERE, last_uid=5)


def test_the_same_uid_under_another_uidvalidity_is_another_message(store: SqlStore) -> None:
    store.add_messages(replace(HERE, last_uid=1), [raw(1)])
    other = raw(1, b"Subject: another\r\n\r\n", uidvalidity=8)
    assert store.add_messages(replace(HERE, uidvalidity=8, last_uid=1), [other]) == 1
    assert store.cursor("INBOX") == replace(HERE, uidvalidity=8, last_uid=1)
    assert store.count_messages() == 2


def test_messages_that_come_again_under_another_uidvalidity_are_not_doubled(store: SqlStore) -> None:
    store.add_messages(replace(HERE, last_uid=2), [raw(1), raw(2)])
    again = [replace(raw(uid), key=replace(raw(uid).key, uidvalidity=8, uid=uid + 10)) for uid in (1, 2)]
    for uid, message in zip((11, 12), again, strict=True):
        assert store.add_messages(replace(HERE, uidvalidity=8, last_uid=uid), [message]) == 0
    assert [pending.raw for pending in store.pending(10)] == again


def test_mailboxes_do_not_share_uids(store: SqlStore) -> None:
    store.add_messages(replace(HERE, last_uid=1), [raw(1)])
    elsewhere = raw(1, mailbox="Innkjøp æøå")
    assert store.add_messages(replace(HERE, mailbox="Innkjøp æøå", last_uid=1), [elsewhere]) == 1
    assert store.raw(2) == elsewhere


@pytest.mark.parametrize("octets", [b"", b"\x00\xff\xfe\r\n", bytes(range(256)) * 4000])
def test_octets_come_back_as_they_were(store: SqlStore, octets: bytes) -> None:
    store.add_messages(replace(HERE, last_uid=1), [raw(1, octets)])
    [pending] = store.pending(1)
    found = store.raw(pending.id)
    assert found is not None
    assert found.octets == octets


def test_two_pollers_at_once_double_nothing(store: SqlStore) -> None:
    store.migrate()
    batches = [[raw(uid) for uid in range(start, start + 10)] for start in range(1, 101, 10)]
    new: list[int] = []

    def poll() -> None:
        new.extend(store.add_messages(replace(HERE, last_uid=batch[-1].key.uid), batch) for batch in batches)

    pollers = [threading.Thread(target=poll) for _ in range(3)]
    for poller in pollers:
        poller.start()
    for poller in pollers:
        poller.join()
    assert sum(new) == store.count_messages() == 100


# triage


def test_a_recorded_message_has_a_case_with_its_facts(store: SqlStore) -> None:
    [message_id] = filled(store, 1)
    case_id = store.record(message_id, triaged(), join=alone, compose=draft, now=NOW)
    case = store.case(case_id)
    assert case is not None
    assert case.summary.number == "SM-000001"
    assert (case.summary.subject, case.summary.sender) == ("Offer of masks", "li@factory.example")
    assert (case.summary.categories, case.summary.missing) == (("gloves",), ("price",))
    assert case.summary.risk_signs == ("free_mail_domain",)
    assert case.summary.arrived == raw(1).internaldate
    assert [message.triaged for message in case.messages] == [triaged()]
    assert [event.kind for event in case.events] == ["case_opened", "reply_queued"]
    assert [reply.state for reply in case.replies] == ["queued"]
    assert store.pending(10) == []


def test_recording_twice_changes_nothing(store: SqlStore) -> None:
    [message_id] = filled(store, 1)
    once = store.record(message_id, triaged(), join=alone, compose=draft, now=NOW)
    before = store.case(once)
    assert store.record(message_id, triaged(score=99), join=alone, compose=draft, now=NOW) == once
    assert store.case(once) == before


def test_nothing_is_kept_of_a_recording_that_fails(store: SqlStore) -> None:
    [message_id] = filled(store, 1)

    def broken(_number: str) -> ReplyDraft | None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.record(message_id, triaged(), join=alone, compose=broken, now=NOW)
    assert [pending.id for pending in store.pending(10)] == [message_id]
    assert store.queue(QueueFilter(), page=1, size=10).total == 0
    assert store.outbox_counts() == {}


def test_case_numbers_have_no_gaps(store: SqlStore) -> None:
    for message_id in filled(store, 3):
        store.record(message_id, triaged(), join=alone, compose=silent, now=NOW)
    numbers = [case.number for case in store.queue(QueueFilter(), page=1, size=10).cases]
    assert sorted(numbers) == ["SM-000001", "SM-000002", "SM-000003"]


def test_a_joined_message_shows_the_highest_scored_facts_and_one_receipt(store: SqlStore) -> None:
    low, high, lower = filled(store, 3)
    case_id = store.record(low, triaged(score=5), join=first, compose=draft, now=NOW)
    better = triaged(mail("Better offer", msgid="b@x"), score=50, categories=("respirator",), company="New Name")
    assert store.record(high, better, join=first, compose=draft, now=NOW) == case_id
    assert (
        store.record(lower, triaged(mail("Worse", msgid="c@x"), score=1), join=first, compose=draft, now=NOW) == case_id
    )
    case = store.case(case_id)
    assert case is not None
    assert (case.summary.score, case.summary.subject, case.summary.company) == (50, "Better offer", "New Name")
    assert (case.summary.categories, case.summary.messages) == (("respirator",), 3)
    assert case.summary.arrived == raw(3).internaldate
    assert len(case.replies) == 1
    assert [event.kind for event in case.events].count("message_joined") == 2
    assert [event.kind for event in case.events].count("reply_repeated") == 2


def test_a_withheld_reply_says_by_which_rule(store: SqlStore) -> None:
    [message_id] = filled(store, 1)
    case_id = store.record(message_id, triaged(answered=False), join=alone, compose=draft, now=NOW)
    case = store.case(case_id)
    assert case is not None
    assert case.replies == ()
    assert case.events[-1].kind == "reply_withheld"
    assert case.events[-1].detail == {"rule": "automatic-response", "reason": "It was sent by a machine"}


def test_candidates_are_found_by_address_msgid_our_msgid_and_number(store: SqlStore) -> None:
    [message_id] = filled(store, 1)
    case_id = store.record(message_id, triaged(mail(msgid="<own@x.example>")), join=alone, compose=draft, now=NOW)
    ours = "<SM-000001.receipt.1@desk.example>"
    for address, msgids, numbers in (
        ("LI@factory.example", [], []),
        ("", ["own@x.example"], []),
        ("", ["<own@x.example>"], []),
        ("", [ours], []),
        ("", [], ["SM-000001"]),
    ):
        [candidate] = store.thread_candidates(address, msgids, numbers)
        assert (candidate.case_id, candidate.number) == (case_id, "SM-000001")
        assert candidate.message_ids == ("own@x.example",)
        assert candidate.our_message_ids == (ours.strip("<>"),)
        assert candidate.addresses == ("li@factory.example",)
    assert store.thread_candidates("other@x.example", ["z@x"], ["SM-000009"]) == []
    assert store.thread_candidates("", ["", "<>"], []) == []


def test_a_case_number_in_the_text_makes_a_candidate(store: SqlStore) -> None:
    one, two = filled(store, 2)
    case_id = store.record(one, triaged(), join=alone, compose=silent, now=NOW)
    answer = mail("Re: your receipt", sender="boss@elsewhere.example", msgid="n@x", text="Case SM-000001: as agreed")
    assert store.record(two, triaged(answer), join=first, compose=silent, now=NOW) == case_id


@pytest.mark.parametrize(
    "hostile", ["\x00", "\ud800", "a\udfffb\x00", "'; drop table message --", "𝕏" * 3000, "\u202e"]
)
def test_any_text_is_stored_and_comes_back(store: SqlStore, hostile: str) -> None:
    [message_id] = filled(store, 1)
    of = mail(f"s{hostile}", sender=f"{hostile}@x", msgid=hostile, text=f"t{hostile}", references=(hostile,))
    case_id = store.record(message_id, triaged(of, company=hostile), join=first, compose=draft, now=NOW)
    store.set_state(case_id, CaseState.CLOSED, actor=hostile, note=hostile, now=NOW)
    case = store.case(case_id)
    assert case is not None
    text = case.messages[0].triaged.mail.text
    assert len(text) == len(of.text)
    assert text.isprintable() or hostile == "\u202e"
    assert "\x00" not in text
    text.encode()


def test_failures_are_counted_and_the_third_is_quarantined_until_released(store: SqlStore) -> None:
    [message_id] = filled(store, 1)
    store.record_failure(message_id, "it took too long", quarantine=False)
    assert store.pending(1)[0].attempts == 1
    store.record_failure(message_id, "child died\x00", quarantine=True)
    [found] = store.quarantined()
    assert (found.id, found.attempts, found.cause) == (message_id, 2, "child died\ufffd")
    assert store.pending(1) == []
    store.release(message_id, actor="kari", now=NOW)
    assert store.pending(1)[0].attempts == 0
    with pytest.raises(StoreError, match="not in quarantine"):
        store.release(message_id, actor="kari", now=NOW)


# outbox


def queued(store: SqlStore, count: int = 1) -> list[int]:
    for message_id in filled(store, count):
        store.record(message_id, triaged(), join=alone, compose=draft, now=NOW)
    return [row.id for row in store.claim_due(NOW, count)]


def test_a_claimed_reply_is_sending_and_not_claimed_again(store: SqlStore) -> None:
    [message_id] = filled(store, 1)
    store.record(message_id, triaged(), join=alone, compose=draft, now=NOW)
    assert store.claim_due(NOW - timedelta(seconds=1), 10) == []
    [row] = store.claim_due(NOW, 10)
    assert (row.state, row.attempts, row.queued_at, row.draft) == (OutboxState.SENDING, 1, NOW, draft("SM-000001"))
    assert store.claim_due(NOW, 10) == []


def test_a_settled_reply_tells_the_case(store: SqlStore) -> None:
    [row_id] = queued(store)
    store.settle(row_id, OutboxState.SENT, "250 ok", due_at=None, now=NOW)
    case = store.case(1)
    assert case is not None
    assert (case.replies[0].state, case.replies[0].answer) == ("sent", "250 ok")
    assert case.events[-1].kind == "reply_sent"
    with pytest.raises(StoreError, match="not being sent"):
        store.settle(row_id, OutboxState.FAILED, "", due_at=None, now=NOW)


def test_a_reply_to_be_tried_again_waits_for_its_time(store: SqlStore) -> None:
    [row_id] = queued(store)
    later = NOW + timedelta(minutes=5)
    store.settle(row_id, OutboxState.QUEUED, "451 later", due_at=later, now=NOW)
    assert store.claim_due(NOW, 10) == []
    [row] = store.claim_due(later, 10)
    assert (row.attempts, row.answer) == (2, "451 later")


def test_a_reply_left_sending_by_a_dead_process_becomes_unknown(store: SqlStore) -> None:
    queued(store)
    assert store.stale_sending_to_unknown(NOW) == 0
    assert store.stale_sending_to_unknown(NOW + timedelta(minutes=1)) == 1
    assert store.outbox_counts() == {"unknown": 1}
    assert store.claim_due(NOW + timedelta(days=9), 10) == []


def test_a_reply_put_back_is_not_an_attempt(store: SqlStore) -> None:
    row_ids = queued(store)
    store.put_back(row_ids, now=NOW)
    assert store.claim_due(NOW, 1)[0].attempts == 1


# queue


def ranked(store: SqlStore) -> None:
    """Cases 1 to 5: scores 10, 30, 30, 20, 5; arrival descends with the number."""
    for message_id, score, category in zip(
        filled(store, 5), (10, 30, 30, 20, 5), ("gloves", "gown", "gloves", "gown", "gloves"), strict=True
    ):
        made = triaged(mail(f"Mail {message_id}"), score=score, categories=(category,), intent="question")
        store.record(message_id, made, join=alone, compose=silent, now=NOW)


def order(store: SqlStore, wanted: QueueFilter) -> list[int]:
    return [case.id for case in store.queue(wanted, page=1, size=50).cases]


def test_the_queue_stands_in_rank_order_then_arrival(store: SqlStore) -> None:
    ranked(store)
    assert order(store, QueueFilter()) == [3, 2, 4, 1, 5]


def test_the_queue_comes_page_by_page(store: SqlStore) -> None:
    ranked(store)
    page = store.queue(QueueFilter(), page=2, size=2)
    assert ([case.id for case in page.cases], page.total, page.page, page.pages) == ([4, 1], 5, 2, 3)
    assert store.queue(QueueFilter(), page=99, size=2).page == 3
    assert store.queue(QueueFilter(text="nothing such"), page=1, size=2).pages == 1


def test_next_follows_the_order_of_the_queue_to_its_end(store: SqlStore) -> None:
    ranked(store)
    walked, here = [], 3
    while (found := store.next_case(here, QueueFilter())) is not None:
        walked.append(found)
        here = found
    assert walked == [2, 4, 1, 5]
    assert store.next_case(3, QueueFilter(category="gloves")) == 1
    assert store.next_case(999, QueueFilter()) == 3


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (QueueFilter(category="gloves"), [3, 1, 5]),
        (QueueFilter(intent="offer"), []),
        (QueueFilter(band="high"), [3, 2, 4, 1, 5]),
        (QueueFilter(text="MAIL 4"), [4]),
        (QueueFilter(text="sm-000002"), [2]),
        (QueueFilter(text="factory"), [3, 2, 4, 1, 5]),
        (QueueFilter(text="100%"), []),
        (QueueFilter(text="_"), []),
    ],
)
def test_the_queue_shows_what_is_asked_for(store: SqlStore, wanted: QueueFilter, expected: list[int]) -> None:
    ranked(store)
    assert order(store, wanted) == expected


def test_done_cases_leave_the_open_queue_and_its_counts(store: SqlStore) -> None:
    ranked(store)
    store.set_state(3, CaseState.CLOSED, actor="kari", note="bought elsewhere", now=NOW)
    store.set_state(5, CaseState.NOT_NEEDED, actor="kari", note="", now=NOW)
    assert order(store, QueueFilter()) == [2, 4, 1]
    assert order(store, QueueFilter(open_only=False)) == [3, 2, 4, 1, 5]
    assert order(store, QueueFilter(state=CaseState.CLOSED)) == [3]
    assert store.category_counts() == {"gloves": 1, "gown": 2}
    case = store.case(3)
    assert case is not None
    last = case.events[-1]
    assert (last.kind, last.actor, last.at) == ("state_changed", "kari", NOW)
    assert last.detail == {"from": "received", "to": "closed", "note": "bought elsewhere"}


def test_a_case_that_is_not_there_is_none_or_an_error(store: SqlStore) -> None:
    assert store.case(1) is None
    with pytest.raises(StoreError, match="no case 1"):
        store.set_state(1, CaseState.CLOSED, actor="kari", note="", now=NOW)


# learning


def test_a_label_corrects_the_case_and_is_kept_with_what_was_read(store: SqlStore) -> None:
    [message_id] = filled(store, 1)
    case_id = store.record(message_id, triaged(), join=alone, compose=silent, now=NOW)
    store.add_label(message_id, "categories", "gown, respirator,gown", actor="kari", now=NOW)
    store.add_label(message_id, "intent", "question", actor="kari", now=NOW)
    case = store.case(case_id)
    assert case is not None
    assert (case.summary.categories, case.summary.intent) == (("gown", "respirator"), "question")
    assert not case.summary.uncertain
    assert [event.kind for event in case.events].count("label_added") == 2
    label = store.labels()[0]
    assert (label.field, label.value, label.read_value) == ("categories", "gown,respirator", "gloves")
    assert (label.artifact, label.actor, label.at) == ("artifact-1", "kari", NOW)


def test_what_a_person_corrected_survives_a_later_message(store: SqlStore) -> None:
    one, two = filled(store, 2)
    case_id = store.record(one, triaged(), join=alone, compose=silent, now=NOW)
    store.add_label(one, "categories", "gown", actor="kari", now=NOW)
    store.record(two, triaged(score=99, intent="follow_up"), join=first, compose=silent, now=NOW)
    case = store.case(case_id)
    assert case is not None
    assert (case.summary.categories, case.summary.intent, case.summary.score) == (("gown",), "follow_up", 99)


def test_labelled_examples_hold_the_last_correction_and_what_was_left_standing(store: SqlStore) -> None:
    one, two = filled(store, 2)
    for message_id in (one, two):
        store.record(message_id, triaged(), join=alone, compose=silent, now=NOW)
    store.add_label(one, "intent", "question", actor="kari", now=NOW)
    store.add_label(one, "intent", "donation", actor="ola", now=NOW)
    [example] = store.labelled_examples()
    assert (example.intent, example.categories, example.octets) == ("donation", ("gloves",), raw(1).octets)
    assert (example.group, example.source) == ("li@factory.example", "staff")


def test_a_message_without_reading_cannot_be_labelled(store: SqlStore) -> None:
    [message_id] = filled(store, 1)
    with pytest.raises(StoreError, match="not been read"):
        store.add_label(message_id, "intent", "offer", actor="kari", now=NOW)


# accounts and leadership


def test_a_session_ends_by_time_by_signing_out_and_by_a_new_password(store: SqlStore) -> None:
    store.put_account("kari", "procurement", "hash-1")
    account = store.account("kari")
    assert account is not None
    assert store.account("ola") is None
    later = NOW + timedelta(hours=8)
    for token in ("t1", "t2"):
        store.open_session(account.id, token, "csrf", expires_at=later, now=NOW)
    session = store.session("t1", NOW)
    assert session is not None
    assert (session.account, session.csrf, session.expires_at) == (account, "csrf", later)
    assert store.session("t1", later) is None
    store.close_session("t1")
    assert store.session("t1", NOW) is None
    assert store.session("t2", NOW) is not None
    store.put_account("kari", "admin", "hash-2")
    assert store.session("t2", NOW) is None
    changed = store.account("kari")
    assert changed is not None
    assert (changed.role, changed.password_hash, changed.id) == ("admin", "hash-2", account.id)


def test_one_leads_until_its_lease_ends(store: SqlStore) -> None:
    soon, later = NOW + timedelta(seconds=30), NOW + timedelta(seconds=60)
    assert store.take_lease("ticks", "a", until=soon, now=NOW)
    assert store.take_lease("ticks", "a", until=soon, now=NOW)
    assert not store.take_lease("ticks", "b", until=soon, now=NOW)
    assert store.take_lease("ticks", "b", until=later, now=soon)
    assert not store.take_lease("ticks", "a", until=later, now=soon)


def test_many_who_reach_for_a_lease_at_once_get_one_leader(store: SqlStore) -> None:
    won: list[bool] = []

    def reach(name: str) -> None:
        won.append(store.take_lease("ticks", name, until=NOW + timedelta(seconds=30), now=NOW))

    hands = [threading.Thread(target=reach, args=(f"h{number}",)) for number in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert won.count(True) == 1
