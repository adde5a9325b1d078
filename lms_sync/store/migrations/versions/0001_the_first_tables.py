"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "district",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("key_check", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("district_id"),
    )
    op.create_table(
        "absence",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_absence_district_id")),
        sa.PrimaryKeyConstraint("district_id", "source", "record", "accepted_at"),
    )
    op.create_table(
        "decision",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("claim_id", sa.String(length=16), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_decision_district_id")),
        sa.PrimaryKeyConstraint("district_id", "claim_id", "recorded_at"),
    )
    op.create_table(
        "fact",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_fact_district_id")),
        sa.PrimaryKeyConstraint("district_id", "kind", "key", "recorded_at"),
    )
    op.create_table(
        "file",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("first_read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ledger", sa.JSON(), nullable=False),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("spoken", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_file_district_id")),
        sa.PrimaryKeyConstraint("district_id", "source", "fingerprint"),
    )
    op.create_table(
        "finding",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("finding_id", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=400), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_finding_district_id")),
        sa.PrimaryKeyConstraint("district_id", "finding_id"),
    )
    op.create_table(
        "item",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.String(length=255), nullable=False),
        sa.Column("cell", sa.String(length=20), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("text_hash", sa.String(length=32), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_item_district_id")),
        sa.PrimaryKeyConstraint("district_id", "source", "item_id"),
    )
    op.create_table(
        "learner",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("learner", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hashes", sa.JSON(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_learner_district_id")),
        sa.PrimaryKeyConstraint("district_id", "source", "learner", "recorded_at"),
    )
    op.create_table(
        "pull",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("pulled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("ledger", sa.JSON(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_pull_district_id")),
        sa.PrimaryKeyConstraint("district_id", "source", "pulled_at"),
    )
    op.create_table(
        "release",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("partner_id", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_release_district_id")),
        sa.PrimaryKeyConstraint("district_id", "partner_id", "address"),
    )
    op.create_table(
        "report",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.String(length=40), nullable=False),
        sa.Column("partner_id", sa.String(length=100), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("program", sa.String(length=40), nullable=False),
        sa.Column("replaces", sa.String(length=40), nullable=True),
        sa.Column("judgement", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_report_district_id")),
        sa.PrimaryKeyConstraint("district_id", "report_id"),
    )
    op.create_table(
        "run",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("command", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_run_district_id")),
        sa.PrimaryKeyConstraint("district_id", "run_id"),
    )
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
        sa.ForeignKeyConstraint(
            ["district_id", "source", "item_id"],
            ["item.district_id", "item.source", "item.item_id"],
            name=op.f("fk_completion_district_id_source_item_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_completion_district_id")),
        sa.PrimaryKeyConstraint("district_id", "source", "record", "recorded_at"),
    )
    with op.batch_alter_table("completion", schema=None) as batch_op:
        batch_op.create_index("ix_completion_live", ["district_id", "source", "ended_at"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("delivery_id", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("partner_id", sa.String(length=100), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "report_id"],
            ["report.district_id", "report.report_id"],
            name=op.f("fk_delivery_district_id_report_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_delivery_district_id")),
        sa.PrimaryKeyConstraint("district_id", "delivery_id"),
    )
    op.create_table(
        "recipient",
        sa.Column("district_id", sa.String(length=64), nullable=False),
        sa.Column("delivery_id", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id", "delivery_id"],
            ["delivery.district_id", "delivery.delivery_id"],
            name=op.f("fk_recipient_district_id_delivery_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.district_id"], name=op.f("fk_recipient_district_id")),
        sa.PrimaryKeyConstraint("district_id", "delivery_id", "address"),
    )
