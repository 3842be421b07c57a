"""Cases that a mail may belong to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from models.case import ThreadCandidate
from models.tables import CaseAddressRow, CaseRow, MessageRow, OutboxRecord
from triage.adapters.store.events import key, keys

MOST_MSGIDS = 50
MOST_CANDIDATES = 50


def candidates(
    session: Session, address: str, msgids: Sequence[str], numbers: Sequence[str], content: str = ""
) -> Sequence[ThreadCandidate]:
    """Cases that `address` wrote in, that hold one of `msgids` or the same `content`, or have one of `numbers`.

    The newest come first.

    `msgids` come nearest first.
    """
    same = _by_content(session, content)
    found = {*same, *_by_msgids(session, keys(msgids)[:MOST_MSGIDS]), *_by_numbers(session, numbers)}
    sender = key(address.lower())
    if sender:
        found.update(_by_address(session, sender))
    newest = sorted(found, key=lambda case_id: (case_id not in same, -case_id))[:MOST_CANDIDATES]
    return [replace(case, same_content=case.case_id in same) for case in _described(session, newest)]


def _by_content(session: Session, content: str) -> set[int]:
    if not content:
        return set()
    query = select(MessageRow.case_id).where(MessageRow.content == content).limit(MOST_CANDIDATES)
    return {case_id for case_id in session.exec(query) if case_id is not None}


def _by_msgids(session: Session, msgids: Sequence[str]) -> set[int]:
    if not msgids:
        return set()
    theirs = select(MessageRow.case_id).where(col(MessageRow.msgid).in_(msgids)).limit(MOST_CANDIDATES)
    ours = select(OutboxRecord.case_id).where(col(OutboxRecord.msgid).in_(msgids)).limit(MOST_CANDIDATES)
    return {case_id for query in (theirs, ours) for case_id in session.exec(query) if case_id is not None}


def _by_numbers(session: Session, numbers: Sequence[str]) -> set[int]:
    if not numbers:
        return set()
    query = select(CaseRow.id).where(col(CaseRow.number).in_(numbers))
    return {case_id for case_id in session.exec(query) if case_id is not None}


def _by_address(session: Session, address: str) -> set[int]:
    newest = col(CaseAddressRow.case_id).desc()
    query = select(CaseAddressRow.case_id).where(CaseAddressRow.address == address)
    return set(session.exec(query.order_by(newest).limit(MOST_CANDIDATES)))


def _described(session: Session, case_ids: Sequence[int]) -> Sequence[ThreadCandidate]:
    if not case_ids:
        return []
    numbers = select(CaseRow.id, CaseRow.number).where(col(CaseRow.id).in_(case_ids))
    addresses = select(CaseAddressRow.case_id, CaseAddressRow.address).where(col(CaseAddressRow.case_id).in_(case_ids))
    theirs = select(MessageRow.case_id, MessageRow.msgid).where(
        col(MessageRow.case_id).in_(case_ids), col(MessageRow.msgid).is_not(None)
    )
    ours = select(OutboxRecord.case_id, OutboxRecord.msgid).where(col(OutboxRecord.case_id).in_(case_ids))
    number = dict(session.exec(numbers).all())
    wrote, held, sent = (_grouped(session.exec(query).all()) for query in (addresses, theirs, ours))
    return [
        ThreadCandidate(
            case_id=case_id,
            number=number[case_id],
            addresses=wrote[case_id],
            message_ids=held[case_id],
            our_message_ids=sent[case_id],
        )
        for case_id in case_ids
    ]


def _grouped(pairs: Sequence[tuple[int | None, str | None]]) -> Mapping[int, tuple[str, ...]]:
    grouped: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for case_id, text in pairs:
        if case_id is not None and text:
            grouped[case_id] += (text,)
    return grouped
