"""Groups, push subscriptions, tips, and what delivery remembers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("languages", sa.String(length=40), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("holiday_region", sa.String(length=20), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_till", sa.Time(), nullable=False),
        sa.Column("join_code", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(join_code) = 10", name=op.f("ck_groups_join_code_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("join_code", name=op.f("uq_groups_join_code")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "push_services",
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarm", sa.String(length=200), nullable=False),
        sa.Column("alarm_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('closed', 'open')", name=op.f("ck_push_services_state")),
        sa.PrimaryKeyConstraint("origin", "key_id", name=op.f("pk_push_services")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endpoint_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.LargeBinary(length=65), nullable=False),
        sa.Column("auth", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("nonce_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(length=8), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(length=20), nullable=False),
        sa.Column("muted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("fault", sa.String(length=40), nullable=True),
        sa.CheckConstraint("moment IN ('before', 'after', 'evening')", name=op.f("ck_subscriptions_moment")),
        sa.CheckConstraint("days BETWEEN 0 AND 127", name=op.f("ck_subscriptions_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_subscriptions_endpoint_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_subscriptions_expires_at"), "subscriptions", ["expires_at"])
    op.create_table(
        "study_days",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_study_days_group_id_groups"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "date", name=op.f("pk_study_days")),
    )
    op.create_table(
        "subscription_groups",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_subscription_groups_group_id_groups"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_subscription_groups_subscription_id_subscriptions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", "subscription_id", name=op.f("pk_subscription_groups")),
    )
    op.create_index(op.f("ix_subscription_groups_subscription_id"), "subscription_groups", ["subscription_id"])
    op.create_table(
        "tips",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=22), nullable=False),
        sa.Column("author", sa.Integer(), nullable=True),
        sa.Column("card", sa.String(length=60), nullable=True),
        sa.Column("programme", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("moments", sa.String(length=24), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state = 'draft' OR date IS NOT NULL", name=op.f("ck_tips_date")),
        sa.CheckConstraint("state IN ('draft', 'held', 'scheduled', 'sent', 'cancelled')", name=op.f("ck_tips_state")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["tips.id"], name=op.f("fk_tips_corrects_id_tips"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_tips_group_id_groups"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tips")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_tips_group_id"), "tips", ["group_id"])
    op.create_index(op.f("ix_tips_state"), "tips", ["state", "date"])
    op.create_table(
        "outcomes",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'shown', 'opened', 'expired', 'failed')", name=op.f("ck_outcomes_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_outcomes_group_id_groups"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"], name=op.f("fk_outcomes_tip_id_tips"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("date", "group_id", "tip_id", "outcome", "reason", name=op.f("pk_outcomes")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(length=8), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'done', 'skipped', 'late')", name=op.f("ck_runs_state")),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"], name=op.f("fk_runs_tip_id_tips"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("tip_id", "moment", "date", name=op.f("uq_runs_tip_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tip_texts",
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("body", sa.String(length=240), nullable=False),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"], name=op.f("fk_tip_texts_tip_id_tips"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tip_id", "language", name=op.f("pk_tip_texts")),
    )
    op.create_table(
        "chunks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("ids", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("done", sa.LargeBinary(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done')", name=op.f("ck_chunks_state")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_chunks_run_id_runs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunks")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_chunks_run_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_chunks_state"), "chunks", ["state", "not_before"])


def downgrade() -> None:

    op.drop_index(op.f("ix_chunks_state"), table_name="chunks")
    op.drop_table("chunks")
    op.drop_table("tip_texts")
    op.drop_table("runs")
    op.drop_table("outcomes")
    op.drop_index(op.f("ix_tips_state"), table_name="tips")
    op.drop_index(op.f("ix_tips_group_id"), table_name="tips")
    op.drop_table("tips")
    op.drop_index(op.f("ix_subscription_groups_subscription_id"), table_name="subscription_groups")
    op.drop_table("subscription_groups")
    op.drop_table("study_days")
    op.drop_index(op.f("ix_subscriptions_expires_at"), table_name="subscriptions")
    op.drop_table("subscriptions")
    op.drop_table("push_services")
    op.drop_table("groups")
