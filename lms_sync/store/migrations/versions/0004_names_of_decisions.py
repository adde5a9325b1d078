"""Decisions about claims say which name the person had."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("decision", sa.Column("person_name", sa.Text(), nullable=False, server_default=""))
