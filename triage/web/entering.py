"""Entries as rows: messages like any other, that come by another way and are never answered."""

from datetime import datetime
from hashlib import sha256

from models.mail import MessageKey, MessageSource, RawMessage
from triage.ports import Store
from triage.stages.entry import NUMBERS, number_of

ENTRY, UIDVALIDITY = "entry", 0
"""Where the rows stand: no server gives the UIDVALIDITY 0 (RFC 9051)."""


def enter(store: Store, octets: bytes, source: MessageSource, at: datetime, *, entered_by: str, referrer: str) -> int:
    """Id of the message with these octets: new, or there already, for a form may be posted twice."""
    digest = sha256(octets)
    number = number_of(digest.digest())
    while True:
        held = store.entry_digests(ENTRY, [number]).get(number)
        if held is None:
            message = RawMessage(
                key=MessageKey(mailbox=ENTRY, uidvalidity=UIDVALIDITY, uid=number),
                octets=octets,
                internaldate=at,
                backfill=True,
                source=source,
            )
            new = store.add_entries([message], entered_by=entered_by, referrer=referrer)
            if new:
                return new[0]
        elif held == digest.hexdigest():
            found = store.entry(ENTRY, number)
            if found is not None:
                return found
        else:
            number = (number + 1) % NUMBERS
