"""What triage found out, written down with the case it belongs to and the reply it causes."""

import json
import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from models.case import CaseState, ThreadCandidate, Triaged
from models.label import LabelField
from models.reply import OutboxState
from models.tables import (
    CaseAddressRow,
    CaseCategoryRow,
    CaseRow,
    CounterRow,
    LabelRow,
    MessageRow,
    MessageState,
    OutboxRecord,
    ReadingRow,
)
from triage.adapters.store.engine import Database
from triage.adapters.store.events import SYSTEM, add_event, key
from triage.adapters.store.marks import make_due
from triage.adapters.store.threads import candidates
from triage.adapters.triaged_json import clean, to_json
from triage.errors import StoreError
from triage.ports import Compose, JoinDecision
from triage.stages.thread import content_digest, hints

LONGEST_LINE = 500  # letters of a subject or name in the queue; the mail itself keeps all
CASE_SERIES = "case"


class Recording(Database):
    """What triage writes, once per message."""

    def thread_candidates(
        self, address: str, msgids: Sequence[str], numbers: Sequence[str]
    ) -> Sequence[ThreadCandidate]:
        """Cases that `address` wrote in, that hold one of `msgids` or that have one of `numbers`, newest first."""
        with self._reading() as session:
            return candidates(session, address, msgids, numbers)

    def record(self, message_id: int, triaged: Triaged, *, join: JoinDecision, compose: Compose, now: datetime) -> int:
        """Reading, case, case events and outbox row together; a message recorded before is left alone.

        One that has a case and waits for triage again stays in its case and causes no reply.
        Returns the case id. StoreError when there is no such message. `join` and `compose` run inside the transaction.
        """
        stored = zlib.compress(to_json(triaged))
        with self._writing() as session:
            series = _lock_cases(session)
            message = session.get(MessageRow, message_id, with_for_update=True)
            if message is None:
                raise StoreError(f"there is no message {message_id}; list them with `triage queue`")
            if message.state == MessageState.TRIAGED and message.case_id is not None:
                return message.case_id
            session.merge(
                ReadingRow(
                    message_id=message_id,
                    triaged=stored,
                    knowledge=triaged.knowledge,
                    artifact=triaged.artifact,
                    at=now,
                )
            )
            again = session.get(CaseRow, message.case_id) if message.case_id is not None else None
            case = (
                again
                or self._joined(session, message, triaged, join, now)
                or self._opened(session, series, message, triaged, now)
            )
            message.case_id, message.state, message.cause = case.id, MessageState.TRIAGED, ""
            message.msgid, message.content = key(triaged.mail.message_id), content_digest(triaged.mail) or None
            _remember_senders(session, case, triaged)
            if again is not None:
                _read_again(session, case, message, triaged, now)
            else:
                _reply(session, case, message_id, triaged, compose, now)
            return case.id or 0

    def _joined(
        self, session: Session, message: MessageRow, triaged: Triaged, join: JoinDecision, now: datetime
    ) -> CaseRow | None:
        said = hints(triaged.mail)
        wanted = join(candidates(session, said.address, said.message_ids, said.case_numbers, said.content))
        case = session.get(CaseRow, wanted) if wanted is not None else None
        if case is None:
            return None
        case.messages += 1
        case.arrived = min(case.arrived, message.internaldate)
        if triaged.priority.score > case.score:
            _take_facts(session, case, message, triaged)
        add_event(session, case.id or 0, now, SYSTEM, "message_joined", {"message": str(message.id)})
        return case

    def _opened(
        self, session: Session, series: CounterRow, message: MessageRow, triaged: Triaged, now: datetime
    ) -> CaseRow:
        series.value += 1
        case = CaseRow(
            number=f"{self._case_prefix}-{series.value:06d}",
            state=CaseState.RECEIVED,
            arrived=message.internaldate,
            messages=1,
            **_facts(message, triaged),
        )
        case.search = _search(case)
        session.add(case)
        session.flush()
        _set_categories(session, case, triaged.reading.judgement.categories)
        add_event(session, case.id or 0, now, SYSTEM, "case_opened", {"message": str(message.id)})
        return case


def _read_again(session: Session, case: CaseRow, message: MessageRow, triaged: Triaged, now: datetime) -> None:
    """A message of the case was read anew: it has had its reply, or the reason for none."""
    if case.facts_from == message.id or triaged.priority.score > case.score:
        _take_facts(session, case, message, triaged)
    make_due(session, col(MessageRow.id) == message.id, now)
    add_event(session, case.id or 0, now, SYSTEM, "message_read_again", {"message": str(message.id)})


def _lock_cases(session: Session) -> CounterRow:
    """The series of case numbers, held until the end: two messages of one thread are never recorded side by side."""
    row = session.get(CounterRow, CASE_SERIES, with_for_update=True)
    if row is None:
        raise StoreError("the database lacks its series of case numbers; start `triage serve`, which completes it")
    return row


def _facts(message: MessageRow, triaged: Triaged) -> dict[str, Any]:
    """What the queue shows of a case, out of one of its messages."""
    mail, reading, judgement = triaged.mail, triaged.reading, triaged.reading.judgement
    return {
        "score": triaged.priority.score,
        "band": triaged.priority.band,
        "subject": _line(mail.subject),
        "sender": _line(mail.from_[0].address if mail.from_ else ""),
        "company": _line(reading.supplier.company) if reading.supplier.company else None,
        "language": reading.language,
        "intent": judgement.intent,
        "missing": json.dumps(triaged.assessment.missing),
        "risk_signs": json.dumps(list(dict.fromkeys(sign.code for sign in triaged.assessment.risk_signs))),
        "uncertain": judgement.uncertain,
        "facts_from": message.id,
        "search": "",
    }


def _take_facts(session: Session, case: CaseRow, message: MessageRow, triaged: Triaged) -> None:
    """Let the case show this message; what a person has corrected stays."""
    corrected = set(
        session.exec(
            select(LabelRow.field)
            .join(MessageRow, col(MessageRow.id) == LabelRow.message_id)
            .where(MessageRow.case_id == case.id)
        )
    )
    kept = {"intent", "uncertain"} if LabelField.INTENT in corrected else set()
    for name, value in _facts(message, triaged).items():
        if name not in kept:
            setattr(case, name, value)
    case.search = _search(case)
    if LabelField.CATEGORIES not in corrected:
        _set_categories(session, case, triaged.reading.judgement.categories)


def _set_categories(session: Session, case: CaseRow, categories: Sequence[str]) -> None:
    session.connection().execute(delete(CaseCategoryRow).where(col(CaseCategoryRow.case_id) == case.id))
    for category in dict.fromkeys(categories):
        session.add(CaseCategoryRow(case_id=case.id or 0, category=category))


def _remember_senders(session: Session, case: CaseRow, triaged: Triaged) -> None:
    original = triaged.separated.original_from
    for address in {*triaged.mail.from_, *((original,) if original else ())}:
        found = key(address.address.lower())
        if found:
            session.merge(CaseAddressRow(case_id=case.id or 0, address=found))


def _reply(session: Session, case: CaseRow, message_id: int, triaged: Triaged, compose: Compose, now: datetime) -> None:
    """Queue the reply that the message causes, or write down why there is none."""
    decision, case_id = triaged.reply, case.id or 0
    draft = compose(case.number) if decision.kind else None
    if draft is None:
        withheld = {"rule": decision.rule, "reason": decision.reason}
        return add_event(session, case_id, now, SYSTEM, "reply_withheld", withheld)
    same = select(OutboxRecord.id).where(
        OutboxRecord.case_id == case_id, OutboxRecord.kind == draft.kind, OutboxRecord.version == draft.version
    )
    if session.exec(same).first() is not None:
        repeated = {"kind": draft.kind, "message": str(message_id)}
        return add_event(session, case_id, now, SYSTEM, "reply_repeated", repeated)
    session.add(
        OutboxRecord(
            case_id=case_id,
            message_id=message_id,
            kind=draft.kind,
            version=draft.version,
            language=draft.language,
            subject=clean(draft.subject),
            msgid=key(draft.message_id) or "",
            envelope_sender=draft.envelope_sender,
            recipient=draft.recipient,
            octets=draft.octets,
            state=OutboxState.QUEUED,
            queued_at=now,
            due_at=now,
            changed_at=now,
        )
    )
    return add_event(session, case_id, now, SYSTEM, "reply_queued", {"kind": draft.kind, "to": draft.recipient})


def _line(text: str) -> str:
    return " ".join(clean(text).split())[:LONGEST_LINE]


def _search(case: CaseRow) -> str:
    return "\n".join((case.number, case.subject, case.sender, case.company or "")).casefold()
