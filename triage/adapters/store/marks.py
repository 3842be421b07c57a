"""What messages were marked with in their mailboxes, and which are still to be marked."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Update, and_, exists, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.label import LabelField
from models.mark import Markable, MarkState
from models.tables import CaseCategoryRow, CaseRow, LabelRow, MarkRow, MessageRow, MessageState, ReadingRow
from triage.adapters.store.engine import Database
from triage.adapters.store.messages import CAUSE_LENGTH
from triage.adapters.triaged_json import clean, from_json

Corrected = tuple[CaseRow, frozenset[str]]
"""A case and the fields of it that staff corrected."""


class Marks(Database):
    """What mark takes up and settles."""

    def markable(self, mailbox: str, uidvalidity: int, *, refused_before: datetime, limit: int) -> Sequence[Markable]:
        """Triaged messages whose mark is due, oldest first; one that was refused only when that was so long ago.

        Intent, categories and doubt are those of the message, where staff corrected its case those of the case.
        """
        again = and_(
            col(MarkRow.state) == MarkState.DUE,
            or_(col(MarkRow.attempts) == 0, col(MarkRow.at) <= refused_before),
        )
        query = (
            select(MessageRow, MarkRow)
            .outerjoin(MarkRow, col(MarkRow.message_id) == col(MessageRow.id))
            .where(
                MessageRow.mailbox == clean(mailbox),
                MessageRow.uidvalidity == uidvalidity,
                MessageRow.state == MessageState.TRIAGED,
                or_(col(MarkRow.message_id).is_(None), again),
            )
            .order_by(col(MessageRow.id))
            .limit(limit)
        )
        with self._reading() as session:
            found = session.exec(query).all()
            triaged = _triaged(session, [message.id or 0 for message, _ in found])
            returned = _returned(session, [message.id or 0 for message, _ in found])
            corrected = _corrected(session, {message.case_id for message, _ in found if message.case_id})
            return [
                _markable(session, message, mark, triaged[message.id or 0], corrected, message.id in returned)
                for message, mark in found
                if message.id in triaged
            ]

    def begin_marks(self, marks: Mapping[int, str], *, now: datetime) -> None:
        """Note what is about to be written of each message: after a fault it is due, and known to be begun."""
        with self._writing() as session:
            for message_id, mark in marks.items():
                row = session.get(MarkRow, message_id, with_for_update=True)
                if row is None:
                    session.add(MarkRow(message_id=message_id, mark=clean(mark), state=MarkState.DUE, at=now))
                else:
                    row.mark, row.state, row.at = clean(mark), MarkState.DUE, now

    def settle_marks(self, marks: Mapping[int, str], *, begun: datetime, cause: str, now: datetime) -> None:
        """What was begun at `begun` is done; what a correction made due since then stays due."""
        with self._writing() as session:
            for message_id, mark in marks.items():
                session.connection().execute(
                    _begun(message_id, begun).values(
                        mark=clean(mark), state=MarkState.DONE, attempts=0, cause=clean(cause)[:CAUSE_LENGTH], at=now
                    )
                )

    def refuse_marks(
        self, message_ids: Iterable[int], *, begun: datetime, cause: str, attempts: int, now: datetime
    ) -> None:
        """The server refused what was begun at `begun`: one more attempt of each, the last of `attempts` is final."""
        with self._writing() as session:
            for message_id in message_ids:
                row = session.get(MarkRow, message_id, with_for_update=True)
                if row is not None and row.state == MarkState.DUE and row.at == begun:
                    row.attempts, row.cause, row.at = row.attempts + 1, clean(cause)[:CAUSE_LENGTH], now
                    row.state = MarkState.FAILED if row.attempts >= attempts else MarkState.DUE

    def mark_counts(self) -> Mapping[str, int]:
        """Marked messages by state."""
        with self._reading() as session:
            query = select(MarkRow.state, func.count()).group_by(col(MarkRow.state))
            return dict(session.exec(query).all())


def make_due(session: Session, of: ColumnElement[bool], now: datetime) -> None:
    """Messages that were marked and that `of` holds for are to be marked anew, as part of a larger transaction."""
    which = select(MessageRow.id).where(of)
    session.connection().execute(
        update(MarkRow)
        .where(col(MarkRow.message_id).in_(which))
        .values(state=MarkState.DUE, attempts=0, cause="", at=now)
    )


def _begun(message_id: int, at: datetime) -> Update:
    return update(MarkRow).where(
        col(MarkRow.message_id) == message_id, col(MarkRow.state) == MarkState.DUE, col(MarkRow.at) == at
    )


def _triaged(session: Session, ids: Sequence[int]) -> Mapping[int, bytes]:
    query = select(ReadingRow.message_id, ReadingRow.triaged).where(col(ReadingRow.message_id).in_(ids))
    return dict(session.exec(query).all())


def _returned(session: Session, ids: Sequence[int]) -> frozenset[int]:
    """Those whose very octets were marked before, under another UID of the same mailbox."""
    earlier, marked = aliased(MessageRow), aliased(MarkRow)
    same = exists().where(
        col(earlier.mailbox) == col(MessageRow.mailbox),
        col(earlier.sha256) == col(MessageRow.sha256),
        col(earlier.id) < col(MessageRow.id),
        col(marked.message_id) == col(earlier.id),
        col(marked.state) == MarkState.DONE,
        col(marked.mark) != "",
    )
    return frozenset(session.exec(select(MessageRow.id).where(col(MessageRow.id).in_(ids), same)))  # type: ignore[arg-type]


def _corrected(session: Session, case_ids: set[int]) -> Mapping[int, Corrected]:
    """The cases that staff corrected."""
    query = (
        select(CaseRow, LabelRow.field)
        .join(MessageRow, col(MessageRow.case_id) == col(CaseRow.id))
        .join(LabelRow, col(LabelRow.message_id) == col(MessageRow.id))
        .where(col(CaseRow.id).in_(case_ids))
    )
    found: dict[int, Corrected] = {}
    for case, field in session.exec(query):
        _, fields = found.get(case.id or 0, (case, frozenset()))
        found[case.id or 0] = case, fields | {field}
    return found


def _markable(
    session: Session,
    message: MessageRow,
    mark: MarkRow | None,
    triaged: bytes,
    corrected: Mapping[int, Corrected],
    returned: bool,
) -> Markable:
    judgement = from_json(zlib.decompress(triaged)).reading.judgement
    case, fields = corrected.get(message.case_id or 0, (None, frozenset()))
    intent, categories = judgement.intent, judgement.categories
    if case is not None and LabelField.INTENT in fields:
        intent = case.intent
    if case is not None and LabelField.CATEGORIES in fields:
        named = select(CaseCategoryRow.category).where(CaseCategoryRow.case_id == case.id)
        categories = tuple(sorted(session.exec(named)))
    return Markable(
        id=message.id or 0,
        uid=message.uid,
        size=message.size,
        sha256=message.sha256,
        intent=intent,
        categories=categories,
        uncertain=judgement.uncertain and not fields,
        backfill=message.backfill,
        whole=message.held >= message.size,
        returned=returned,
        before=mark.mark if mark else "",
        begun=mark is not None,
        attempts=mark.attempts if mark else 0,
    )
