"""Cases and their queue."""

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, and_, col, or_, select

from models.case import Case, CaseMessage, CaseReply, CaseState, CaseSummary, QueueFilter, QueuePage
from models.mail import MessageSource
from models.tables import CaseCategoryRow, CaseEventRow, CaseRow, MessageRow, OutboxRecord, ReadingRow
from triage.adapters.store.engine import Database
from triage.adapters.store.events import add_event, event
from triage.adapters.triaged_json import clean, from_json
from triage.errors import StoreError

MOST_WORDS = 10
DONE = (CaseState.CLOSED, CaseState.NOT_NEEDED)
_RANK = (col(CaseRow.score).desc(), col(CaseRow.arrived), col(CaseRow.id))


class Cases(Database):
    """What staff look at and act on."""

    def queue(self, wanted: QueueFilter, *, page: int, size: int) -> QueuePage:
        """Page `page` (from 1) of the queue; a page beyond the last is the last."""
        conditions = _conditions(wanted)
        with self._reading() as session:
            total = session.exec(select(func.count()).select_from(CaseRow).where(*conditions)).one()
            pages = max(1, -(-total // size))
            page = min(max(1, page), pages)
            ids = select(CaseRow.id).where(*conditions).order_by(*_RANK).offset((page - 1) * size).limit(size)
            rows = session.exec(select(CaseRow).where(col(CaseRow.id).in_(ids)).order_by(*_RANK)).all()
            return QueuePage(cases=tuple(_summaries(session, rows)), total=total, page=page, pages=pages)

    def category_counts(self) -> Mapping[str, int]:
        """Open cases by category."""
        query = (
            select(CaseCategoryRow.category, func.count())
            .join(CaseRow, col(CaseRow.id) == CaseCategoryRow.case_id)
            .where(col(CaseRow.state).not_in(DONE))
            .group_by(col(CaseCategoryRow.category))
        )
        with self._reading() as session:
            return dict(session.exec(query).all())

    def event_counts(self) -> Mapping[str, int]:
        """Case events by kind."""
        query = select(CaseEventRow.kind, func.count()).group_by(col(CaseEventRow.kind))
        with self._reading() as session:
            return dict(session.exec(query).all())

    def case(self, case_id: int) -> Case | None:
        """The case with its messages (oldest first), history and replies; None when there is none."""
        with self._reading() as session:
            row = session.get(CaseRow, case_id)
            if row is None:
                return None
            events = select(CaseEventRow).where(CaseEventRow.case_id == case_id).order_by(col(CaseEventRow.id))
            return Case(
                summary=_summaries(session, [row])[0],
                messages=tuple(_messages(session, case_id)),
                events=tuple(event(found) for found in session.exec(events)),
                replies=tuple(_replies(session, case_id)),
            )

    def next_case(self, case_id: int, wanted: QueueFilter) -> int | None:
        """The case after this one in the order of the queue; the first when there is no such case; None at the end."""
        with self._reading() as session:
            here = session.get(CaseRow, case_id)
            after = [_after(here)] if here else []
            query = select(CaseRow.id).where(*_conditions(wanted), *after).order_by(*_RANK)
            return session.exec(query.limit(1)).first()

    def set_state(self, case_id: int, state: CaseState, *, actor: str, note: str, now: datetime) -> None:
        """What a person decided on a case, with the event that tells it. StoreError when there is no such case."""
        with self._writing() as session:
            row = session.get(CaseRow, case_id, with_for_update=True)
            if row is None:
                raise StoreError(f"there is no case {case_id}; go back to the queue")
            detail = {"from": row.state, "to": state.value, "note": note}
            row.state = state
            add_event(session, case_id, now, actor, "state_changed", detail)


def _conditions(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    equal = {CaseRow.state: wanted.state, CaseRow.intent: wanted.intent, CaseRow.band: wanted.band}
    conditions = [col(column) == value for column, value in equal.items() if value is not None]
    if wanted.open_only and wanted.state is None:
        conditions.append(col(CaseRow.state).not_in(DONE))
    if wanted.category is not None:
        of_category = select(CaseCategoryRow.case_id).where(CaseCategoryRow.category == wanted.category)
        conditions.append(col(CaseRow.id).in_(of_category))
    words = clean(wanted.text or "").casefold().split()[:MOST_WORDS]
    return conditions + [col(CaseRow.search).contains(word, autoescape=True) for word in words]


def _after(here: CaseRow) -> ColumnElement[bool]:
    score, arrived, id_ = col(CaseRow.score), col(CaseRow.arrived), col(CaseRow.id)
    return or_(
        score < here.score,
        and_(score == here.score, or_(arrived > here.arrived, and_(arrived == here.arrived, id_ > here.id))),
    )


def _summaries(session: Session, rows: Sequence[CaseRow]) -> list[CaseSummary]:
    categories: dict[int, list[str]] = {row.id or 0: [] for row in rows}
    query = select(CaseCategoryRow).where(col(CaseCategoryRow.case_id).in_(categories))
    for found in session.exec(query.order_by(col(CaseCategoryRow.category))):
        categories[found.case_id].append(found.category)
    return [_summary(row, categories[row.id or 0]) for row in rows]


def _summary(row: CaseRow, categories: Sequence[str]) -> CaseSummary:
    return CaseSummary(
        id=row.id or 0,
        number=row.number,
        state=CaseState(row.state),
        score=row.score,
        band=row.band,
        subject=row.subject,
        sender=row.sender,
        company=row.company,
        language=row.language,
        intent=row.intent,
        categories=tuple(categories),
        missing=tuple(json.loads(row.missing)),
        risk_signs=tuple(json.loads(row.risk_signs)),
        uncertain=row.uncertain,
        arrived=row.arrived,
        messages=row.messages,
    )


def _messages(session: Session, case_id: int) -> list[CaseMessage]:
    query = (
        select(MessageRow, ReadingRow.triaged)
        .join(ReadingRow, col(ReadingRow.message_id) == MessageRow.id)
        .where(MessageRow.case_id == case_id)
        .order_by(col(MessageRow.internaldate), col(MessageRow.id))
    )
    return [
        CaseMessage(
            id=row.id or 0,
            arrived=row.internaldate,
            triaged=from_json(zlib.decompress(triaged)),
            size=row.size,
            held=row.held,
            wanted=row.wanted_at is not None,
            cause=row.cause,
            state=row.state,
            source=MessageSource(row.source),
            entered_by=row.entered_by,
            referrer=row.referrer,
        )
        for row, triaged in session.exec(query)
    ]


def _replies(session: Session, case_id: int) -> list[CaseReply]:
    query = select(OutboxRecord).where(OutboxRecord.case_id == case_id).order_by(col(OutboxRecord.id))
    return [
        CaseReply(
            id=row.id or 0,
            kind=row.kind,
            state=row.state,
            recipient=row.recipient,
            subject=row.subject,
            language=row.language,
            at=row.changed_at,
            answer=row.answer,
        )
        for row in session.exec(query)
    ]
