"""Decisions about claims say on which day the training was; items on which nothing stands go once it is said anew.

Items that were refused, not done or passed over are found by their text from now on. Until now each export left those
of the one before behind: an export of everything each night, as many once more. They go here too, but for the last
ones of each text and those of files that are there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_UNUSED = "outcome IN ('not a completion', 'refused', 'skipped', 'superseded')"
_FILE = "f.district_id = o.district_id AND f.source = o.source AND f.sha256 = o.sha256 AND f.gone_at IS NULL"
_PLACE = "o.district_id = item.district_id AND o.source = item.source AND o.origin_id = item.origin_id"
_SAME = "newer.district_id = item.district_id AND newer.source = item.source AND newer.text_hash = item.text_hash"


def upgrade() -> None:
    """Make the change."""
    op.add_column("decision", sa.Column("training_day", sa.Date(), nullable=True))
    where = sa.text(_UNUSED)
    columns = ["district_id", "source", "text_hash"]
    op.create_index("ix_item_unused", "item", columns, sqlite_where=where, postgresql_where=where)
    newer = f"SELECT 1 FROM item newer WHERE {_SAME} AND newer.{_UNUSED} AND newer.recorded_at > item.recorded_at"
    there = f"SELECT 1 FROM origin o JOIN file f ON {_FILE} WHERE {_PLACE}"
    op.execute(f"DELETE FROM item WHERE {_UNUSED} AND EXISTS ({newer}) AND NOT EXISTS ({there})")
