"""Deliver: replies that are due go out, each written down as being sent before a word is spoken, and settled after."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from models.knowledge.running import DeliveryPolicy
from models.reply import OutboxRow, OutboxState
from triage.errors import DeliveryError, DeliveryHalted, DeliveryUnknown, RecipientRefused
from triage.ports import Mailer, Store

FAILURES_IN_A_ROW = 3
"""After so many the server itself is in trouble: the rest waits for the next round, unattempted."""


@dataclass(slots=True, kw_only=True)
class DeliverReport:
    """What a round did: replies by the state they were left in, and why nothing can be sent, if so.

    `left_unknown` were being sent by a process that died.
    """

    settled: dict[OutboxState, int] = field(default_factory=dict)
    left_unknown: int = 0
    halted: str = ""

    def count(self, state: OutboxState) -> None:
        """One more reply was left in `state`."""
        self.settled[state] = self.settled.get(state, 0) + 1


def clock() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


def deliver_once(
    store: Store,
    mailer: Mailer,
    policy: DeliveryPolicy,
    *,
    now: Callable[[], datetime] = clock,
    chance: Callable[[], float] = random.random,
) -> DeliverReport:
    """Send what is due, `policy.round_size` replies at most.

    Each row is claimed by itself, so that one left SENDING by a crash is exactly the one whose fate is unknown.
    """
    report = DeliverReport()
    report.left_unknown = store.stale_sending_to_unknown(now() - timedelta(minutes=policy.stale_minutes))
    in_a_row = 0
    try:
        for _ in range(policy.round_size):
            if in_a_row == FAILURES_IN_A_ROW or not (rows := store.claim_due(now(), 1)):
                break
            state = _settled(store, rows[0], _attempted(mailer, rows[0]), policy, now=now(), chance=chance())
            report.count(state)
            in_a_row = in_a_row + 1 if state is OutboxState.QUEUED else 0
    except DeliveryHalted as fault:
        store.put_back([row.id for row in rows], now=now())
        report.halted = str(fault)
    finally:
        mailer.close()
    return report


def _attempted(mailer: Mailer, row: OutboxRow) -> tuple[OutboxState, str]:
    """State and answer that one attempt led to. Raises DeliveryHalted."""
    try:
        return OutboxState.SENT, mailer.send(row.draft)
    except DeliveryHalted:
        raise
    except DeliveryUnknown as fault:
        return OutboxState.UNKNOWN, str(fault)
    except RecipientRefused as fault:
        return OutboxState.FAILED, str(fault)
    except DeliveryError as fault:
        return OutboxState.QUEUED, str(fault)


def _settled(
    store: Store,
    row: OutboxRow,
    attempted: tuple[OutboxState, str],
    policy: DeliveryPolicy,
    *,
    now: datetime,
    chance: float,
) -> OutboxState:
    state, answer = attempted
    due_at = next_attempt(row, policy, now=now, chance=chance) if state is OutboxState.QUEUED else None
    if state is OutboxState.QUEUED and due_at is None:
        state = OutboxState.FAILED
    store.settle(row.id, state, answer, due_at=due_at, now=now)
    return state


def next_attempt(row: OutboxRow, policy: DeliveryPolicy, *, now: datetime, chance: float) -> datetime | None:
    """When a reply that could not be sent is tried again; None when it has been tried long enough.

    `chance` in [0, 1) spreads the attempts.
    """
    if now - row.queued_at >= timedelta(hours=policy.give_up_hours):
        return None
    waits = policy.backoff_minutes
    wait = waits[min(row.attempts, len(waits)) - 1]
    return now + timedelta(minutes=wait * (1 + policy.jitter * chance))
