"""Replies to suppliers and the outbox they leave through."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReplyKind(StrEnum):
    """What a reply says."""

    RECEIPT = "receipt"


class OutboxState(StrEnum):
    """Where a reply stands on its way to the SMTP server."""

    DRAFT = "draft"  # waits for a person
    QUEUED = "queued"  # to be sent when its time comes
    SENDING = "sending"  # an attempt was written down and may be under way
    SENT = "sent"  # the server took it
    UNKNOWN = "unknown"  # the connection broke after the final dot: a person decides
    FAILED = "failed"  # refused for good
    BOUNCED = "bounced"  # taken, then returned


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDecision:
    """Whether and how a mail is answered: either `kind` and `language` and `to`, or `rule` and `reason` for why not."""

    kind: ReplyKind | None
    language: str
    to: str | None
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDraft:
    """A reply ready to be sent: the octets are complete and never rendered again."""

    kind: ReplyKind
    version: int
    language: str
    subject: str
    message_id: str
    envelope_sender: str
    recipient: str
    octets: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A reply in the outbox. `queued_at` is when it was first due; `answer` what the server said last."""

    id: int
    case_id: int
    draft: ReplyDraft
    state: OutboxState
    attempts: int
    queued_at: datetime
    due_at: datetime
    answer: str = ""
