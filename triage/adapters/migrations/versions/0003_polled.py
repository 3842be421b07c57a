"""When each mailbox was last polled to the end."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what it says comes with the next poll."""
    op.add_column("mailbox_cursor", sa.Column("polled_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("mailbox_cursor") as cursor:
        cursor.drop_column("polled_at")
