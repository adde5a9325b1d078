"""Decisions about claims say on which day the training was, where the source gives none."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("decision", sa.Column("training_day", sa.Date(), nullable=True))
