"""Rows of messages as the values they stand for."""

import zlib

from models.mail import MessageKey, MessageSource, RawMessage
from models.tables import MessageRow

CAUSE_LENGTH = 2000


def raw_message(row: MessageRow, compressed: bytes) -> RawMessage:
    """The message as it came, as far as it is held."""
    return RawMessage(
        key=message_key(row),
        octets=zlib.decompress(compressed),
        internaldate=row.internaldate,
        backfill=row.backfill,
        source=MessageSource(row.source),
        size=row.size if row.size > row.held else None,
    )


def message_key(row: MessageRow) -> MessageKey:
    """The identity of the message."""
    return MessageKey(mailbox=row.mailbox, uidvalidity=row.uidvalidity, uid=row.uid)
