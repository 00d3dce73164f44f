"""What a coach must know before planning more: a push service that refuses us, or nothing that sends."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask_babel import gettext
from sqlalchemy import Connection, Engine, select

from pwa.clock import now
from pwa.database import reading
from pwa.delivery.tables import push_services
from pwa.tips.tables import tips

LATE = timedelta(minutes=3)  # the sending process looks every minute
PHONES = {"fcm.googleapis.com": "Chrome", "push.apple.com": "iPhone, iPad, Safari",
          "push.services.mozilla.com": "Firefox", "notify.windows.com": "Edge"}  # fmt: skip


def alarms(engine: Engine) -> list[str]:
    """Sentences for the top of the desk; none when all is well."""
    with reading(engine) as connection:
        refused = connection.execute(select(push_services.c.origin).where(push_services.c.alarm != "").distinct())
        found = [_refused(row.origin) for row in refused]
        return [*found, *([_nobody_sends()] if _is_stuck(connection) else [])]


def _refused(origin: str) -> str:
    host = urlsplit(origin).hostname or origin
    which = next((name for end, name in PHONES.items() if host == end or host.endswith(f".{end}")), host)
    return gettext(
        "Phones with %(which)s get no tips at the moment: their push service refuses our messages. Nothing is lost; "
        "it is tried again by itself. Tell whoever runs Houvast.", which=which,
    )  # fmt: skip


def _nobody_sends() -> str:
    return gettext("Tips are waiting and nothing is sending them. Tell whoever runs Houvast.")


def _is_stuck(connection: Connection) -> bool:
    """A hold ends by itself within a minute, if there is a sending process."""
    over = (tips.c.state == "held") & (tips.c.held_until < now() - LATE)
    return connection.scalar(select(tips.c.id).where(over).limit(1)) is not None
