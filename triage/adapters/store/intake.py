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
from triage.adapters.store.messages import CAUSE_LENGTH, raw_message
from triage.adapters.triaged_json import clean
from triage.errors import StoreError
from triage.ports import Absent, Cursor, Pending


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
                failures=row.failures,
            )

    def add_messages(self, cursor: Cursor, messages: Iterable[RawMessage], absent: Iterable[Absent] = ()) -> int:
        """Messages, absent ones and cursor together; keys already there are left alone. How many messages were new."""
        batch = {message.key: message for message in messages}
        octets = {key: zlib.compress(message.octets) for key, message in batch.items()}
        with self._writing() as session:
            known = self._locked(session, cursor)
            if _renumbered(session, cursor):
                _rekey(session, list(batch.values()))
                _forget_owed(session, cursor)
            new = self._insert(session, [_row(message) for message in batch.values()])
            _keep_octets(session, new, octets)
            self._insert(session, [_absent_row(cursor, one) for one in absent])
            _move(known, cursor)
        return len(new)

    def add_entries(self, messages: Iterable[RawMessage], *, entered_by: str = "", referrer: str = "") -> Sequence[int]:
        """Messages that came by another way than a mailbox; keys already there are left alone. Ids of the new."""
        batch = {message.key: message for message in messages}
        octets = {key: zlib.compress(message.octets) for key, message in batch.items()}
        said = {"entered_by": clean(entered_by), "referrer": clean(referrer)}
        with self._writing() as session:
            new = self._insert(session, [_row(message) | said for message in batch.values()])
            _keep_octets(session, new, octets)
        return list(new.values())

    def entry_digests(self, mailbox: str, uids: Sequence[int]) -> Mapping[int, str]:
        """SHA-256 (hexadecimal) of what is held under those of the keys (`mailbox`, 0, uid) that are taken."""
        query = select(MessageRow.uid, MessageRow.sha256).where(
            MessageRow.mailbox == clean(mailbox), MessageRow.uidvalidity == 0, col(MessageRow.uid).in_(uids)
        )
        with self._reading() as session:
            return dict(session.exec(query).all())

    def _locked(self, session: Session, cursor: Cursor) -> CursorRow:
        """The mailbox's cursor, held until the end: two pollers go one after the other."""
        mailbox = clean(cursor.mailbox)
        first = self._insert_into(CursorRow).values(
            mailbox=mailbox, uidvalidity=cursor.uidvalidity, last_uid=0, backfill_before=cursor.backfill_before
        )
        session.connection().execute(first.on_conflict_do_nothing())
        return session.get_one(CursorRow, mailbox, with_for_update=True)

    def _insert(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[MessageKey, int]:
        """Ids of the messages that were not there."""
        if not rows:
            return {}
        wanted = self._insert_into(MessageRow).on_conflict_do_nothing(index_elements=["mailbox", "uidvalidity", "uid"])
        table = MessageRow.__table__.c  # type: ignore[attr-defined]
        added = session.connection().execute(
            wanted.returning(table.id, table.mailbox, table.uidvalidity, table.uid), rows
        )
        return {MessageKey(mailbox=row.mailbox, uidvalidity=row.uidvalidity, uid=row.uid): row.id for row in added}

    def known_uids(self, mailbox: str, uidvalidity: int) -> Sequence[int]:
        """UIDs of the mailbox that have a row, ascending."""
        query = select(MessageRow.uid).where(
            MessageRow.mailbox == clean(mailbox), MessageRow.uidvalidity == uidvalidity
        )
        with self._reading() as session:
            return list(session.exec(query.order_by(col(MessageRow.uid))))

    def pending(self, limit: int, *, after: int = 0, octets: int | None = None) -> Sequence[Pending]:
        """The oldest stored messages with an id above `after` that wait for triage, within `octets` together.

        Those whose octets in the database are damaged are quarantined instead.
        """
        waiting = (
            select(MessageRow)
            .where(MessageRow.state == MessageState.STORED, col(MessageRow.id) > after)
            .order_by(col(MessageRow.id))
            .limit(limit)
        )
        found: list[Pending] = []
        damaged: dict[int, str] = {}
        with self._reading() as session:
            rows = list(session.exec(waiting))
            rows = rows if octets is None else _within(rows, octets)
            chosen = col(OctetsRow.message_id).in_([row.id for row in rows])
            compressed = dict(session.exec(select(OctetsRow.message_id, OctetsRow.compressed).where(chosen)).all())
            for row in rows:
                held = compressed.pop(row.id or 0, None)
                if held is None:
                    continue
                try:
                    found.append(Pending(id=row.id or 0, raw=raw_message(row, held), attempts=row.attempts))
                except StoreError as fault:
                    damaged[row.id or 0] = str(fault)
        for message_id, cause in damaged.items():
            self._quarantine(message_id, cause)
        return found

    def _quarantine(self, message_id: int, cause: str) -> None:
        """A message that waits for triage cannot be triaged, whatever is tried: the others must not wait for it."""
        with self._writing() as session:
            session.connection().execute(
                update(MessageRow)
                .where(col(MessageRow.id) == message_id, col(MessageRow.state) == MessageState.STORED)
                .values(cause=cause[:CAUSE_LENGTH], state=MessageState.QUARANTINED)
            )

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
            return raw_message(row, octets.compressed) if row and octets else None


def _within(rows: Sequence[MessageRow], octets: int) -> list[MessageRow]:
    """As many rows from the first as hold so many octets together, one at least."""
    kept: list[MessageRow] = []
    for row in rows:
        octets -= row.held
        if kept and octets < 0:
            break
        kept.append(row)
    return kept


def _row(message: RawMessage) -> dict[str, Any]:
    return {
        "mailbox": clean(message.key.mailbox),
        "uidvalidity": message.key.uidvalidity,
        "uid": message.key.uid,
        "internaldate": message.internaldate,
        "backfill": message.backfill,
        "size": message.size or len(message.octets),
        "held": len(message.octets),
        "sha256": sha256(message.octets).hexdigest(),
        "state": MessageState.STORED,
        "attempts": 0,
        "cause": "",
        "stored_at": datetime.now(UTC),
        "case_id": None,
        "msgid": None,
        "content": None,
        "source": message.source,
        "entered_by": "",
        "referrer": "",
        "wanted_at": None,
        "retry_at": None,
    }


def _absent_row(cursor: Cursor, absent: Absent) -> dict[str, Any]:
    now = datetime.now(UTC)
    key = MessageKey(mailbox=cursor.mailbox, uidvalidity=cursor.uidvalidity, uid=absent.uid)
    return _row(RawMessage(key=key, octets=b"", internaldate=now, backfill=True, size=absent.size)) | {
        "state": MessageState.VANISHED if absent.gone else MessageState.OWED,
        "attempts": 0 if absent.gone else 1,
        "cause": clean(absent.cause)[:CAUSE_LENGTH],
        "retry_at": absent.retry_at,
    }


def _keep_octets(session: Session, ids: Mapping[MessageKey, int], octets: Mapping[MessageKey, bytes]) -> None:
    compressed = {_stored(key): found for key, found in octets.items()}
    rows = [{"message_id": id_, "compressed": compressed[key]} for key, id_ in ids.items()]
    if rows:
        session.bulk_insert_mappings(OctetsRow.__mapper__, rows)  # type: ignore[attr-defined]


def _stored(key: MessageKey) -> MessageKey:
    return MessageKey(mailbox=clean(key.mailbox), uidvalidity=key.uidvalidity, uid=key.uid)


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


def _forget_owed(session: Session, cursor: Cursor) -> None:
    """What was owed under an earlier UIDVALIDITY is named anew under this one, if it is still there."""
    session.connection().execute(
        update(MessageRow)
        .where(
            col(MessageRow.mailbox) == clean(cursor.mailbox),
            col(MessageRow.uidvalidity) != cursor.uidvalidity,
            col(MessageRow.state) == MessageState.OWED,
        )
        .values(state=MessageState.VANISHED, retry_at=None)
    )


def _move(known: CursorRow, cursor: Cursor) -> None:
    """Write the cursor; within one UIDVALIDITY it never goes back."""
    same = known.uidvalidity == cursor.uidvalidity
    known.last_uid = max(known.last_uid, cursor.last_uid) if same else cursor.last_uid
    known.backfill_before = known.backfill_before if same else cursor.backfill_before
    known.uidvalidity, known.failures = cursor.uidvalidity, cursor.failures
