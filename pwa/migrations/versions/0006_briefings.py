"""Sealed briefings and the notes that come back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "briefings",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefings")),
    )
    op.create_index(op.f("ix_briefings_expires_at"), "briefings", ["expires_at"])
    op.create_table(
        "briefing_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("briefing", sa.LargeBinary(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_notes")),
    )
    op.create_index(op.f("ix_briefing_notes_briefing"), "briefing_notes", ["briefing"])
    op.create_index(op.f("ix_briefing_notes_expires_at"), "briefing_notes", ["expires_at"])


def downgrade() -> None:
    op.drop_table("briefing_notes")
    op.drop_table("briefings")
