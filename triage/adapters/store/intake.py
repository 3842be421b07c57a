"""Messages as they come in, and how far each mailbox has been read."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from models.mail import MessageKey, RawMessage
from models.tables import CursorRow, MessageRow, MessageState, OctetsRow
from triage.adapters.store.engine import Database
from triage.adapters.triaged_json import clean
from triage.errors import StoreError
from triage.ports import Cursor, Pending, Quarantined

CAUSE_LENGTH = 2000


class Intake(Database):
    """What poll writes and triage takes up."""

    def cursor(self, mailbox: str) -> Cursor | None:
        """How far `mailbox` has been read; None when it never was."""
        with self._reading() as session:
            row = session.get(CursorRow, clean(mailbox))
            if row is None:
                return None
            return Cursor(
                mailbox=mailbox,
                uidvalidity=row.uidvalidity,
                last_uid=row.last_uid,
                backfill_before=row.backfill_before,
            )

    def add_messages(self, cursor: Cursor, messages: Iterable[RawMessage]) -> int:
        """Messages and cursor together; keys already there are left alone. Returns how many were new."""
        batch = {message.key: message for message in messages}
        octets = {key: zlib.compress(message.octets) for key, message in batch.items()}
        with self._writing() as session:
            known = self._locked(session, cursor)
            if _renumbered(session, cursor):
                _rekey(session, list(batch.values()))
            new = self._insert(session, list(batch.values()))
            if new:
                session.bulk_insert_mappings(
                    OctetsRow.__mapper__,  # type: ignore[attr-defined]
                    [{"message_id": id_, "compressed": octets[key]} for key, id_ in new.items()],
                )
            _move(known, cursor)
        return len(new)

    def _locked(self, session: Session, cursor: Cursor) -> CursorRow:
        """The mailbox's cursor, held until the end: two pollers go one after the other."""
        mailbox = clean(cursor.mailbox)
        first = self._insert_into(CursorRow).values(
            mailbox=mailbox, uidvalidity=cursor.uidvalidity, last_uid=0, backfill_before=cursor.backfill_before
        )
        session.connection().execute(first.on_conflict_do_nothing())
        return session.get_one(CursorRow, mailbox, with_for_update=True)

    def _insert(self, session: Session, messages: Sequence[RawMessage]) -> dict[MessageKey, int]:
        """Ids of the messages that were not there."""
        if not messages:
            return {}
        wanted = self._insert_into(MessageRow).on_conflict_do_nothing(index_elements=["mailbox", "uidvalidity", "uid"])
        table = MessageRow.__table__.c  # type: ignore[attr-defined]
        added = session.connection().execute(
            wanted.returning(table.id, table.mailbox, table.uidvalidity, table.uid), [_row(m) for m in messages]
        )
        by_stored = {(clean(m.key.mailbox), m.key.uidvalidity, m.key.uid): m.key for m in messages}
        return {by_stored[row.mailbox, row.uidvalidity, row.uid]: row.id for row in added}

    def pending(self, limit: int, *, after: int = 0) -> Sequence[Pending]:
        """The oldest stored messages with an id above `after` that wait for triage."""
        query = (
            select(MessageRow, OctetsRow.compressed)
            .join(OctetsRow, col(OctetsRow.message_id) == MessageRow.id)
            .where(MessageRow.state == MessageState.STORED, col(MessageRow.id) > after)
            .order_by(col(MessageRow.id))
            .limit(limit)
        )
        with self._reading() as session:
            return [
                Pending(id=row.id or 0, raw=_raw(row, compressed), attempts=row.attempts)
                for row, compressed in session.exec(query)
            ]

    def count_messages(self) -> int:
        """All messages, in whatever state."""
        with self._reading() as session:
            return session.exec(select(func.count()).select_from(MessageRow)).one()

    def message_counts(self) -> Mapping[str, int]:
        """Messages by state."""
        with self._reading() as session:
            query = select(MessageRow.state, func.count()).group_by(col(MessageRow.state))
            return dict(session.exec(query).all())

    def raw(self, message_id: int) -> RawMessage | None:
        """The message as it came, or None."""
        with self._reading() as session:
            row, octets = session.get(MessageRow, message_id), session.get(OctetsRow, message_id)
            return _raw(row, octets.compressed) if row and octets else None

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
        """Messages that could not be triaged, oldest first."""
        query = select(MessageRow).where(MessageRow.state == MessageState.QUARANTINED).order_by(col(MessageRow.id))
        with self._reading() as session:
            return [_quarantined(row) for row in session.exec(query)]

    def release(self, message_id: int) -> None:
        """A quarantined message waits for triage again."""
        with self._writing() as session:
            row = session.get(MessageRow, message_id, with_for_update=True)
            if row is None or row.state != MessageState.QUARANTINED:
                raise StoreError(f"message {message_id} is not in quarantine; reload the list")
            row.state, row.attempts, row.cause = MessageState.STORED, 0, ""


def _row(message: RawMessage) -> dict[str, Any]:
    return {
        "mailbox": clean(message.key.mailbox),
        "uidvalidity": message.key.uidvalidity,
        "uid": message.key.uid,
        "internaldate": message.internaldate,
        "backfill": message.backfill,
        "size": len(message.octets),
        "sha256": sha256(message.octets).hexdigest(),
        "state": MessageState.STORED,
        "attempts": 0,
        "cause": "",
        "stored_at": datetime.now(UTC),
        "case_id": None,
        "msgid": None,
    }


def _renumbered(session: Session, cursor: Cursor) -> bool:
    """Whether rows of the mailbox stem from another UIDVALIDITY."""
    of_mailbox = col(MessageRow.mailbox) == clean(cursor.mailbox)
    ends = (func.min(col(MessageRow.uidvalidity)), func.max(col(MessageRow.uidvalidity)))
    found = {session.exec(select(end).where(of_mailbox)).one() for end in ends}
    return bool(found - {None, cursor.uidvalidity})


def _rekey(session: Session, messages: Sequence[RawMessage]) -> None:
    """Give rows of an earlier UIDVALIDITY the keys that the server gives the same octets now: linked, not doubled."""
    for message in messages:
        here = (col(MessageRow.mailbox) == clean(message.key.mailbox)) & (
            col(MessageRow.uidvalidity) == message.key.uidvalidity
        )
        if session.exec(select(MessageRow.id).where(here, MessageRow.uid == message.key.uid)).first():
            continue
        earlier = select(MessageRow).where(
            MessageRow.mailbox == clean(message.key.mailbox),
            MessageRow.uidvalidity != message.key.uidvalidity,
            MessageRow.sha256 == sha256(message.octets).hexdigest(),
            MessageRow.internaldate == message.internaldate,
        )
        row = session.exec(earlier.order_by(col(MessageRow.id)).limit(1)).first()
        if row:
            row.uidvalidity, row.uid = message.key.uidvalidity, message.key.uid
            session.flush()


def _move(known: CursorRow, cursor: Cursor) -> None:
    """Write the cursor; within one UIDVALIDITY it never goes back."""
    same = known.uidvalidity == cursor.uidvalidity
    known.last_uid = max(known.last_uid, cursor.last_uid) if same else cursor.last_uid
    known.backfill_before = known.backfill_before if same else cursor.backfill_before
    known.uidvalidity = cursor.uidvalidity


def _raw(row: MessageRow, compressed: bytes) -> RawMessage:
    return RawMessage(
        key=_key(row), octets=zlib.decompress(compressed), internaldate=row.internaldate, backfill=row.backfill
    )


def _quarantined(row: MessageRow) -> Quarantined:
    return Quarantined(
        id=row.id or 0,
        key=_key(row),
        arrived=row.internaldate,
        size=row.size,
        attempts=row.attempts,
        cause=row.cause,
    )


def _key(row: MessageRow) -> MessageKey:
    return MessageKey(mailbox=row.mailbox, uidvalidity=row.uidvalidity, uid=row.uid)
