"""What has had its time is erased, also when nobody comes to the desk: deeds, sessions, invitations."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_

from pwa.coaches.tables import coach_sessions, deeds, invitations

YEAR = timedelta(days=365)  # that a deed is kept
LONGEST = timedelta(days=7)  # that a session lasts, however much it is used


def sweep(connection: Connection, at: datetime) -> None:
    """Erase what is over at a moment (aware); the sending process asks for it every minute."""
    connection.execute(delete(deeds).where(deeds.c.at < at - YEAR))
    over = or_(coach_sessions.c.ends_at <= at, coach_sessions.c.created_at <= at - LONGEST)
    connection.execute(delete(coach_sessions).where(over))
    connection.execute(delete(invitations).where(invitations.c.ends_at <= at))
