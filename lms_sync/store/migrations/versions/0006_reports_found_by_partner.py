"""Reports and deliveries are found by their partner, however many there are."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_report_of_partner", "report", ["district_id", "partner_id", "issued_at"])
    op.create_index("ix_delivery_of_partner", "delivery", ["district_id", "kind", "partner_id", "about"])
    op.create_index("ix_delivery_of_report", "delivery", ["district_id", "report_id"])
