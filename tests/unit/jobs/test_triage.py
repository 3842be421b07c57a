"""Triage writes down in order, tries a bad mail again, quarantines it, and stops for what is nobody's mail's fault."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from models.case import QueueFilter, Triaged
from models.mail import RawMessage
from models.reply import ReplyDraft
from tests.fakes.making import NOW, draft, mail, raw, triaged
from triage.adapters.store import SqlStore
from triage.errors import ReadingError, StoreError, WorkError
from triage.jobs import triage as job
from triage.jobs.triage import TriageReport, triage_pending
from triage.ports import Cursor


class FakeReaders:
    """Reads by `answers`: UID to what happens; messages in `late` are done only when others were asked for."""

    def __init__(self, answers: dict[int, Exception] | None = None, late: set[int] | None = None) -> None:
        self.answers, self.late = answers or {}, late or set()
        self.asked: list[int] = []
        self.waiting: list[tuple[Future[Triaged], RawMessage]] = []

    def submit(self, raw: RawMessage) -> Future[Triaged]:
        self.asked.append(raw.key.uid)
        promise: Future[Triaged] = Future()
        if raw.key.uid in self.late:
            self.waiting.append((promise, raw))
            return promise
        self.answer(promise, raw)
        return promise

    def answer(self, promise: Future[Triaged], raw: RawMessage) -> None:
        if fault := self.answers.get(raw.key.uid):
            promise.set_exception(fault)
        else:
            promise.set_result(triaged(mail(f"Mail {raw.key.uid}", msgid=f"{raw.key.uid}@x.example")))

    def close(self) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(f"sqlite:///{tmp_path}/desk.db", case_prefix="SM")
    store.migrate()
    store.add_messages(Cursor(mailbox="INBOX", uidvalidity=7, last_uid=5), [raw(uid) for uid in range(1, 6)])
    yield store
    store.dispose()


def alone(_of: Triaged, _candidates: object) -> None:
    return None


def receipt(_of: Triaged, number: str) -> ReplyDraft:
    return draft(number)


def run(
    store: SqlStore, readers: FakeReaders, compose: Callable[[Triaged, str], ReplyDraft | None] = receipt
) -> TriageReport:
    return triage_pending(store, readers, compose, join=alone, attempts=3, now=lambda: NOW)


def by_number(store: SqlStore) -> list[str]:
    cases = store.queue(QueueFilter(), page=1, size=50).cases
    return [case.subject for case in sorted(cases, key=lambda case: case.number)]


def test_every_waiting_message_is_written_down_in_order(store: SqlStore) -> None:
    assert run(store, FakeReaders()) == TriageReport(triaged=5)
    assert by_number(store) == [f"Mail {uid}" for uid in range(1, 6)]
    assert store.outbox_counts() == {"queued": 5}
    assert run(store, FakeReaders()) == TriageReport()


def test_a_window_smaller_than_the_backlog_changes_nothing(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "WINDOW", 2)
    assert run(store, FakeReaders()).triaged == 5
    assert by_number(store) == [f"Mail {uid}" for uid in range(1, 6)]


def test_no_more_octets_are_held_than_the_window_has_room_for(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "WINDOW_OCTETS", 2 * len(raw(1).octets))
    readers = Together(late=set(range(1, 6)))
    assert run(store, readers).triaged == 5
    assert readers.most == 2


class Together(FakeReaders):
    """Answers those that were asked for together, a while later; `most` is how many these were."""

    most = 0

    def submit(self, raw: RawMessage) -> Future[Triaged]:
        promise = super().submit(raw)
        unanswered = [one for one in self.waiting if not one[0].done()]
        self.most = max(self.most, len(unanswered))
        threading.Timer(0.2, self.answer, args=(promise, raw)).start()
        return promise


def test_a_bad_message_is_quarantined_after_three_attempts_and_the_others_go_on(store: SqlStore) -> None:
    readers = FakeReaders({2: ReadingError("it took too long")})
    assert run(store, readers) == TriageReport(triaged=4, failures=3, quarantined=1)
    assert readers.asked == [1, 2, 3, 4, 5, 2, 2]
    [found] = store.quarantined()
    assert (found.key.uid, found.attempts, found.cause) == (2, 3, "it took too long")
    store.release(found.id, actor="kari", now=NOW)
    assert run(store, FakeReaders()).triaged == 1


def test_attempts_are_counted_over_restarts(store: SqlStore) -> None:
    store.record_failure(1, "killed", quarantine=False)
    store.record_failure(1, "killed", quarantine=False)
    assert run(store, FakeReaders({1: ReadingError("killed")})).failures == 1
    assert [found.id for found in store.quarantined()] == [1]


def test_a_message_that_cannot_be_answered_is_no_reason_to_stop(store: SqlStore) -> None:
    def broken(of: Triaged, number: str) -> ReplyDraft:
        if of.mail.subject == "Mail 3":
            raise ZeroDivisionError("no template")
        return draft(number)

    report = run(store, FakeReaders(), broken)
    assert (report.triaged, report.quarantined) == (4, 1)
    assert store.quarantined()[0].cause == "ZeroDivisionError: no template"


def test_children_that_cannot_read_at_all_cost_no_message_an_attempt(store: SqlStore) -> None:
    with pytest.raises(WorkError):
        run(store, FakeReaders({1: WorkError("data/ is missing")}))
    assert [pending.attempts for pending in store.pending(9)] == [0] * 5


def test_a_database_in_trouble_costs_no_message_an_attempt(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_args: object, **_kwargs: object) -> int:
        raise StoreError("gone")

    monkeypatch.setattr(SqlStore, "record", unreachable)
    with pytest.raises(StoreError):
        run(store, FakeReaders())
    assert [pending.attempts for pending in store.pending(9)] == [0] * 5


def test_one_slow_message_does_not_hold_up_the_others(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "PATIENCE", 0.01)
    readers = FakeReaders(late={1})

    def progress(done: int, _all: int) -> None:
        if done == 4:
            readers.answer(*readers.waiting.pop())

    triage_pending(store, readers, receipt, join=alone, attempts=3, now=lambda: NOW, progress=progress)
    assert by_number(store) == ["Mail 2", "Mail 3", "Mail 4", "Mail 5", "Mail 1"]


def test_a_round_that_is_to_stop_leaves_the_rest_for_the_next(store: SqlStore) -> None:
    done: list[int] = []

    def progress(now_done: int, _all: int) -> None:
        done.append(now_done)

    triage_pending(
        store,
        FakeReaders(),
        receipt,
        join=alone,
        attempts=3,
        now=lambda: NOW,
        progress=progress,
        stopping=lambda: len(done) >= 2,
    )
    assert done == [1, 2]
    assert len(store.pending(9)) == 3
