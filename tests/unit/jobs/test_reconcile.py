"""A reconcile finds what polls went past; a preview writes nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.mailbox import FakeMailbox
from tests.fakes.making import NOW
from tests.fakes.policies import INTAKE
from triage.adapters.store import SqlStore
from triage.jobs.poll import poll_once
from triage.jobs.reconcile import preview, reconcile
from triage.ports import Cursor


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


def test_what_polls_went_past_is_found_and_taken_in(store: SqlStore, mailbox: FakeMailbox) -> None:
    kept = {uid: mailbox.held.pop(uid) for uid in (2, 5)}
    poll_once(mailbox, store, INTAKE, batch=3, now=NOW)
    before = store.cursor("INBOX")
    mailbox.held |= kept
    assert poll_once(mailbox, store, INTAKE, batch=3, now=NOW).found == 0
    report = reconcile(mailbox, store, INTAKE, batch=3, now=NOW)
    assert (report.on_server, report.with_row, report.missing, report.stored) == (7, 5, (2, 5), 2)
    assert store.cursor("INBOX") == before
    again = reconcile(mailbox, store, INTAKE, batch=3, now=NOW)
    assert (again.with_row, again.missing, again.stored) == (7, (), 0)


def test_what_is_gone_from_the_server_keeps_its_row(store: SqlStore, mailbox: FakeMailbox) -> None:
    poll_once(mailbox, store, INTAKE, batch=3, now=NOW)
    del mailbox.held[3]
    report = reconcile(mailbox, store, INTAKE, batch=3, now=NOW)
    assert (report.gone, store.count_messages()) == (1, 7)


def test_what_no_poll_has_reached_is_new_and_left_to_the_next(store: SqlStore, mailbox: FakeMailbox) -> None:
    report = reconcile(mailbox, store, INTAKE, batch=3, now=NOW)
    assert (report.new, report.missing, store.count_messages()) == (7, (), 0)
    assert poll_once(mailbox, store, INTAKE, batch=3, now=NOW).stored == 7


def test_a_message_that_vanished_has_a_row_and_is_not_missing(store: SqlStore, mailbox: FakeMailbox) -> None:
    mailbox.expunged_at_fetch = {2}
    poll_once(mailbox, store, INTAKE, batch=3, now=NOW)
    assert reconcile(mailbox, store, INTAKE, batch=3, now=NOW).missing == ()
    assert store.message_counts() == {"stored": 6, "vanished": 1}


def test_a_preview_says_what_a_poll_would_do_and_writes_nothing(store: SqlStore, mailbox: FakeMailbox) -> None:
    seen = preview(mailbox, store, INTAKE, now=NOW)
    assert (seen.found, seen.backfilled, seen.first_start, seen.renumbered) == (7, 5, True, False)
    assert seen.octets == sum(len(octets) for octets, _ in mailbox.held.values())
    assert (store.cursor("INBOX"), store.count_messages(), mailbox.fetched) == (None, 0, [])
    polled = poll_once(mailbox, store, INTAKE, batch=3, now=NOW)
    assert (polled.found, polled.backfilled) == (seen.found, seen.backfilled)


def test_a_preview_tells_of_uids_numbered_anew(store: SqlStore, mailbox: FakeMailbox) -> None:
    store.add_messages(Cursor(mailbox="INBOX", uidvalidity=mailbox.uidvalidity + 1, last_uid=9), [])
    seen = preview(mailbox, store, INTAKE, now=NOW)
    assert (seen.found, seen.renumbered, seen.first_start) == (7, True, False)
