"""Templates of a briefing that coaches offer to their groups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
ITEMS = ("call", "help", "rhythm", "attention", "toilet", "avoid", "neighbour", "note")


def upgrade() -> None:
    op.create_table(
        "offered_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("cards", sa.String(320), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_offered_templates_group_id_groups"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_templates")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_offered_templates_group_id"), "offered_templates", ["group_id"])
    op.create_table(
        "offered_texts",
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("hint", sa.String(80), nullable=False),
        *(sa.Column(item, sa.String(600), nullable=False) for item in ITEMS),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["offered_templates.id"],
            name=op.f("fk_offered_texts_template_id_offered_templates"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("template_id", "language", name=op.f("pk_offered_texts")),
    )


def downgrade() -> None:
    op.drop_table("offered_texts")
    op.drop_table("offered_templates")
