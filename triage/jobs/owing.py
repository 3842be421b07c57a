"""Owing: octets that the server owes, and the rest of large messages that somebody asked for, fetched later."""

from datetime import datetime

from models.knowledge.running import IntakePolicy
from models.mail import MessageKey, RawMessage
from triage.errors import MailboxError, MessageRefused
from triage.jobs.fetching import GONE, Fetched, fetch, first_part, next_try
from triage.ports import Cursor, Due, Mailbox, Store

TOO_LARGE = "it has {size} octets, and more than {most} are never fetched; look at it in the mailbox"


def complete_owed(mailbox: Mailbox, store: Store, policy: IntakePolicy, cursor: Cursor, *, now: datetime) -> int:
    """Ask again for what is owed and due. How many messages came. Raises MailboxError and StoreError."""
    completed = 0
    for due in store.owed(cursor.mailbox, cursor.uidvalidity, now=now, limit=policy.owed_at_once):
        try:
            fetched = _again(mailbox, cursor, due, policy, now=now)
        except MailboxError as fault:
            store.postpone(due.id, str(fault), retry_at=next_try(due.attempts + 1, now=now, policy=policy))
            if isinstance(fault, MessageRefused):
                continue
            raise
        if fetched.messages:
            store.complete(due.id, fetched.messages[0])
            completed += 1
        elif fetched.absent[0].gone:
            store.vanish(due.id, GONE)
        else:
            again = next_try(due.attempts + 1, now=now, policy=policy)
            store.postpone(due.id, fetched.absent[0].cause, retry_at=again)
    return completed


def complete_wanted(mailbox: Mailbox, store: Store, policy: IntakePolicy, cursor: Cursor, *, now: datetime) -> int:
    """Fetch the rest of what somebody asked for, part by part. How many messages are whole now.

    Raises MailboxError and StoreError; a rest that did not come is asked for at the next poll, `fetch_attempts` times.
    """
    completed = 0
    for due in store.wanted(cursor.mailbox, cursor.uidvalidity):
        if due.size > policy.whole_octets:
            store.postpone(due.id, TOO_LARGE.format(size=due.size, most=policy.whole_octets), retry_at=None)
            continue
        try:
            message = _whole(mailbox, store, policy, cursor, due)
        except MailboxError as fault:
            again = None if due.attempts + 1 >= policy.fetch_attempts else now
            store.postpone(due.id, str(fault), retry_at=again)
            if isinstance(fault, MessageRefused):
                continue
            raise
        if message is None:
            store.vanish(due.id, GONE)
        else:
            store.complete(due.id, message)
            completed += 1
    return completed


def _again(mailbox: Mailbox, cursor: Cursor, due: Due, policy: IntakePolicy, *, now: datetime) -> Fetched:
    """What becomes of an owed message: asked for whole, and every other time for its first part, which may come."""
    sizes = mailbox.sizes([due.uid])
    if due.uid in sizes and due.attempts % 2 == 0:
        part = first_part(mailbox, cursor, due.uid, policy, size=sizes[due.uid])
        if part is not None:
            return Fetched(messages=(part,))
    return fetch(mailbox, cursor, [due.uid], sizes, policy, now=now)


def _whole(mailbox: Mailbox, store: Store, policy: IntakePolicy, cursor: Cursor, due: Due) -> RawMessage | None:
    """The message with all its octets; None when it is gone. They end where the server says that they do."""
    held = store.raw(due.id)
    octets = bytearray(held.octets if held else b"")
    arrived: datetime | None = held.internaldate if held else None
    while len(octets) < policy.whole_octets:
        part = mailbox.fetch_part(due.uid, len(octets), policy.part_octets)
        if part is None:
            return None
        piece, arrived = part
        if not piece:
            break
        octets += piece
    if arrived is None:
        return None
    return RawMessage(
        key=MessageKey(mailbox=cursor.mailbox, uidvalidity=cursor.uidvalidity, uid=due.uid),
        octets=bytes(octets),
        internaldate=arrived,
        backfill=held.backfill if held else arrived < cursor.backfill_before,
    )
