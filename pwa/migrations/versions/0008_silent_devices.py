"""Devices that are not heard of: when a tip last got through, and when they were asked to open the app."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("reached_on", sa.Date(), nullable=True))
    op.add_column("subscriptions", sa.Column("warned_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_subscriptions_seen_on"), "subscriptions", ["seen_on"])


def downgrade() -> None:
    op.drop_index(op.f("ix_subscriptions_seen_on"), table_name="subscriptions")
    op.drop_column("subscriptions", "warned_on")
    op.drop_column("subscriptions", "reached_on")
