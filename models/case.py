"""A case: mail that belongs together, its place in the queue and its history."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.assessment import Assessment, Priority
from models.mail import MessageSource, ParsedMail, Screening, Separated
from models.reading import Reading
from models.reply import ReplyDecision


class CaseState(StrEnum):
    """Where the work on a case stands. A person sets it."""

    RECEIVED = "received"
    NEEDS_DOCUMENTS = "needs_documents"
    UNDER_ASSESSMENT = "under_assessment"
    FORWARDED = "forwarded"
    NOT_NEEDED = "not_needed"
    TAKEN_FURTHER = "taken_further"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Triaged:
    """All that the pipeline found out about one message, untouched from stage to stage, and on what it rests."""

    mail: ParsedMail
    screening: Screening
    separated: Separated
    reading: Reading
    assessment: Assessment
    priority: Priority
    reply: ReplyDecision
    knowledge: str
    artifact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """Something that happened to a case. `kind` is a code of `data/events.toml`; `actor` a user name or "system"."""

    id: int
    case_id: int
    at: datetime
    actor: str
    kind: str
    detail: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A line of the queue."""

    id: int
    number: str
    state: CaseState
    score: float
    band: str
    subject: str
    sender: str
    company: str | None
    language: str
    intent: str
    categories: tuple[str, ...]
    missing: tuple[str, ...]
    risk_signs: tuple[str, ...]
    uncertain: bool
    arrived: datetime
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which cases of the queue to show; None shows all. `open_only` leaves out closed and not-needed cases."""

    category: str | None = None
    state: CaseState | None = None
    intent: str | None = None
    band: str | None = None
    text: str | None = None
    open_only: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """A page of the queue in rank order (score descending, then arrival, then id)."""

    cases: tuple[CaseSummary, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMessage:
    """A message of a case with its latest triage.

    `held` of its `size` octets are here; `wanted`: somebody asked for the rest, `cause` says why it did not come.
    `state` is how far it has come: a message that is to be read once more waits again.
    """

    id: int
    arrived: datetime
    triaged: Triaged
    size: int = 0
    held: int = 0
    wanted: bool = False
    cause: str = ""
    state: str = ""
    source: MessageSource = MessageSource.MAILBOX
    entered_by: str = ""
    referrer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReply:
    """A reply of a case as staff see it."""

    id: int
    kind: str
    state: str
    recipient: str
    subject: str
    language: str
    at: datetime
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case with all that a case page shows."""

    summary: CaseSummary
    messages: tuple[CaseMessage, ...]
    events: tuple[CaseEvent, ...]
    replies: tuple[CaseReply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadCandidate:
    """A case that a mail may belong to, with what the decision needs. Msg-ids are bare, addresses in lower case."""

    case_id: int
    number: str
    addresses: tuple[str, ...]
    message_ids: tuple[str, ...]
    our_message_ids: tuple[str, ...]
    same_content: bool = False
    """Whether it holds a mail that says exactly the same."""
