"""Deliveries that carry an agreement's document say which."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.add_column("delivery", sa.Column("about", sa.String(length=40), nullable=False, server_default=""))
