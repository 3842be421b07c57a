"""What kind of fault a job in trouble met, for the pages to say it in the reader's language."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; troubles from before have no kind."""
    op.add_column("trouble", sa.Column("fault", AutoString(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("trouble") as trouble:
        trouble.drop_column("fault")
