"""Messages in trouble: their reading failed, or their octets did not come, or not all of them; and jobs in trouble."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, or_, update
from sqlmodel import Session, col, select

from models.mail import RawMessage
from models.tables import MessageRow, MessageState, OctetsRow, TroubleRow
from triage.adapters.store.engine import Database
from triage.adapters.store.events import add_event
from triage.adapters.store.messages import CAUSE_LENGTH, message_key
from triage.adapters.triaged_json import clean
from triage.errors import StoreError
from triage.ports import Due, Quarantined, Trouble

HELD_UP = (MessageState.QUARANTINED, MessageState.OWED)


class Troubled(Database):
    """What does not go its ordinary way, kept where people see it and can set it going again."""

    def record_failure(self, message_id: int, cause: str, *, quarantine: bool) -> None:
        """One more failed attempt at a message that waits for triage."""
        state = MessageState.QUARANTINED if quarantine else MessageState.STORED
        with self._writing() as session:
            session.connection().execute(
                update(MessageRow)
                .where(col(MessageRow.id) == message_id, col(MessageRow.state) == MessageState.STORED)
                .values(attempts=col(MessageRow.attempts) + 1, cause=clean(cause)[:CAUSE_LENGTH], state=state)
            )

    def quarantined(self) -> Sequence[Quarantined]:
        """Messages that could not be triaged or fetched, oldest first."""
        query = select(MessageRow).where(col(MessageRow.state).in_(HELD_UP)).order_by(col(MessageRow.id))
        with self._reading() as session:
            return [_quarantined(row) for row in session.exec(query)]

    def release(self, message_id: int, *, actor: str, now: datetime) -> None:
        """A quarantined message waits for triage again; one that is owed is asked for at the next poll."""
        with self._writing() as session:
            row = session.get(MessageRow, message_id, with_for_update=True)
            if row is None or row.state not in HELD_UP:
                raise StoreError(f"message {message_id} is not in quarantine; reload the list")
            row.attempts, row.retry_at = 0, None
            if row.state == MessageState.QUARANTINED:
                row.state, row.cause = MessageState.STORED, ""
                _asked(session, row, "read_again_asked", actor, now)

    def read_again(self, message_id: int, *, actor: str, now: datetime) -> None:
        """A triaged message waits for triage once more; it stays in its case. StoreError when it is not triaged."""
        with self._writing() as session:
            row = _locked(session, message_id)
            if row.state != MessageState.TRIAGED:
                raise StoreError(f"message {message_id} is not read yet; reload the page")
            row.state, row.attempts, row.cause = MessageState.STORED, 0, ""
            _asked(session, row, "read_again_asked", actor, now)

    def owed(self, mailbox: str, uidvalidity: int, *, now: datetime, limit: int) -> Sequence[Due]:
        """Messages whose octets are owed and are to be asked for now, the longest waiting first."""
        at_last = or_(col(MessageRow.retry_at).is_(None), col(MessageRow.retry_at) <= now)
        return self._due(mailbox, uidvalidity, MessageRow.state == MessageState.OWED, at_last, limit=limit)

    def wanted(self, mailbox: str, uidvalidity: int) -> Sequence[Due]:
        """Messages whose rest somebody asked for, the first asked for first."""
        return self._due(mailbox, uidvalidity, col(MessageRow.wanted_at).is_not(None))

    def _due(
        self, mailbox: str, uidvalidity: int, *conditions: ColumnElement[bool] | bool, limit: int | None = None
    ) -> Sequence[Due]:
        query = (
            select(MessageRow)
            .where(MessageRow.mailbox == clean(mailbox), MessageRow.uidvalidity == uidvalidity, *conditions)
            .order_by(col(MessageRow.wanted_at), col(MessageRow.retry_at), col(MessageRow.id))
            .limit(limit)
        )
        with self._reading() as session:
            return [
                Due(id=row.id or 0, uid=row.uid, size=row.size, held=row.held, attempts=row.attempts)
                for row in session.exec(query)
            ]

    def want_rest(self, message_id: int, *, actor: str, now: datetime) -> None:
        """Somebody wants all of a message of which only the first part is held. StoreError when all is."""
        with self._writing() as session:
            row = _locked(session, message_id)
            if row.held >= row.size:
                raise StoreError(f"all of message {message_id} is here; reload the page")
            if row.wanted_at is None:
                _asked(session, row, "rest_asked", actor, now)
            row.wanted_at, row.attempts, row.cause = row.wanted_at or now, 0, ""

    def complete(self, message_id: int, message: RawMessage) -> None:
        """The octets of `message` take the place of what was held or owed; it waits for triage (again)."""
        compressed = zlib.compress(message.octets)
        with self._writing() as session:
            row = _locked(session, message_id)
            row.held, row.size = len(message.octets), message.size or len(message.octets)
            row.sha256 = sha256(message.octets).hexdigest()
            row.internaldate, row.backfill = message.internaldate, message.backfill
            row.state, row.attempts, row.cause = MessageState.STORED, 0, ""
            row.wanted_at = row.retry_at = None
            session.merge(OctetsRow(message_id=message_id, compressed=compressed))

    def postpone(self, message_id: int, cause: str, *, retry_at: datetime | None) -> None:
        """One more failed attempt to fetch what is owed or wanted. Without `retry_at` a rest is not wanted any more."""
        with self._writing() as session:
            row = _locked(session, message_id)
            row.attempts, row.cause, row.retry_at = row.attempts + 1, clean(cause)[:CAUSE_LENGTH], retry_at
            if retry_at is None:
                row.wanted_at = None

    def vanish(self, message_id: int, cause: str) -> None:
        """What is owed or wanted is gone from the server; what was held stays."""
        with self._writing() as session:
            row = _locked(session, message_id)
            row.wanted_at = row.retry_at = None
            row.cause = clean(cause)[:CAUSE_LENGTH]
            if row.state == MessageState.OWED:
                row.state = MessageState.VANISHED

    def put_trouble(self, name: str, text: str, *, refused: bool, now: datetime, fault: str = "") -> None:
        """A job is in trouble; it is so since it was first put down."""
        with self._writing() as session:
            row = session.get(TroubleRow, clean(name))
            since = row.since if row else now
            said = clean(text)[:CAUSE_LENGTH]
            session.merge(TroubleRow(name=clean(name), text=said, fault=fault, refused=refused, since=since, at=now))

    def clear_trouble(self, name: str) -> None:
        """A job is out of trouble; harmless when it was in none."""
        with self._writing() as session:
            session.connection().execute(delete(TroubleRow).where(col(TroubleRow.name) == clean(name)))

    def troubles(self) -> Sequence[Trouble]:
        """Jobs in trouble, the oldest trouble first."""
        with self._reading() as session:
            query = select(TroubleRow).order_by(col(TroubleRow.since), col(TroubleRow.name))
            return [
                Trouble(name=row.name, text=row.text, fault=row.fault, refused=row.refused, since=row.since)
                for row in session.exec(query)
            ]


def _locked(session: Session, message_id: int) -> MessageRow:
    row = session.get(MessageRow, message_id, with_for_update=True)
    if row is None:
        raise StoreError(f"there is no message {message_id}; reload the page")
    return row


def _asked(session: Session, row: MessageRow, kind: str, actor: str, now: datetime) -> None:
    """Who asked for it, in the history of the message's case, when it has one."""
    if row.case_id is not None:
        detail = {"message": str(row.id)}
        add_event(session, row.case_id, now, actor, kind, detail)


def _quarantined(row: MessageRow) -> Quarantined:
    return Quarantined(
        id=row.id or 0,
        key=message_key(row),
        arrived=row.internaldate,
        size=row.size,
        attempts=row.attempts,
        cause=row.cause,
        owed=row.state == MessageState.OWED,
    )
