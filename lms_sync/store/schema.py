"""The tables, one schema for SQLite and PostgreSQL. Every primary and foreign key starts with `district_id`.

A fact carries `recorded_at`, when it became known, and `ended_at`, when it stopped counting (null while it counts);
`known_at` T sees the facts with recorded_at <= T and (ended_at is null or ended_at > T). Nothing is rewritten.
Instants are UTC; days are the district's calendar days.
"""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from lms_sync.store.instant import Instant

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "fk": "fk_%(table_name)s_%(column_0_N_name)s"}
)


def _of_district(name: str, *columns: Column[object] | ForeignKeyConstraint | Index) -> Table:
    of = [] if name == "district" else [ForeignKeyConstraint(["district_id"], ["district.district_id"])]
    return Table(name, metadata, Column("district_id", String(64), primary_key=True), *columns, *of)


def _text(name: str, length: int = 200, *, key: bool = False, null: bool = False) -> Column[object]:
    return Column(name, String(length), primary_key=key, nullable=null)


def _instant(name: str, *, key: bool = False, null: bool = False) -> Column[object]:
    return Column(name, Instant, primary_key=key, nullable=null)


district = _of_district(
    "district",
    _text("key_check", 64),  # a hash made with the identity key, to notice a lost or exchanged key file
    _instant("created_at"),
)

# What people write and programs ship: one row per partner, agreement, person, assignment, link, course row, offering,
# layout, law text, settings and program version. `kind` and `key` name the thing, `payload` is the thing.
fact = _of_district(
    "fact",
    _text("kind", 40, key=True),
    _text("key", 400, key=True),
    _instant("recorded_at", key=True),
    _instant("ended_at", null=True),
    Column("payload", JSON, nullable=False),
)

# A person's decision about a claim. A second decision ends the first.
decision = _of_district(
    "decision",
    _text("claim_id", 16, key=True),
    _instant("recorded_at", key=True),
    _instant("ended_at", null=True),
    _text("verdict", 10),
    Column("reason", Text, nullable=False),
    _text("decided_by"),
    Column("decided_on", Date, nullable=False),
    Column("person_name", Text, nullable=False, server_default=""),
    Column("training_day", Date, nullable=True),  # of an accepted claim whose source gives no day
)

run = _of_district(
    "run",
    Column("run_id", Integer, primary_key=True, autoincrement=False),
    _text("command", 40),
    _instant("started_at"),
    _instant("finished_at", null=True),
    Column("exit_code", Integer, nullable=True),
)

# One attempt to pull one source. `stored` tells whether its data were applied.
pull = _of_district(
    "pull",
    _text("source", 100, key=True),
    _instant("pulled_at", key=True),
    _text("outcome", 20),  # stored | incomplete | nothing in it | failed | safety stop
    Column("detail", Text, nullable=False),
    Column("ledger", JSON, nullable=False),
    Column("cursor", Text, nullable=False),  # where the next pull of a source goes on; it moves only with the data
)

# A file as it was last read. `records`: those done, `spoken`: all, null for the same (StoredFile); once lists.
file = _of_district(
    "file",
    _text("source", 100, key=True),
    _text("fingerprint", 64, key=True),
    _text("name", 255),
    _text("sha256", 64),
    _instant("first_read_at"),
    _instant("gone_at", null=True),
    Column("ledger", JSON, nullable=False),
    Column("records", JSON, nullable=False),
    Column("spoken", JSON, nullable=False),
)

# Where items were read, but for what differs by row: a sheet of a file, or the address of an answer.
origin = _of_district(
    "origin",
    _text("source", 100, key=True),
    Column("origin_id", Integer, primary_key=True, autoincrement=False),
    _instant("recorded_at"),
    _text("file", 255),
    _text("sha256", 64),
    _text("sheet", 255),
    Column("url", Text, nullable=False),
)
_ORIGIN = (["district_id", "source", "origin_id"], ["origin.district_id", "origin.source", "origin.origin_id"])
# Of items on which nothing stands: the next export that says the same takes their place.
UNUSED = text("outcome IN ('not a completion', 'refused', 'skipped', 'superseded')")
# An item as it was read: heading → text, forbidden columns removed.
item = _of_district(
    "item",
    _text("source", 100, key=True),
    _text("item_id", 32, key=True),
    _instant("recorded_at"),
    Column("origin_id", Integer, nullable=False),
    _text("cell", 20),
    Column("item", Text, nullable=False),
    _text("record", 32),
    _text("outcome", 20),
    _text("text_hash", 32),
    Column("text", JSON, nullable=False),
    ForeignKeyConstraint(*_ORIGIN),
    Index("ix_item_unused", "district_id", "source", "text_hash", sqlite_where=UNUSED, postgresql_where=UNUSED),
)

# Rows of sheets that were read before, as keyed hashes (model/known_rows.py); without them every row is read anew.
known_rows = _of_district(
    "known_rows",
    _text("source", 100, key=True),
    _instant("recorded_at"),
    _text("people", 64),  # hash of the roster and of what was decided about people, by which strangers were told
    Column("learners", LargeBinary, nullable=False),
    Column("rows", LargeBinary, nullable=False),
    Column("groups", LargeBinary, nullable=True),  # lines of csv files, many at one look; null of earlier versions
)

# A source's idea of someone. Identifiers as keyed hashes; in the clear only with a candidate on the roster.
learner = _of_district(
    "learner",
    _text("source", 100, key=True),
    _text("learner", 32, key=True),
    _instant("recorded_at", key=True),
    _instant("ended_at", null=True),
    Column("hashes", JSON, nullable=False),
    Column("shown", JSON, nullable=True),
)

# Where it was read stands here as well as with its item, so that nobody who judges need look for items.
completion = _of_district(
    "completion",
    _text("source", 100, key=True),
    _text("record", 32, key=True),
    _instant("recorded_at", key=True),
    _instant("ended_at", null=True),
    _text("end_reason", 20, null=True),  # corrected | ended by HR | withdrawn; no longer done (earlier versions)
    _text("learner", 32),
    Column("course", Text, nullable=False),
    Column("course_title", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("unit_title", Text, nullable=False),
    Column("day", Date, nullable=True),
    _instant("instant", null=True),
    _text("zone", 64),
    Column("status", Text, nullable=False),
    _text("claim", 60, null=True),
    _text("score", 40, null=True),
    Column("attributes", JSON, nullable=False),
    _text("item_id", 32),  # no foreign key: to look for its item costs a row as much as to store it (upkeep.py)
    Column("origin_id", Integer, nullable=False),
    _text("cell", 20),
    Column("item", Text, nullable=False),
    ForeignKeyConstraint(*_ORIGIN),
    Index("ix_completion_live", "district_id", "source", "ended_at"),
)

# Records that a person agreed are missing from a cumulative source (`--accept-drop`); it ends when they come back.
absence = _of_district(
    "absence",
    _text("source", 100, key=True),
    _text("record", 32, key=True),
    _instant("accepted_at", key=True),
    _instant("ended_at", null=True),
    _text("accepted_by"),
)

# What waits for a person. `scope` is what has to be looked at again before the finding can be cleared.
finding = _of_district(
    "finding",
    _text("finding_id", 16, key=True),
    _text("scope", 400),
    _instant("first_seen"),
    _instant("last_seen"),
    _instant("cleared_at", null=True),
    Column("payload", JSON, nullable=False),
)

# A gap report as it was issued, with all that its judgement rested on.
report = _of_district(
    "report",
    _text("report_id", 40, key=True),
    _text("partner_id", 100),
    Column("as_of", Date, nullable=False),
    _instant("known_at"),
    _instant("issued_at"),
    _text("program", 40),
    _text("replaces", 40, null=True),
    Column("judgement", JSON, nullable=False),
    Index("ix_report_of_partner", "district_id", "partner_id", "issued_at"),
)

# One message to one envelope. `body` is the exact message; empty while the delivery is held.
delivery = _of_district(
    "delivery",
    _text("delivery_id", 40, key=True),
    _text("report_id", 40, null=True),
    _text("kind", 10),  # partner | night | building | agreement | warning …
    _text("partner_id", 100),
    _text("sender"),
    _text("message_id", 255),
    Column("subject", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _text("state", 10),
    _instant("created_at"),
    _instant("changed_at"),
    Column("tries", Integer, nullable=False),
    _instant("next_try_at", null=True),
    Column("detail", Text, nullable=False),
    Column("about", String(40), nullable=False, server_default=""),  # the number of an agreement's document
    ForeignKeyConstraint(["district_id", "report_id"], ["report.district_id", "report.report_id"]),
    Index("ix_delivery_of_partner", "district_id", "kind", "partner_id", "about"),
    Index("ix_delivery_of_report", "district_id", "report_id"),
)

recipient = _of_district(
    "recipient",
    _text("delivery_id", 40, key=True),
    _text("address", 254, key=True),
    _text("state", 10),
    Column("detail", Text, nullable=False),
    ForeignKeyConstraint(["district_id", "delivery_id"], ["delivery.district_id", "delivery.delivery_id"]),
)

# A (partner, address) pair that a person has released.
release = _of_district(
    "release",
    _text("partner_id", 100, key=True),
    _text("address", 254, key=True),
    _instant("released_at"),
    _text("released_by"),
    Column("reason", Text, nullable=False),
)

# Every human decision, hash-chained; the payload sits beside the chain, so that a purge can replace it.
audit = _of_district(
    "audit",
    Column("number", Integer, primary_key=True, autoincrement=False),
    _instant("at"),
    _text("kind", 20),
    Column("payload", JSON, nullable=False),
    _text("payload_hash", 64),
    _text("previous", 64),
    _text("hash", 64),
    Column("mac", String(64), nullable=False, server_default=""),  # under the identity key; earlier versions had none
)

# A training confirmation or training plan as it was issued for an agreement (clause C). `content` is the exact PDF.
issued = _of_district(
    "issued",
    _text("number", 40, key=True),
    _text("kind", 20),  # confirmation | plan
    _text("agreement_id", 100),
    _text("partner_id", 100),
    Column("as_of", Date, nullable=False),
    _instant("known_at"),
    _instant("issued_at"),
    _text("issued_by"),
    _text("program", 40),
    _text("law", 100),
    _text("map_version", 20),
    _text("code", 40),
    _text("sha256", 64),
    Column("content", LargeBinary, nullable=False),
    Column("judgement", JSON, nullable=False),
    _instant("withdrawn_at", null=True),
    _text("withdrawn_by", null=True),
    Column("withdrawn_because", Text, nullable=True),
)
