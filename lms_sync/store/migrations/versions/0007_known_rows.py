"""Rows of sheets that were read before are known again by a keyed hash."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "known_rows",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.String(length=64), nullable=False),
        sa.Column("learners", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_known_rows_district_id")),
        sa.PrimaryKeyConstraint("district_id", "source"),
    )
