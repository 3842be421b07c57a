"""Case events and the small conversions that several parts of the store share."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from models.case import CaseEvent
from models.tables import CaseEventRow
from triage.adapters.triaged_json import clean

SYSTEM = "system"
LONGEST_KEY = 900  # octets; PostgreSQL refuses index entries over 2,704, and no honest identifier comes near


def add_event(session: Session, case_id: int, at: datetime, actor: str, kind: str, detail: Mapping[str, str]) -> None:
    """Append an event to a case's history."""
    written = json.dumps({key: clean(value) for key, value in detail.items()}, ensure_ascii=False)
    session.add(CaseEventRow(case_id=case_id, at=at, actor=clean(actor), kind=kind, detail=written))


def event(row: CaseEventRow) -> CaseEvent:
    """The event in a row."""
    return CaseEvent(
        id=row.id or 0, case_id=row.case_id, at=row.at, actor=row.actor, kind=row.kind, detail=json.loads(row.detail)
    )


def key(identifier: str) -> str | None:
    """A msg-id or address as it is looked up: bare, cleaned; None when empty or absurdly long."""
    bare = clean(identifier).strip().removeprefix("<").removesuffix(">").strip()
    return bare if bare and len(bare.encode()) <= LONGEST_KEY else None


def keys(identifiers: Sequence[str]) -> list[str]:
    """`key` of each that has one, once."""
    return list(dict.fromkeys(found for identifier in identifiers if (found := key(identifier))))
