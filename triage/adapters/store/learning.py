"""Corrections by staff, and what they teach."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session, col, delete, select

from models.label import Label, LabelField, TrainingExample
from models.reading import Judgement
from models.tables import CaseCategoryRow, CaseRow, LabelRow, MessageRow, OctetsRow, ReadingRow
from triage.adapters.store.engine import Database
from triage.adapters.store.events import add_event
from triage.adapters.store.marks import make_due
from triage.adapters.triaged_json import clean, from_json
from triage.errors import StoreError

SOURCE = "staff"


class Learning(Database):
    """Labels and the examples that they make."""

    def add_label(self, message_id: int, field: str, value: str, *, actor: str, now: datetime) -> None:
        """The label, the corrected value on the case, and a case event, together.

        `field` is a LabelField, several values are joined by commas. StoreError when the message was never triaged.
        """
        with self._writing() as session:
            message, reading = session.get(MessageRow, message_id), session.get(ReadingRow, message_id)
            case = session.get(CaseRow, message.case_id, with_for_update=True) if message and message.case_id else None
            if reading is None or case is None:
                raise StoreError(f"message {message_id} has not been read yet; correct it when it has a case")
            judgement = from_json(zlib.decompress(reading.triaged)).reading.judgement
            label = LabelRow(
                message_id=message_id,
                field=LabelField(field),
                value=",".join(_values(value)),
                read_value=_read_value(judgement, field),
                artifact=reading.artifact,
                actor=clean(actor),
                at=now,
            )
            session.add(label)
            _correct(session, case, label)
            make_due(session, col(MessageRow.case_id) == case.id, now)
            detail = {"field": label.field, "value": label.value, "read": label.read_value, "message": str(message_id)}
            add_event(session, case.id or 0, now, actor, "label_added", detail)

    def labels(self) -> Sequence[Label]:
        """Every correction, oldest first."""
        with self._reading() as session:
            return [_label(row) for row in session.exec(select(LabelRow).order_by(col(LabelRow.id)))]

    def labelled_examples(self) -> Sequence[TrainingExample]:
        """One example a corrected message: the last correction of each field, else what was read and left standing."""
        with self._reading() as session:
            labels = session.exec(select(LabelRow).order_by(col(LabelRow.id))).all()
            corrected: dict[int, dict[str, str]] = {}
            for row in labels:
                corrected.setdefault(row.message_id, {})[row.field] = row.value
            return [_example(session, message_id, values) for message_id, values in corrected.items()]


def _values(value: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in clean(value).split(",") if part.strip()))


def _read_value(judgement: Judgement, field: str) -> str:
    return judgement.intent if field == LabelField.INTENT else ",".join(judgement.categories)


def _correct(session: Session, case: CaseRow, label: LabelRow) -> None:
    case.uncertain = False
    if label.field == LabelField.INTENT:
        case.intent = label.value
        return
    session.connection().execute(delete(CaseCategoryRow).where(col(CaseCategoryRow.case_id) == case.id))
    for category in _values(label.value):
        session.add(CaseCategoryRow(case_id=case.id or 0, category=category))


def _example(session: Session, message_id: int, corrected: dict[str, str]) -> TrainingExample:
    query = (
        select(OctetsRow.compressed, ReadingRow.triaged, CaseRow.sender, CaseRow.number)
        .join(ReadingRow, col(ReadingRow.message_id) == OctetsRow.message_id)
        .join(MessageRow, col(MessageRow.id) == OctetsRow.message_id)
        .join(CaseRow, col(CaseRow.id) == MessageRow.case_id)
        .where(OctetsRow.message_id == message_id)
    )
    compressed, triaged, sender, number = session.exec(query).one()
    octets, judgement = zlib.decompress(compressed), from_json(zlib.decompress(triaged)).reading.judgement
    categories = corrected.get(LabelField.CATEGORIES, _read_value(judgement, LabelField.CATEGORIES))
    return TrainingExample(
        id=sha256(octets).hexdigest(),
        octets=octets,
        intent=corrected.get(LabelField.INTENT, judgement.intent),
        categories=tuple(_values(categories)),
        group=sender or number,
        source=SOURCE,
    )


def _label(row: LabelRow) -> Label:
    return Label(
        id=row.id or 0,
        message_id=row.message_id,
        field=row.field,
        value=row.value,
        read_value=row.read_value,
        artifact=row.artifact,
        actor=row.actor,
        at=row.at,
    )
