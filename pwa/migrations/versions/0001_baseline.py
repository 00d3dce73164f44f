"""The beginning: a database that knows its revision and has no tables yet."""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
