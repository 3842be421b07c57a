"""Fetching: the octets of messages, in batches that fit in memory; every UID gets an outcome."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.knowledge.running import IntakePolicy
from models.mail import MessageKey, RawMessage
from triage.ports import Absent, Cursor, Mailbox

GONE = "gone from the server before its octets came"
KEPT_BACK = "the server names it and does not give its octets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What became of some UIDs: their messages, and those that have none."""

    messages: tuple[RawMessage, ...] = ()
    absent: tuple[Absent, ...] = ()


def batches(uids: Sequence[int], sizes: Mapping[int, int], policy: IntakePolicy) -> Iterator[Sequence[int]]:
    """`uids` in batches of `batch_octets` at most, where one message alone is not larger."""
    batch: list[int] = []
    total = 0
    for uid in uids:
        size = held_of(sizes.get(uid, 0), policy)
        if batch and total + size > policy.batch_octets:
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch


def held_of(size: int, policy: IntakePolicy) -> int:
    """How many octets of a message of `size` are fetched at once."""
    return min(size, policy.first_octets) if size > policy.large_octets else size


def fetch(
    mailbox: Mailbox,
    cursor: Cursor,
    uids: Sequence[int],
    sizes: Mapping[int, int],
    policy: IntakePolicy,
    *,
    now: datetime,
) -> Fetched:
    """The messages of `uids`, of large ones the first part. Raises MailboxError; MessageRefused for some of them."""
    found = _given(mailbox, cursor, uids, sizes, policy)
    missing = [uid for uid in uids if uid not in found]
    there = mailbox.sizes(missing) if missing else {}
    for uid in there:  # an answer may get lost: asking once more is cheap
        found |= _given(mailbox, cursor, [uid], there, policy)
    absent = [
        owed(uid, KEPT_BACK, now=now, policy=policy, size=there[uid])
        if uid in there
        else Absent(uid=uid, gone=True, cause=GONE)
        for uid in missing
        if uid not in found
    ]
    return Fetched(messages=tuple(found[uid] for uid in uids if uid in found), absent=tuple(absent))


def owed(uid: int, cause: str, *, now: datetime, policy: IntakePolicy, size: int = 0) -> Absent:
    """A message whose octets are owed."""
    return Absent(uid=uid, gone=False, size=size, cause=cause, retry_at=next_try(1, now=now, policy=policy))


def next_try(attempts: int, *, now: datetime, policy: IntakePolicy) -> datetime:
    """When octets that were asked for `attempts` times in vain are asked for again."""
    minutes = policy.owed_minutes
    return now + timedelta(minutes=minutes[min(attempts, len(minutes)) - 1])


def _given(
    mailbox: Mailbox, cursor: Cursor, uids: Sequence[int], sizes: Mapping[int, int], policy: IntakePolicy
) -> dict[int, RawMessage]:
    small = [uid for uid in uids if sizes.get(uid, 0) <= policy.large_octets]
    given = mailbox.fetch(small) if small else iter(())
    found = {uid: _message(cursor, uid, octets, arrived) for uid, octets, arrived in given}
    for uid in uids:
        if sizes.get(uid, 0) > policy.large_octets:
            first = first_part(mailbox, cursor, uid, policy, size=sizes[uid])
            if first is not None:
                found[uid] = first
    return found


def first_part(mailbox: Mailbox, cursor: Cursor, uid: int, policy: IntakePolicy, *, size: int) -> RawMessage | None:
    """The first part of a message that is said to have `size` octets, the whole when that is all; None: it is gone."""
    part = mailbox.fetch_part(uid, 0, policy.first_octets)
    if part is None:
        return None
    octets, arrived = part
    there_is_more = len(octets) >= policy.first_octets  # sizes are estimates on some servers
    return _message(cursor, uid, octets, arrived, size=max(size, len(octets) + 1) if there_is_more else None)


def _message(cursor: Cursor, uid: int, octets: bytes, arrived: datetime, *, size: int | None = None) -> RawMessage:
    return RawMessage(
        key=MessageKey(mailbox=cursor.mailbox, uidvalidity=cursor.uidvalidity, uid=uid),
        octets=octets,
        internaldate=arrived,
        backfill=arrived < cursor.backfill_before,
        size=size,
    )
