"""Until when a push service takes no messages: for who sends, and without the network's library for who only asks."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from pwa.delivery.answers import LONGEST_PAUSE
from pwa.delivery.tables import push_services
from pwa.subscriptions.endpoints import check

PAUSE = timedelta(seconds=LONGEST_PAUSE)
PROBE = timedelta(minutes=5)  # a stopped service gets one message each time


def closed_until(paused_until: datetime | None, probe_at: datetime | None, now: datetime) -> datetime | None:
    """Until when nothing goes to a push service, or None when something may.

    What is further away than it can have been set is of a clock that was ahead, and does not count."""
    times = ((paused_until, PAUSE), (probe_at, PROBE))
    return max((at for at, most in times if at and now < at <= now + most), default=None)


def closed_for(connection: Connection, endpoint: str, key_id: str, now: datetime) -> int:
    """For how many seconds yet nothing goes to this address, 0 when something may."""
    which = (push_services.c.origin == check(endpoint), push_services.c.key_id == key_id)
    times = connection.execute(select(push_services.c.paused_until, push_services.c.probe_at).where(*which)).first()
    until = closed_until(*times, now) if times else None
    return int((until - now).total_seconds()) if until else 0
