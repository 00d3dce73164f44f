"""An invitation knows who made it, and ends when that coach may not invite any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
NAME = "fk_invitations_made_by_coaches"


def upgrade() -> None:
    with op.batch_alter_table("invitations") as invitations:
        invitations.add_column(sa.Column("made_by", sa.Integer(), nullable=True))
        invitations.create_foreign_key(NAME, "coaches", ["made_by"], ["id"], ondelete="CASCADE")


def downgrade() -> None:
    with op.batch_alter_table("invitations") as invitations:
        invitations.drop_constraint(NAME, type_="foreignkey")
        invitations.drop_column("made_by")
