"""Replies on their way out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from models.reply import OutboxRow, OutboxState, ReplyDraft, ReplyKind
from models.tables import OutboxRecord
from triage.adapters.store.engine import Database
from triage.adapters.store.events import SYSTEM, add_event
from triage.adapters.triaged_json import clean
from triage.errors import StoreError

ANSWER_LENGTH = 1000
_TOLD = frozenset({OutboxState.SENT, OutboxState.UNKNOWN, OutboxState.FAILED, OutboxState.BOUNCED})
"""States that the history of the case tells."""


class Outbox(Database):
    """What deliver takes up and settles."""

    def claim_due(self, now: datetime, limit: int) -> Sequence[OutboxRow]:
        """Due rows, written down as SENDING with one more attempt."""
        due = select(OutboxRecord).where(OutboxRecord.state == OutboxState.QUEUED, OutboxRecord.due_at <= now)
        query = due.order_by(col(OutboxRecord.due_at), col(OutboxRecord.id)).limit(limit)
        with self._writing() as session:
            records = session.exec(query.with_for_update(skip_locked=True)).all()
            for record in records:
                record.state, record.attempts, record.changed_at = OutboxState.SENDING, record.attempts + 1, now
            session.flush()
            return [_row(record) for record in records]

    def settle(self, row_id: int, state: str, answer: str, *, due_at: datetime | None, now: datetime) -> None:
        """How the attempt at a SENDING row ended; `due_at` when it is to be tried again.

        StoreError when the row is not SENDING: somebody else has settled it.
        """
        told = clean(answer)[:ANSWER_LENGTH]
        with self._writing() as session:
            record = session.get(OutboxRecord, row_id, with_for_update=True)
            if record is None or record.state != OutboxState.SENDING:
                raise StoreError(f"reply {row_id} is not being sent; see its case for what became of it")
            record.state, record.answer, record.changed_at = OutboxState(state), told, now
            record.due_at = due_at or record.due_at
            _tell(session, record, now)

    def stale_sending_to_unknown(self, before: datetime) -> int:
        """Rows left SENDING since `before` by a process that died become UNKNOWN: a person decides."""
        stale = select(OutboxRecord).where(OutboxRecord.state == OutboxState.SENDING, OutboxRecord.changed_at < before)
        with self._writing() as session:
            records = session.exec(stale.with_for_update()).all()
            for record in records:
                record.state = OutboxState.UNKNOWN
                _tell(session, record, before)
            return len(records)

    def outbox_counts(self) -> Mapping[str, int]:
        """Replies by state."""
        query = select(OutboxRecord.state, func.count()).group_by(col(OutboxRecord.state))
        with self._reading() as session:
            return dict(session.exec(query).all())

    def put_back(self, row_ids: Sequence[int], *, now: datetime) -> None:
        """Claimed rows that were never tried wait again, their attempt not counted."""
        with self._writing() as session:
            session.connection().execute(
                update(OutboxRecord)
                .where(col(OutboxRecord.id).in_(row_ids), col(OutboxRecord.state) == OutboxState.SENDING)
                .values(state=OutboxState.QUEUED, attempts=col(OutboxRecord.attempts) - 1, changed_at=now)
            )


def _tell(session: Session, record: OutboxRecord, now: datetime) -> None:
    if record.state in _TOLD:
        detail = {"kind": record.kind, "to": record.recipient, "answer": record.answer}
        add_event(session, record.case_id, now, SYSTEM, f"reply_{OutboxState(record.state).value}", detail)


def _row(record: OutboxRecord) -> OutboxRow:
    return OutboxRow(
        id=record.id or 0,
        case_id=record.case_id,
        draft=ReplyDraft(
            kind=ReplyKind(record.kind),
            version=record.version,
            language=record.language,
            subject=record.subject,
            message_id=f"<{record.msgid}>",
            envelope_sender=record.envelope_sender,
            recipient=record.recipient,
            octets=record.octets,
        ),
        state=OutboxState(record.state),
        attempts=record.attempts,
        queued_at=record.queued_at,
        due_at=record.due_at,
        answer=record.answer,
    )
