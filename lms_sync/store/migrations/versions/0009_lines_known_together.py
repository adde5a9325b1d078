"""Of csv files the lines that are known are kept in groups too, so that those of a group are known at one look."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("known_rows", sa.Column("groups", sa.LargeBinary, nullable=True))
