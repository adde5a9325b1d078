"""Entries of the log carry a code under the identity key."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("audit", sa.Column("mac", sa.String(64), nullable=False, server_default=""))
