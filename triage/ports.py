"""What jobs, web and command line ask of the world outside; the adapters answer, and so do the tests' fakes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from models.case import Case, CaseState, QueueFilter, QueuePage, ThreadCandidate, Triaged
from models.label import Label, TrainingExample
from models.mail import MessageKey, RawMessage
from models.mark import Markable
from models.reply import OutboxRow, ReplyDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxStatus:
    """What SELECT/EXAMINE said of a mailbox."""

    uidvalidity: int
    uidnext: int
    messages: int
    read_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a mailbox has been read: every UID up to `last_uid` has a row or was gone.

    Messages with an INTERNALDATE before `backfill_before` lay there long before the mailbox was first read. The last
    `failures` polls broke off at the messages that follow.
    """

    mailbox: str
    uidvalidity: int
    last_uid: int
    backfill_before: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A message that the server named and whose octets did not come: gone meanwhile, or owed (`gone` is false)."""

    uid: int
    gone: bool
    size: int = 0
    cause: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A message with a row, of which octets are to be fetched: all that it owes, or the rest beyond `held`."""

    id: int
    uid: int
    size: int
    held: int
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A job that cannot do its work, and what to do about it. `refused`: it stays so until a person acts.

    `fault` is the kind of trouble, as errors name theirs; `text` is for those who look after the machine.
    """

    name: str
    text: str
    fault: str = ""
    refused: bool
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """How many messages could not be read or fetched, and how many replies are not known to be sent."""

    messages: int = 0
    replies: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a message has come: its state, its case when it has one, and by which way it came."""

    state: str
    case_id: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledMailbox:
    """A mailbox as far as it has been read; `polled_at` is when a poll last came to its end."""

    name: str
    uidvalidity: int
    last_uid: int
    failures: int
    polled_at: datetime | None


class Mailbox(Protocol):
    """One IMAP folder, opened read-only. Raises MailboxError (try again) or MailboxRefused (a person must act)."""

    name: str

    @property
    def can_wait(self) -> bool:
        """Whether the server tells of changes (IDLE)."""
        ...

    def status(self) -> MailboxStatus: ...
    def uids_after(self, uid: int) -> Sequence[int]: ...
    def sizes(self, uids: Sequence[int]) -> Mapping[int, int]: ...
    def fetch(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes, datetime]]:
        """(UID, octets, INTERNALDATE) of each that is still there, by BODY.PEEK[]."""
        ...

    def fetch_part(self, uid: int, start: int, length: int) -> tuple[bytes, datetime] | None:
        """Octets [start, start + length) of a message, fewer at its end, and its INTERNALDATE; None when it is gone."""
        ...

    def arrivals(self, uids: Sequence[int]) -> Mapping[int, datetime]:
        """INTERNALDATE of each that is still there."""
        ...

    def wait(self, seconds: float, stopping: Callable[[], bool]) -> bool:
        """Wait until the server tells of a change in the folder (IDLE), `seconds` at most; whether it did."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of messages that were to be marked, by UID; those in neither were left as they are."""

    done: frozenset[int]
    gone: frozenset[int]


class Marker(Protocol):
    """One IMAP folder, opened to be written.

    Every method opens it anew and raises MailboxError when its UIDVALIDITY is another (or try again), MailboxRefused
    when a person must act, MessageRefused when the server refuses these very messages.
    """

    def set_keywords(
        self, uidvalidity: int, uids: Sequence[int], keywords: Sequence[str], *, without: Sequence[str] = ()
    ) -> Written:
        """Have the messages bear `keywords` and not those of `without`; others that they bear stay."""
        ...

    def move(
        self, uidvalidity: int, uids: Sequence[int], path: Sequence[str], *, begun: Mapping[int, tuple[int, str]]
    ) -> Written:
        """Move the messages to the folder `path`, its names from the top; it is made when it is not there.

        Of those in `begun` a copy may be there already: its size and the sha256 of its octets.
        """
        ...

    def close(self) -> None: ...


class Mailer(Protocol):
    """An SMTP server. `send` returns its answer or raises one of the DeliveryError family."""

    def send(self, draft: ReplyDraft) -> str: ...
    def check(self) -> str: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A stored message that waits for triage."""

    id: int
    raw: RawMessage
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A message that could not be triaged, or (`owed`) fetched, with the cause; visible to staff and re-runnable."""

    id: int
    key: MessageKey
    arrived: datetime
    size: int
    attempts: int
    cause: str
    owed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who may sign in. `role` is procurement or admin."""

    id: int
    name: str
    role: str
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A sign-in held by the server: revocable, with its CSRF token."""

    account: Account
    csrf: str
    expires_at: datetime


class Readers(Protocol):
    """Those who read messages, isolated from us. Closed, they read nothing more."""

    def submit(self, raw: RawMessage) -> Future[Triaged]:
        """The triage of `raw`, to come. It fails with ReadingError (this message) or WorkError (every message)."""
        ...

    def close(self) -> None: ...


JoinDecision = Callable[[Sequence[ThreadCandidate]], int | None]
Compose = Callable[[str], ReplyDraft | None]
"""Given the case number, the reply to queue, or None."""


class Store(Protocol):
    """The database. Every method is one transaction. Datetimes are aware; text is normalised on the way in."""

    # intake
    def cursor(self, mailbox: str) -> Cursor | None: ...
    def add_messages(self, cursor: Cursor, messages: Iterable[RawMessage], absent: Iterable[Absent] = ()) -> int:
        """Messages, absent ones and cursor together; keys already there are left alone. How many messages were new."""
        ...

    def add_entries(self, messages: Iterable[RawMessage], *, entered_by: str = "", referrer: str = "") -> Sequence[int]:
        """Messages that came by another way than a mailbox; keys already there are left alone. Ids of the new."""
        ...

    def entry_digests(self, mailbox: str, uids: Sequence[int]) -> Mapping[int, str]:
        """SHA-256 (hexadecimal) of what is held under those of the keys (`mailbox`, 0, uid) that are taken."""
        ...

    def known_uids(self, mailbox: str, uidvalidity: int) -> Sequence[int]: ...
    def owed(self, mailbox: str, uidvalidity: int, *, now: datetime, limit: int) -> Sequence[Due]:
        """Messages whose octets are owed and are to be asked for now, the longest waiting first."""
        ...

    def wanted(self, mailbox: str, uidvalidity: int) -> Sequence[Due]:
        """Messages whose rest somebody asked for."""
        ...

    def want_rest(self, message_id: int, *, actor: str, now: datetime) -> None: ...
    def complete(self, message_id: int, message: RawMessage) -> None:
        """The octets of `message` take the place of what was held or owed; it waits for triage (again)."""
        ...

    def postpone(self, message_id: int, cause: str, *, retry_at: datetime | None) -> None:
        """One more failed attempt to fetch what is owed or wanted. Without `retry_at` it is not asked for again."""
        ...

    def vanish(self, message_id: int, cause: str) -> None:
        """What is owed or wanted is gone from the server."""
        ...

    def pending(self, limit: int, *, after: int = 0, octets: int | None = None) -> Sequence[Pending]:
        """The oldest that wait for triage, no more of them than hold so many octets together, but one at least."""
        ...

    def count_messages(self) -> int: ...
    def message_counts(self) -> Mapping[str, int]: ...
    def raw(self, message_id: int) -> RawMessage | None: ...

    # triage
    def thread_candidates(
        self, address: str, msgids: Sequence[str], numbers: Sequence[str]
    ) -> Sequence[ThreadCandidate]: ...
    def record(self, message_id: int, triaged: Triaged, *, join: JoinDecision, compose: Compose, now: datetime) -> int:
        """Reading, case, events and outbox row together; a message recorded before is left alone. The case id."""
        ...

    def record_failure(self, message_id: int, cause: str, *, quarantine: bool) -> None: ...
    def quarantined(self) -> Sequence[Quarantined]: ...
    def release(self, message_id: int, *, actor: str, now: datetime) -> None:
        """A quarantined message waits for triage again; one that is owed is asked for at the next poll."""
        ...

    # overview
    def attention(self) -> Attention: ...
    def standing(self, message_id: int) -> Standing | None: ...
    def entry(self, mailbox: str, uid: int) -> int | None:
        """Id of the message with the key (`mailbox`, 0, `uid`), or None."""
        ...

    def note_poll(self, mailbox: str, *, now: datetime) -> None: ...
    def polled_mailboxes(self) -> Sequence[PolledMailbox]: ...

    def read_again(self, message_id: int, *, actor: str, now: datetime) -> None:
        """A triaged message waits for triage once more; it stays in its case."""
        ...

    # outbox
    def claim_due(self, now: datetime, limit: int) -> Sequence[OutboxRow]:
        """Due rows, written down as SENDING with one more attempt."""
        ...

    def settle(self, row_id: int, state: str, answer: str, *, due_at: datetime | None, now: datetime) -> None: ...
    def stale_sending_to_unknown(self, before: datetime) -> int:
        """Rows left SENDING by a process that died become UNKNOWN: a person decides."""
        ...

    def put_back(self, row_ids: Sequence[int], *, now: datetime) -> None:
        """Claimed rows that were never tried wait again, their attempt not counted."""
        ...

    def outbox_counts(self) -> Mapping[str, int]: ...

    # queue and cases
    def queue(self, wanted: QueueFilter, *, page: int, size: int) -> QueuePage: ...
    def category_counts(self) -> Mapping[str, int]: ...
    def event_counts(self) -> Mapping[str, int]: ...
    def case(self, case_id: int) -> Case | None: ...
    def next_case(self, case_id: int, wanted: QueueFilter) -> int | None:
        """The case after this one in the order of the queue."""
        ...

    def set_state(self, case_id: int, state: CaseState, *, actor: str, note: str, now: datetime) -> None: ...

    # learning
    def add_label(self, message_id: int, field: str, value: str, *, actor: str, now: datetime) -> None:
        """The label, the corrected value on the case, and a case event, together."""
        ...

    def labels(self) -> Sequence[Label]: ...
    def labelled_examples(self) -> Sequence[TrainingExample]: ...

    # marks
    def markable(self, mailbox: str, uidvalidity: int, *, refused_before: datetime, limit: int) -> Sequence[Markable]:
        """Triaged messages whose mark is due, oldest first; one that was refused only when that was so long ago."""
        ...

    def begin_marks(self, marks: Mapping[int, str], *, now: datetime) -> None:
        """Note what is about to be written of each message: after a fault it is due, and known to be begun."""
        ...

    def settle_marks(self, marks: Mapping[int, str], *, begun: datetime, cause: str, now: datetime) -> None:
        """What was begun at `begun` is done; what a correction made due since then stays due."""
        ...

    def refuse_marks(
        self, message_ids: Iterable[int], *, begun: datetime, cause: str, attempts: int, now: datetime
    ) -> None:
        """The server refused what was begun at `begun`: one more attempt of each, the last of `attempts` is final."""
        ...

    def mark_counts(self) -> Mapping[str, int]: ...

    # accounts and sessions
    def account(self, name: str) -> Account | None: ...
    def put_account(self, name: str, role: str, password_hash: str) -> None: ...
    def open_session(
        self, account_id: int, token_hash: str, csrf: str, *, expires_at: datetime, now: datetime
    ) -> None: ...
    def session(self, token_hash: str, now: datetime) -> Session | None: ...
    def close_session(self, token_hash: str) -> None: ...

    # troubles
    def put_trouble(self, name: str, text: str, *, refused: bool, now: datetime, fault: str = "") -> None: ...
    def clear_trouble(self, name: str) -> None: ...
    def troubles(self) -> Sequence[Trouble]: ...

    # leadership
    def take_lease(self, name: str, holder: str, *, until: datetime, now: datetime) -> bool: ...

    def migrate(self) -> None: ...
    def check(self, *, before_start: bool = False) -> str: ...
    def dispose(self) -> None: ...
