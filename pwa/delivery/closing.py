"""Whether a push service takes messages just now, for who asks and does not send: without the network's library."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from pwa.delivery.tables import push_services
from pwa.subscriptions.endpoints import check


def closed_for(connection: Connection, endpoint: str, key_id: str, now: datetime) -> int:
    """For how many seconds yet nothing goes to this address, 0 when something may; see Services.closed_until()."""
    which = (push_services.c.origin == check(endpoint), push_services.c.key_id == key_id)
    times = connection.execute(select(push_services.c.paused_until, push_services.c.probe_at).where(*which)).first()
    waits = [(at - now).total_seconds() for at in times or () if at]
    return int(max([*waits, 0.0]))
