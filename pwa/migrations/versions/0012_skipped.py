"""A tip of which no moment went out was skipped, and not sent.

On SQLite no number of a tip is given out twice, as before 0005: that made the table anew without it."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
NAME = "ck_tips_state"
NEVER_SENT = """
UPDATE tips SET state = 'skipped' WHERE state = 'sent'
AND EXISTS (SELECT 1 FROM runs WHERE runs.tip_id = tips.id)
AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.tip_id = tips.id AND runs.state IN ('open', 'done'))
"""


def upgrade() -> None:
    _allow("'draft', 'held', 'scheduled', 'sent', 'skipped', 'cancelled'")
    op.execute(NEVER_SENT)


def downgrade() -> None:
    op.execute("UPDATE tips SET state = 'sent' WHERE state = 'skipped'")
    _allow("'draft', 'held', 'scheduled', 'sent', 'cancelled'")


def _allow(states: str) -> None:
    with op.batch_alter_table("tips", table_kwargs={"sqlite_autoincrement": True}) as tips:
        tips.drop_constraint(op.f(NAME), type_="check")
        tips.create_check_constraint(op.f(NAME), f"state IN ({states})")
