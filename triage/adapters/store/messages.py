"""Rows of messages as the values they stand for."""

import zlib

from models.mail import MessageKey, MessageSource, RawMessage
from models.tables import MessageRow
from triage.errors import StoreError

CAUSE_LENGTH = 2000
RESTORE = "restore the backup, and run `triage check` to see what else is damaged"


def raw_message(row: MessageRow, compressed: bytes) -> RawMessage:
    """The message as it came, as far as it is held. StoreError when its octets in the database are damaged."""
    try:
        octets = zlib.decompress(compressed)
    except zlib.error as fault:
        raise StoreError(f"the octets of message {row.id} in the database are damaged ({fault}); {RESTORE}") from None
    return RawMessage(
        key=message_key(row),
        octets=octets,
        internaldate=row.internaldate,
        backfill=row.backfill,
        source=MessageSource(row.source),
        size=row.size if row.size > row.held else None,
    )


def message_key(row: MessageRow) -> MessageKey:
    """The identity of the message."""
    return MessageKey(mailbox=row.mailbox, uidvalidity=row.uidvalidity, uid=row.uid)
