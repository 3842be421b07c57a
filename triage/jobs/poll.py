"""Poll: every message of a mailbox that has no row yet gets one, together with the cursor; nothing else happens."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.knowledge.running import IntakePolicy
from models.mail import MessageKey, RawMessage
from triage.errors import MailboxError
from triage.ports import Cursor, Mailbox, Store

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What a poll did. `vanished` are UIDs that were named and then gone.

    `backfilled` of the stored are never answered. `renumbered`: the server gave the mailbox another UIDVALIDITY.
    """

    mailbox: str
    found: int
    stored: int
    backfilled: int
    vanished: tuple[int, ...]
    renumbered: bool


def poll_once(
    mailbox: Mailbox,
    store: Store,
    policy: IntakePolicy,
    *,
    batch: int,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
) -> PollReport:
    """Take in what is new, `batch` messages at most in a transaction; the next poll goes on where this one stopped.

    Raises MailboxError, MailboxRefused and StoreError; what was stored before stays stored.
    """
    known = store.cursor(mailbox.name)
    cursor = _cursor(mailbox, known, policy, now)
    if cursor != known:
        store.add_messages(cursor, [])
    uids = mailbox.uids_after(cursor.last_uid)
    stored = backfilled = done = 0
    vanished: list[int] = []
    for wanted in _batches(mailbox, uids, batch, policy.batch_octets):
        messages = _fetched(mailbox, cursor, wanted)
        vanished += sorted(set(wanted) - {message.key.uid for message in messages})
        cursor = replace(cursor, last_uid=wanted[-1])
        stored += store.add_messages(cursor, messages)
        backfilled += sum(message.backfill for message in messages)
        done += len(wanted)
        progress(done, len(uids))
    return PollReport(
        mailbox=mailbox.name,
        found=len(uids),
        stored=stored,
        backfilled=backfilled,
        vanished=tuple(vanished),
        renumbered=known is not None and known.uidvalidity != cursor.uidvalidity,
    )


def _cursor(mailbox: Mailbox, known: Cursor | None, policy: IntakePolicy, now: datetime) -> Cursor:
    """The cursor to go on from; a new one at a mailbox's first poll and when its UIDs were numbered anew."""
    uidvalidity = mailbox.status().uidvalidity
    if known and known.uidvalidity == uidvalidity:
        return known
    border = now - timedelta(hours=policy.backfill_hours)
    return Cursor(mailbox=mailbox.name, uidvalidity=uidvalidity, last_uid=0, backfill_before=border)


def _batches(mailbox: Mailbox, uids: Sequence[int], most: int, octets: int) -> Iterator[Sequence[int]]:
    """`uids` in batches of at most `most` messages and, where one message alone is not larger, `octets`."""
    for start in range(0, len(uids), most):
        named = uids[start : start + most]
        yield from _by_size(named, mailbox.sizes(named), octets)


def _by_size(uids: Sequence[int], sizes: Mapping[int, int], octets: int) -> Iterator[Sequence[int]]:
    batch: list[int] = []
    total = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        if batch and total + size > octets:
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch


def _fetched(mailbox: Mailbox, cursor: Cursor, uids: Sequence[int]) -> Sequence[RawMessage]:
    """The messages among `uids` that are still there. MailboxError when the server keeps one back that is."""
    found = {uid: (octets, arrived) for uid, octets, arrived in mailbox.fetch(uids)}
    missing = [uid for uid in uids if uid not in found]
    if missing:
        there = sorted(mailbox.sizes(missing))
        found |= {uid: (octets, arrived) for uid, octets, arrived in mailbox.fetch(there)} if there else {}
        kept_back = [uid for uid in there if uid not in found]
        if kept_back:
            raise MailboxError(
                f"{mailbox.name}: the server names UID {kept_back[0]} and does not give its octets; "
                "the next poll asks again; if it stays so, look at that message on the server"
            )
    return [_message(cursor, uid, *found[uid]) for uid in uids if uid in found]


def _message(cursor: Cursor, uid: int, octets: bytes, arrived: datetime) -> RawMessage:
    return RawMessage(
        key=MessageKey(mailbox=cursor.mailbox, uidvalidity=cursor.uidvalidity, uid=uid),
        octets=octets,
        internaldate=arrived,
        backfill=arrived < cursor.backfill_before,
    )
