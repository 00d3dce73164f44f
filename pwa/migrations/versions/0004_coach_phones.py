"""The phone on which a coach tries out tips."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "coach_phones",
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("test_number", sa.Integer(), nullable=True),
        sa.Column("test_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("test_answer", sa.String(length=60), nullable=False),
        sa.Column("test_shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["coach_id"], ["coaches.id"], name=op.f("fk_coach_phones_coach_id_coaches"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_coach_phones_subscription_id_subscriptions"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("coach_id", name=op.f("pk_coach_phones")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_coach_phones_code_hash")),
        sa.UniqueConstraint("subscription_id", name=op.f("uq_coach_phones_subscription_id")),
        sa.UniqueConstraint("test_number", name=op.f("uq_coach_phones_test_number")),
    )


def downgrade() -> None:
    op.drop_table("coach_phones")
