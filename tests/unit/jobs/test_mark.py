"""Marks are written after triage is committed, once, by our rules, and follow what staff correct."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.label import LabelField
from models.mail import RawMessage
from models.mark import Mark, Markable
from models.tables import MarkRow
from tests.fakes.making import NOW, mail, raw, triaged
from tests.fakes.marker import POLICY, FakeMarker
from triage.adapters.store import SqlStore
from triage.errors import MailboxError, MailboxRefused
from triage.jobs.mark import By, MarkReport, mark_once
from triage.ports import Cursor
from triage.stages.mark import mark_of

SAYS: dict[int, dict[str, Any]] = {
    1: {"categories": ("gloves",)},
    2: {"categories": ("gloves", "gown")},
    3: {"categories": ()},
    4: {"categories": ("unheard-of",)},
    5: {"categories": (), "intent": "bounce"},
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/desk.db" if sqlite else str(request.getfixturevalue("postgres_url"))
    store = SqlStore(url, case_prefix="SM")
    store.migrate()
    yield store
    store.dispose()


def take_in(store: SqlStore, *messages: RawMessage) -> None:
    last = max(message.key.uid for message in messages)
    store.add_messages(Cursor(mailbox="INBOX", uidvalidity=messages[0].key.uidvalidity, last_uid=last), messages)


def triage(store: SqlStore, says: dict[int, dict[str, Any]], *, uncertain: bool = False) -> dict[int, int]:
    """Record what is said of each UID that waits; message ids by UID."""
    ids = {}
    for pending in store.pending(99):
        uid = pending.raw.key.uid
        ids[uid] = pending.id
        of = triaged(mail(f"Mail {uid}", msgid=f"{uid}@x.example"), answered=False, **says.get(uid, {}))
        judgement = replace(of.reading.judgement, uncertain=uncertain)
        of = replace(of, reading=replace(of.reading, judgement=judgement))
        store.record(pending.id, of, join=lambda _candidates: None, compose=lambda _number: None, now=NOW)
    return ids


@pytest.fixture
def ids(store: SqlStore) -> dict[int, int]:
    take_in(store, *(raw(uid) for uid in SAYS))
    return triage(store, SAYS)


def run(store: SqlStore, marker: FakeMarker, by: By = "keywords", *, minutes: float = 0) -> MarkReport:
    """A round, so many minutes after NOW; the clock goes on at each look."""
    ticks = iter(range(10**6))
    return mark_once(
        marker.open,
        store,
        POLICY,
        mailbox="INBOX",
        by=by,
        now=lambda: NOW + timedelta(minutes=minutes, microseconds=next(ticks)),
    )


def row(store: SqlStore, message_id: int) -> MarkRow:
    with store._reading() as session:
        return session.get_one(MarkRow, message_id)


def test_every_rule_that_holds_gives_its_keyword(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS)
    assert run(store, marker) == MarkReport(mailbox="INBOX", marked=4, left=1)
    assert marker.flags == {
        1: {"x-gloves"},
        2: {"x-gown", "x-gloves"},
        3: {"x-none"},
        4: set(),
        5: {"x-bounce", "x-none"},
    }
    assert store.mark_counts() == {"done": 5}


def test_the_first_rule_that_holds_gives_the_folder(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS)
    assert run(store, marker, "folders") == MarkReport(mailbox="INBOX", marked=2, left=3)
    assert marker.folders == {"Sorted/Hansker æøå": [1], "Sorted/Frakker": [2]}


def test_a_second_round_calls_nobody(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS)
    run(store, marker)
    assert (marker.opened, marker.closed) == (1, 1)
    assert run(store, marker, minutes=60) == MarkReport(mailbox="INBOX")
    assert marker.opened == 1


def test_what_has_not_been_triaged_is_not_marked(store: SqlStore) -> None:
    take_in(store, raw(1), raw(2))
    marker = FakeMarker([1, 2])
    assert run(store, marker) == MarkReport(mailbox="INBOX")
    first, _ = store.pending(2)
    store.record_failure(first.id, "broken", quarantine=True)
    assert run(store, marker) == MarkReport(mailbox="INBOX")
    assert marker.opened == 0


def test_a_mailbox_that_was_never_polled_is_not_marked(store: SqlStore) -> None:
    marker = FakeMarker([1])
    assert (run(store, marker), marker.opened) == (MarkReport(mailbox="INBOX"), 0)


def test_mail_that_lay_there_before_is_left_alone(store: SqlStore) -> None:
    take_in(store, replace(raw(1), backfill=True))
    triage(store, {})
    marker = FakeMarker([1])
    assert run(store, marker) == MarkReport(mailbox="INBOX", left=1)
    assert marker.opened == 0


def test_doubtful_mail_stays_until_a_person_has_looked(store: SqlStore) -> None:
    take_in(store, raw(1))
    [message_id] = triage(store, {1: {"categories": ("gloves",)}}, uncertain=True).values()
    marker = FakeMarker([1])
    assert run(store, marker, "folders") == MarkReport(mailbox="INBOX", left=1)
    store.add_label(message_id, LabelField.CATEGORIES, "gown", actor="kari", now=NOW + timedelta(hours=1))
    assert run(store, marker, "folders", minutes=61).marked == 1
    assert marker.folders == {"Sorted/Frakker": [1]}


def test_keywords_follow_a_correction(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS)
    run(store, marker)
    marker.flags[1].add("by-hand")
    store.add_label(ids[1], LabelField.CATEGORIES, "gown", actor="kari", now=NOW + timedelta(hours=1))
    assert run(store, marker, minutes=61) == MarkReport(mailbox="INBOX", marked=1)
    assert marker.flags[1] == {"x-gown", "by-hand"}


def test_keywords_of_before_go_even_when_a_fault_came_between(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS)
    run(store, marker)
    store.add_label(ids[1], LabelField.CATEGORIES, "gown", actor="kari", now=NOW + timedelta(hours=1))

    def broken() -> None:
        raise MailboxError("the connection ended")

    marker.before_writing = broken
    with pytest.raises(MailboxError):
        run(store, marker, minutes=61)
    marker.before_writing = lambda: None
    assert run(store, marker, minutes=62).marked == 1
    assert marker.flags[1] == {"x-gown"}


def test_a_correction_while_it_is_written_is_not_lost(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS)

    def correct() -> None:
        marker.before_writing = lambda: None
        store.add_label(ids[1], LabelField.CATEGORIES, "gown", actor="kari", now=NOW + timedelta(minutes=1))

    marker.before_writing = correct
    run(store, marker)
    assert marker.flags[1] == {"x-gown"}
    assert store.mark_counts() == {"done": 5}


def test_what_was_moved_is_not_moved_again_by_a_correction(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS)
    run(store, marker, "folders")
    store.add_label(ids[1], LabelField.CATEGORIES, "gown", actor="kari", now=NOW + timedelta(hours=1))
    assert run(store, marker, "folders", minutes=61) == MarkReport(mailbox="INBOX", gone=1)
    assert marker.folders["Sorted/Hansker æøå"] == [1]
    assert row(store, ids[1]).state == "done"


def test_a_message_that_staff_took_away_is_done(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker([2, 3, 4, 5])
    assert run(store, marker).gone == 1
    assert (row(store, ids[1]).state, row(store, ids[1]).cause) == ("done", "it is no longer in the folder")


def test_a_message_that_staff_put_back_stays(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS)
    run(store, marker, "folders")
    take_in(store, raw(9, raw(1).octets))
    triage(store, {9: {"categories": ("gloves",)}})
    marker.flags[9] = set()
    assert run(store, marker, "folders") == MarkReport(mailbox="INBOX", left=1)
    assert marker.flags.keys() == {3, 4, 5, 9}


def test_a_message_of_which_only_a_part_is_held_stays_where_the_rest_can_be_fetched(store: SqlStore) -> None:
    take_in(store, replace(raw(1), size=10**8))
    [message_id] = triage(store, {}).values()
    marker = FakeMarker([1])
    assert run(store, marker, "folders").left == 1
    store.want_rest(message_id, actor="kari", now=NOW)
    store.complete(message_id, raw(1))
    assert run(store, marker, "folders") == MarkReport(mailbox="INBOX")
    triage(store, {})
    assert run(store, marker, "folders").marked == 1


def test_one_message_that_the_server_refuses_holds_up_no_other(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS)
    marker.refused = {3}
    assert run(store, marker) == MarkReport(mailbox="INBOX", marked=3, left=1, refused=1)
    assert run(store, marker, minutes=5) == MarkReport(mailbox="INBOX")
    assert row(store, ids[3]).state == "due"
    assert run(store, marker, minutes=20).refused == 1
    assert (row(store, ids[3]).state, row(store, ids[3]).cause) == ("failed", "NO not this one")
    assert run(store, marker, minutes=99) == MarkReport(mailbox="INBOX")


def test_a_server_that_refuses_all_is_left_for_later(store: SqlStore) -> None:
    take_in(store, *(raw(uid) for uid in range(1, 7)))
    triage(store, {})
    marker = FakeMarker(range(1, 7))
    marker.refused = set(range(1, 7))
    with pytest.raises(MailboxError, match="tried again later"):
        run(store, marker)
    assert marker.closed == 1


def test_a_server_that_says_it_did_and_did_not_is_asked_again(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS)
    marker.silent = {1}
    assert run(store, marker).refused == 1
    marker.silent = set()
    assert run(store, marker, minutes=20).marked == 1


def test_a_folder_without_keywords_is_one_trouble_and_nothing_is_noted_as_done(
    store: SqlStore, ids: dict[int, int]
) -> None:
    with pytest.raises(MailboxRefused, match="keeps no keywords"):
        run(store, FakeMarker(SAYS, allowed=False))
    assert "done" not in store.mark_counts()
    marker = FakeMarker(SAYS)
    run(store, marker, minutes=1)
    assert store.mark_counts() == {"done": 5}


def test_uids_of_another_validity_are_not_written_to(store: SqlStore, ids: dict[int, int]) -> None:
    marker = FakeMarker(SAYS, uidvalidity=8)
    with pytest.raises(MailboxError, match="numbered anew"):
        run(store, marker)
    assert all(not flags for flags in marker.flags.values())
    take_in(store, raw(6, uidvalidity=8))  # the next poll: what was read before is under its old key
    triage(store, {6: {"categories": ("gown",)}})
    marker.flags[6] = set()
    assert run(store, marker, minutes=1).marked == 1
    assert marker.flags == {**{uid: set() for uid in SAYS}, 6: {"x-gown"}}


def test_what_is_to_be_written_comes_from_our_rules_alone() -> None:
    message = Markable(
        id=1, uid=1, size=1, sha256="", intent="x\r\nA1 DELETE INBOX", categories=("gown\r\n", "gloves"),
        uncertain=False, backfill=False,
    )  # fmt: skip
    assert mark_of(message, POLICY) == Mark(keywords=("x-gloves",), folder="Hansker æøå")


def test_a_row_of_old_mail_is_marked_when_the_rules_say_so() -> None:
    message = Markable(
        id=1, uid=1, size=1, sha256="", intent="offer", categories=("gown",), uncertain=False, backfill=True
    )
    assert mark_of(message, replace(POLICY, old_mail=True)).folder == "Frakker"
