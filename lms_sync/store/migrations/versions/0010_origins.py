"""Where rows were read is stored once for all rows of a sheet or answer, and a completion has its place beside it.

No key leads from a completion to its item any more. The tables are made anew and filled from those that were there.
Nothing is left out but a completion whose item somebody has removed by hand: it counted nowhere.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SHARED = ("file", "sha256", "sheet", "url")
_ITEM = ("district_id", "source", "item_id", "recorded_at", "cell", "item", "record", "outcome", "text_hash", "text")
_COMPLETION = (
    *("district_id", "source", "record", "recorded_at", "ended_at", "end_reason", "learner"),
    *("course", "course_title", "unit", "unit_title"),
    *("day", "instant", "zone", "status", "claim", "score", "attributes", "item_id"),
)


def upgrade() -> None:
    """Make the change."""
    op.drop_index("ix_completion_live", table_name="completion")
    for name in ("completion", "item"):
        op.rename_table(name, f"{name}_before")
        if op.get_context().dialect.name == "postgresql":
            op.execute(f"ALTER INDEX {name}_pkey RENAME TO {name}_before_pkey")
    _create_origin()
    _fill_origin()
    op.create_index("ix_origin_before", "origin", ["district_id", "source", *_SHARED])
    # Completions first: what their old table leaves has room for half of the items. What stands first is looked
    # through from its beginning to its end: CROSS JOIN keeps SQLite to that.
    item, origin = _same("c", "i", ("item_id",)), _same("i", "o", _SHARED)
    _create_completion()
    op.execute(
        f"INSERT INTO completion ({', '.join(_COMPLETION)}, cell, item, origin_id)"
        f" SELECT {_listed('c', _COMPLETION)}, i.cell, i.item, o.origin_id"
        f" FROM completion_before c CROSS JOIN item_before i CROSS JOIN origin o WHERE {item} AND {origin}"
    )
    op.drop_table("completion_before")
    op.create_index("ix_completion_live", "completion", ["district_id", "source", "ended_at"])
    _create_item()
    op.execute(
        f"INSERT INTO item ({', '.join(_ITEM)}, origin_id) SELECT {_listed('i', _ITEM)}, o.origin_id"
        f" FROM item_before i CROSS JOIN origin o WHERE {origin}"
    )
    op.drop_table("item_before")
    op.drop_index("ix_origin_before", table_name="origin")


def _same(table: str, other: str, columns: tuple[str, ...]) -> str:
    """Return the condition for rows of two tables that are of one source and alike in these columns."""
    return " AND ".join(f"{other}.{name} = {table}.{name}" for name in ("district_id", "source", *columns))


def _listed(table: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{table}.{name}" for name in columns)


def _fill_origin() -> None:
    """Store the origins of each source, numbered by when the first row of each was stored."""
    which = ", ".join(("district_id", "source", *_SHARED))
    # The few that differ first: the database need not sort every item.
    few = f"SELECT DISTINCT {which}, recorded_at FROM item_before"
    found = op.get_bind().execute(sa.text(f"SELECT {which}, min(recorded_at) FROM ({few}) AS few GROUP BY {which}"))
    rows: list[dict[str, object]] = []
    newest: dict[tuple[str, str], int] = {}
    for row in sorted(found, key=lambda row: (row[0], row[1], row[6], *row[2:6])):
        of_source = row[0], row[1]
        newest[of_source] = number = newest.get(of_source, 0) + 1
        names = ("district_id", "source", *_SHARED, "recorded_at", "origin_id")
        rows.append(dict(zip(names, (*row, number), strict=True)))
    if rows:
        columns = f"{which}, recorded_at, origin_id"
        values = ", ".join(f":{name}" for name in columns.split(", "))
        op.get_bind().execute(sa.text(f"INSERT INTO origin ({columns}) VALUES ({values})"), rows)


def _create_origin() -> None:
    op.create_table(
        "origin",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("origin_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.String(length=255), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name="fk_origin_district_id"),
        sa.PrimaryKeyConstraint("district_id", "source", "origin_id"),
    )


def _refers_to_origin(table: str) -> sa.ForeignKeyConstraint:
    keys = ["district_id", "source", "origin_id"]
    return sa.ForeignKeyConstraint(
        keys, [f"origin.{key}" for key in keys], name=f"fk_{table}_district_id_source_origin_id"
    )


def _create_item() -> None:
    op.create_table(
        "item",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=20), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("text_hash", sa.String(length=32), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        _refers_to_origin("item"),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name="fk_item_district_id"),
        sa.PrimaryKeyConstraint("district_id", "source", "item_id"),
    )


def _create_completion() -> None:
    op.create_table(
        "completion",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.Column("learner", sa.String(length=32), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("course_title", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_title", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("instant", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("claim", sa.String(length=60), nullable=True),
        sa.Column("score", sa.String(length=40), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=20), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        _refers_to_origin("completion"),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name="fk_completion_district_id"),
        sa.PrimaryKeyConstraint("district_id", "source", "record", "recorded_at"),
    )
