"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, those that others refer to first."""
    _accounts()
    _series()
    _cases()
    _messages()
    _outbox()


def downgrade() -> None:
    """Drop every table, in the opposite order."""
    for table in (
        *("outbox", "label", "reading", "message_octets", "message"),
        *("case_event", "case_category", "case_address", "supply_case"),
        *("mailbox_cursor", "lease", "counter", "web_session", "account"),
    ):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _text(name: str, *, key: bool = False, unique: bool = False, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, AutoString(), primary_key=key, unique=unique or None, nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, UTCDateTime(), nullable=False)


def _of(name: str, table: str, *, key: bool = False, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), primary_key=key, nullable=nullable)


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _accounts() -> None:
    op.create_table("account", _id(), _text("name", unique=True), _text("role"), _text("password_hash"))
    op.create_table(
        "web_session",
        *(_text("token_hash", key=True), _of("account_id", "account"), _text("csrf")),
        *(_time("opened_at"), _time("expires_at")),
    )
    op.create_index("ix_web_session_account_id", "web_session", ["account_id"])


def _series() -> None:
    counter = op.create_table("counter", _text("name", key=True), _number("value"))
    op.bulk_insert(counter, [{"name": "case", "value": 0}])
    op.create_table("lease", _text("name", key=True), _text("holder"), _time("until"))
    op.create_table(
        "mailbox_cursor",
        *(_text("mailbox", key=True), _number("uidvalidity"), _number("last_uid"), _time("backfill_before")),
    )


def _cases() -> None:
    op.create_table(
        "supply_case",
        *(_id(), _text("number", unique=True), _text("state"), sa.Column("score", sa.Float, nullable=False)),
        *(_text("band"), _text("subject"), _text("sender"), _text("company", nullable=True), _text("language")),
        *(_text("intent"), _text("missing"), _text("risk_signs"), sa.Column("uncertain", sa.Boolean, nullable=False)),
        *(_time("arrived"), _integer("messages"), _integer("facts_from"), _text("search")),
    )
    op.create_index("ix_case_rank", "supply_case", [sa.text("score DESC"), "arrived", "id", "state"])
    op.create_table("case_address", _of("case_id", "supply_case", key=True), _text("address", key=True))
    op.create_index("ix_case_address", "case_address", ["address", "case_id"])
    op.create_table("case_category", _of("case_id", "supply_case", key=True), _text("category", key=True))
    op.create_index("ix_case_category", "case_category", ["category", "case_id"])
    op.create_table(
        "case_event",
        *(_id(), _of("case_id", "supply_case"), _time("at"), _text("actor"), _text("kind"), _text("detail")),
    )
    op.create_index("ix_case_event_case_id", "case_event", ["case_id"])


def _messages() -> None:
    op.create_table(
        "message",
        *(_id(), _text("mailbox"), _number("uidvalidity"), _number("uid"), _time("internaldate")),
        *(sa.Column("backfill", sa.Boolean, nullable=False), _number("size"), _text("sha256"), _text("state")),
        *(_integer("attempts"), _text("cause"), _time("stored_at")),
        *(_of("case_id", "supply_case", nullable=True), _text("msgid", nullable=True)),
        sa.UniqueConstraint("mailbox", "uidvalidity", "uid", name="uq_message_key"),
    )
    op.create_index("ix_message_state", "message", ["state", "id"])
    for column in ("case_id", "msgid", "sha256"):
        op.create_index(f"ix_message_{column}", "message", [column])
    compressed = sa.Column("compressed", sa.LargeBinary, nullable=False)
    op.create_table("message_octets", _of("message_id", "message", key=True), compressed)
    op.create_table(
        "reading",
        *(_of("message_id", "message", key=True), sa.Column("triaged", sa.LargeBinary, nullable=False)),
        *(_text("knowledge"), _text("artifact"), _time("at")),
    )
    op.create_table(
        "label",
        *(_id(), _of("message_id", "message"), _text("field"), _text("value"), _text("read_value")),
        *(_text("artifact"), _text("actor"), _time("at")),
    )
    op.create_index("ix_label_message_id", "label", ["message_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        *(_id(), _of("case_id", "supply_case"), _of("message_id", "message"), _text("kind"), _integer("version")),
        *(_text("language"), _text("subject"), _text("msgid"), _text("envelope_sender"), _text("recipient")),
        *(sa.Column("octets", sa.LargeBinary, nullable=False), _text("state"), _integer("attempts")),
        *(_time("queued_at"), _time("due_at"), _time("changed_at"), _text("answer")),
        sa.UniqueConstraint("case_id", "kind", "version", name="uq_outbox_reply"),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_msgid", "outbox", ["msgid"])
