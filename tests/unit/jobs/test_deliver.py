"""Deliver sends each reply once, tries again what was not taken, and never resends what may have been."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.knowledge.running import DeliveryPolicy
from models.reply import OutboxState, ReplyDraft
from tests.fakes.making import NOW, draft, raw, triaged
from triage.adapters.store import SqlStore
from triage.errors import DeliveryError, DeliveryHalted, DeliveryUnknown, RecipientRefused
from triage.jobs.deliver import DeliverReport, deliver_once
from triage.ports import Cursor

POLICY = DeliveryPolicy(backoff_minutes=(5, 15, 60), jitter=0.5, give_up_hours=48, stale_minutes=15, round_size=10)


class FakeMailer:
    """Answers by `answer`; keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.closed = 0
        self.answer: Callable[[ReplyDraft], str] = lambda _draft: "250 taken"

    def send(self, draft: ReplyDraft) -> str:
        self.given.append(draft.message_id)
        return self.answer(draft)

    def check(self) -> str:
        return "fake"

    def close(self) -> None:
        self.closed += 1

    def fail(self, fault: BaseException) -> None:
        def raised(_draft: ReplyDraft) -> str:
            raise fault

        self.answer = raised


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(f"sqlite:///{tmp_path}/desk.db", case_prefix="SM")
    store.migrate()
    yield store
    store.dispose()


def queue(store: SqlStore, count: int) -> None:
    here = Cursor(mailbox="INBOX", uidvalidity=7, last_uid=count)
    store.add_messages(here, [raw(uid) for uid in range(1, count + 1)])
    for pending in store.pending(count):
        store.record(pending.id, triaged(), join=lambda _candidates: None, compose=draft, now=NOW)


def deliver(store: SqlStore, mailer: FakeMailer, now: datetime = NOW) -> DeliverReport:
    return deliver_once(store, mailer, POLICY, now=lambda: now, chance=lambda: 0.0)


def test_every_due_reply_is_sent_once(store: SqlStore) -> None:
    queue(store, 3)
    mailer = FakeMailer()
    assert deliver(store, mailer).settled == {OutboxState.SENT: 3}
    assert deliver(store, mailer).settled == {}
    assert len(set(mailer.given)) == len(mailer.given) == 3
    assert mailer.closed == 2


def test_what_was_never_taken_is_given_up_in_the_end(store: SqlStore) -> None:
    queue(store, 1)
    mailer = FakeMailer()
    mailer.fail(DeliveryError("451 later"))
    now = NOW
    while store.outbox_counts() == {"queued": 1}:
        deliver(store, mailer, now)
        now += timedelta(minutes=60)
    assert store.outbox_counts() == {"failed": 1}
    assert now - NOW == timedelta(hours=49)
    assert len(mailer.given) == 49


def test_the_intervals_are_those_of_the_policy(store: SqlStore) -> None:
    queue(store, 1)
    mailer = FakeMailer()
    mailer.fail(DeliveryError("451 later"))
    now = NOW
    for minutes in (5, 15, 60, 60):
        deliver(store, mailer, now)
        tried = len(mailer.given)
        now += timedelta(minutes=minutes)
        deliver(store, mailer, now - timedelta(seconds=1))
        assert len(mailer.given) == tried


def test_jitter_only_lengthens_a_wait(store: SqlStore) -> None:
    queue(store, 1)
    mailer = FakeMailer()
    mailer.fail(DeliveryError("451 later"))
    deliver_once(store, mailer, POLICY, now=lambda: NOW, chance=lambda: 0.999)
    assert store.claim_due(NOW + timedelta(minutes=7), 1) == []
    assert len(store.claim_due(NOW + timedelta(minutes=7.5), 1)) == 1


@pytest.mark.parametrize(
    ("fault", "state"),
    [(RecipientRefused("550 5.1.1 unknown"), "failed"), (DeliveryUnknown("broke after the dot"), "unknown")],
)
def test_a_final_outcome_is_never_sent_again(store: SqlStore, fault: Exception, state: str) -> None:
    queue(store, 1)
    mailer = FakeMailer()
    mailer.fail(fault)
    for days in range(5):
        deliver(store, mailer, NOW + timedelta(days=days))
    assert len(mailer.given) == 1
    assert store.outbox_counts() == {state: 1}
    case = store.case(1)
    assert case is not None
    assert (case.events[-1].kind, case.events[-1].detail["answer"]) == (f"reply_{state}", str(fault))


def test_one_refused_reply_does_not_stop_the_others(store: SqlStore) -> None:
    queue(store, 3)
    mailer = FakeMailer()

    def answer(draft: ReplyDraft) -> str:
        if "000002" in draft.message_id:
            raise RecipientRefused("550 no")
        return "250 taken"

    mailer.answer = answer
    assert deliver(store, mailer).settled == {OutboxState.SENT: 2, OutboxState.FAILED: 1}


def test_a_refused_sign_in_stops_the_round_and_costs_no_attempt(store: SqlStore) -> None:
    queue(store, 3)
    mailer = FakeMailer()
    mailer.fail(DeliveryHalted("535 wrong password"))
    report = deliver(store, mailer)
    assert (report.halted, report.settled) == ("535 wrong password", {})
    assert len(mailer.given) == 1
    assert store.outbox_counts() == {"queued": 3}
    assert store.claim_due(NOW, 1)[0].attempts == 1


def test_a_server_in_trouble_is_left_alone_for_the_round(store: SqlStore) -> None:
    queue(store, 9)
    mailer = FakeMailer()
    mailer.fail(DeliveryError("did not answer in time"))
    deliver(store, mailer)
    assert len(mailer.given) == 3


def test_a_reply_that_a_dead_process_was_sending_is_unknown_and_stays_so(store: SqlStore) -> None:
    queue(store, 1)
    mailer = FakeMailer()
    mailer.fail(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        deliver(store, mailer)
    assert store.outbox_counts() == {"sending": 1}
    assert deliver(store, mailer, NOW + timedelta(minutes=16)).left_unknown == 1
    assert len(mailer.given) == 1
