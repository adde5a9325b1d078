"""Judgements are kept, one a person, so that a night judges only those of whom something changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "judgement",
        sa.Column("district_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("district_id", "person_id"),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name="fk_judgement_district_id"),
    )
