"""What intake keeps of messages that are large, owed, gone, imported or entered by staff, of marks and of troubles."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and tables; what was stored so far came whole, from a mailbox."""
    for name, default in (("source", "mailbox"), ("entered_by", ""), ("referrer", "")):
        op.add_column("message", sa.Column(name, AutoString(), nullable=False, server_default=default))
    op.add_column("message", sa.Column("held", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE message SET held = size")
    for name in ("wanted_at", "retry_at"):
        op.add_column("message", sa.Column(name, UTCDateTime(), nullable=True))
    op.add_column("message", sa.Column("content", AutoString(), nullable=True))
    op.create_index("ix_message_content", "message", ["content"])
    op.add_column("mailbox_cursor", sa.Column("failures", sa.Integer, nullable=False, server_default="0"))
    _marks()
    _troubles()


def downgrade() -> None:
    """Drop them, and the rows that have no octets."""
    op.drop_table("trouble")
    op.drop_table("message_mark")
    op.execute("DELETE FROM message WHERE state IN ('owed', 'vanished')")
    op.drop_index("ix_message_content", "message")
    with op.batch_alter_table("message") as message:
        for name in ("content", "retry_at", "wanted_at", "held", "referrer", "entered_by", "source"):
            message.drop_column(name)
    with op.batch_alter_table("mailbox_cursor") as cursor:
        cursor.drop_column("failures")


def _marks() -> None:
    op.create_table(
        "message_mark",
        sa.Column("message_id", sa.Integer, sa.ForeignKey("message.id"), primary_key=True),
        sa.Column("mark", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("cause", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )


def _troubles() -> None:
    op.create_table(
        "trouble",
        sa.Column("name", AutoString(), primary_key=True),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("refused", sa.Boolean, nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
