"""The author of a tip is a coach, and nobody any more when that account is gone."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
NAME = "fk_tips_author_coaches"


def upgrade() -> None:
    op.execute("UPDATE tips SET author = NULL WHERE author NOT IN (SELECT id FROM coaches)")
    with op.batch_alter_table("tips") as tips:
        tips.create_foreign_key(NAME, "coaches", ["author"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    with op.batch_alter_table("tips") as tips:
        tips.drop_constraint(NAME, type_="foreignkey")
