"""Rows of the database. Only the store reads and writes them; datetimes are aware, text is normalised before."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import BigInteger, Index, UniqueConstraint, desc
from sqlmodel import Field, SQLModel


class MessageState(StrEnum):
    """How far a message has come."""

    STORED = "stored"  # waits for triage
    TRIAGED = "triaged"
    QUARANTINED = "quarantined"  # triage failed too often; a person may release it
    OWED = "owed"  # the server names it and has not given its octets; asked for again
    VANISHED = "vanished"  # it was gone from the server before its octets came


class MessageRow(SQLModel, table=True):
    """A message of a mailbox. `msgid` is its Message-ID, a hint for threads; `state` is a MessageState.

    `size` are its octets on the server, `held` those that are here. `wanted_at`: when somebody asked for the rest.
    `retry_at`: when the server is next asked for octets that it owes. `content` is a digest of what the mail says.
    `source` is a MessageSource; `entered_by` and `referrer` say who wrote it down and who passed it on.
    """

    __tablename__: ClassVar[str] = "message"
    __table_args__ = (
        UniqueConstraint("mailbox", "uidvalidity", "uid", name="uq_message_key"),
        Index("ix_message_state", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    mailbox: str
    uidvalidity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    internaldate: datetime
    backfill: bool
    size: int = Field(sa_type=BigInteger)
    held: int = Field(sa_type=BigInteger)
    sha256: str = Field(index=True)
    state: str
    attempts: int = 0
    cause: str = ""
    stored_at: datetime
    case_id: int | None = Field(default=None, foreign_key="supply_case.id", index=True)
    msgid: str | None = Field(default=None, index=True)
    content: str | None = Field(default=None, index=True)
    source: str = "mailbox"
    entered_by: str = ""
    referrer: str = ""
    wanted_at: datetime | None = None
    retry_at: datetime | None = None


class MarkRow(SQLModel, table=True):
    """What a message was marked with in its mailbox, for those who read it there; `state` is done, due or failed."""

    __tablename__: ClassVar[str] = "message_mark"

    message_id: int = Field(primary_key=True, foreign_key="message.id")
    mark: str
    state: str
    attempts: int = 0
    cause: str = ""
    at: datetime


class TroubleRow(SQLModel, table=True):
    """A job in trouble since when; `refused`: it stays so until a person acts. `fault`: what kind of trouble."""

    __tablename__: ClassVar[str] = "trouble"

    name: str = Field(primary_key=True)
    text: str
    fault: str = Field(default="", sa_column_kwargs={"server_default": ""})
    refused: bool
    since: datetime
    at: datetime


class OctetsRow(SQLModel, table=True):
    """The octets of a message, compressed: the record that everything else is derived from."""

    __tablename__: ClassVar[str] = "message_octets"

    message_id: int = Field(primary_key=True, foreign_key="message.id")
    compressed: bytes


class CursorRow(SQLModel, table=True):
    """How far a mailbox has been read."""

    __tablename__: ClassVar[str] = "mailbox_cursor"

    mailbox: str = Field(primary_key=True)
    uidvalidity: int = Field(sa_type=BigInteger)
    last_uid: int = Field(sa_type=BigInteger)
    backfill_before: datetime
    failures: int = 0
    polled_at: datetime | None = None


class ReadingRow(SQLModel, table=True):
    """What triage found out about a message: a Triaged as compressed JSON, with what it rests on."""

    __tablename__: ClassVar[str] = "reading"

    message_id: int = Field(primary_key=True, foreign_key="message.id")
    triaged: bytes
    knowledge: str
    artifact: str
    at: datetime


class CaseRow(SQLModel, table=True):
    """A case with the facts of its highest-scored message (`facts_from`), held ready for the queue."""

    __tablename__: ClassVar[str] = "supply_case"
    __table_args__ = (Index("ix_case_rank", desc("score"), "arrived", "id", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    state: str
    score: float
    band: str
    subject: str
    sender: str
    company: str | None
    language: str
    intent: str
    missing: str
    risk_signs: str
    uncertain: bool
    arrived: datetime
    messages: int
    facts_from: int
    search: str


class CaseCategoryRow(SQLModel, table=True):
    """A category of a case."""

    __tablename__: ClassVar[str] = "case_category"
    __table_args__ = (Index("ix_case_category", "category", "case_id"),)

    case_id: int = Field(primary_key=True, foreign_key="supply_case.id")
    category: str = Field(primary_key=True)


class CaseAddressRow(SQLModel, table=True):
    """An address that wrote in a case."""

    __tablename__: ClassVar[str] = "case_address"
    __table_args__ = (Index("ix_case_address", "address", "case_id"),)

    case_id: int = Field(primary_key=True, foreign_key="supply_case.id")
    address: str = Field(primary_key=True)


class CaseEventRow(SQLModel, table=True):
    """Something that happened to a case; only ever added. `detail` is a JSON object of texts."""

    __tablename__: ClassVar[str] = "case_event"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="supply_case.id", index=True)
    at: datetime
    actor: str
    kind: str
    detail: str


class OutboxRecord(SQLModel, table=True):
    """A reply to be sent: complete octets, one row per case, kind and version. `message_id` is the message answered."""

    __tablename__: ClassVar[str] = "outbox"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "version", name="uq_outbox_reply"),
        Index("ix_outbox_due", "state", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="supply_case.id")
    message_id: int = Field(foreign_key="message.id")
    kind: str
    version: int
    language: str
    subject: str
    msgid: str = Field(index=True)
    envelope_sender: str
    recipient: str
    octets: bytes
    state: str
    attempts: int = 0
    queued_at: datetime
    due_at: datetime
    changed_at: datetime
    answer: str = ""


class LabelRow(SQLModel, table=True):
    """A person's correction of what was read out of a message; only ever added."""

    __tablename__: ClassVar[str] = "label"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    field: str
    value: str
    read_value: str
    artifact: str
    actor: str
    at: datetime


class AccountRow(SQLModel, table=True):
    """Who may sign in."""

    __tablename__: ClassVar[str] = "account"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    role: str
    password_hash: str


class SessionRow(SQLModel, table=True):
    """A sign-in; the token itself is never stored."""

    __tablename__: ClassVar[str] = "web_session"

    token_hash: str = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    csrf: str
    opened_at: datetime
    expires_at: datetime


class LeaseRow(SQLModel, table=True):
    """Who leads at something, until when."""

    __tablename__: ClassVar[str] = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: datetime


class CounterRow(SQLModel, table=True):
    """The last number given out in a series; its lock also puts the writers of cases in a row."""

    __tablename__: ClassVar[str] = "counter"

    name: str = Field(primary_key=True)
    value: int = Field(sa_type=BigInteger)
