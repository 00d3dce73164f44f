"""What a coach must know before planning more: a push service that refuses us, or nothing that sends. And an
administrator: that somebody guesses join codes, or that the school holidays are known for a while only."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext
from sqlalchemy import Connection, Engine, select

from pwa.clock import now
from pwa.coaches import audit
from pwa.database import reading
from pwa.delivery.claiming import is_left_lying
from pwa.delivery.planning import is_overdue
from pwa.delivery.tables import push_services
from pwa.groups.calendar import ends_soon
from pwa.tips.composing import holidays_end
from pwa.tips.tables import tips

LATE = timedelta(minutes=3)  # the sending process looks every minute
TOLD = timedelta(hours=24)  # so that it is seen by who comes to the desk once a day
PHONES = {"fcm.googleapis.com": "Chrome", "push.apple.com": "iPhone, iPad, Safari",
          "push.services.mozilla.com": "Firefox", "notify.windows.com": "Edge"}  # fmt: skip


def alarms(engine: Engine, content: Path, coach: Any) -> list[str]:
    """Sentences for the top of a coach's desk; none when all is well."""
    with reading(engine) as connection:
        refused = connection.execute(select(push_services.c.origin).where(push_services.c.alarm != "").distinct())
        found = [_refused(row.origin) for row in refused]
        if is_stuck(connection, content):
            found.append(_nobody_sends())
        if coach.is_administrator and _is_guessed_at(connection):
            found.append(_codes_are_guessed())
        if coach.is_administrator and (last := ends_soon(content, now().date())):
            found.append(_holidays_end(last))
        return found


def is_stuck(connection: Connection, content: Path) -> bool:
    """Within a minute a hold ends, a moment is planned and a chunk is taken up, if there is a sending process."""
    since = now() - LATE
    over = (tips.c.state == "held") & (tips.c.held_until < since)
    held = connection.scalar(select(tips.c.id).where(over).limit(1)) is not None
    return held or is_overdue(connection, content, since) or is_left_lying(connection, since)


def _refused(origin: str) -> str:
    host = urlsplit(origin).hostname or origin
    which = next((name for end, name in PHONES.items() if host == end or host.endswith(f".{end}")), host)
    return gettext(
        "Phones with %(which)s get no tips at the moment: their push service refuses our messages. It is tried again "
        "by itself. Nobody is taken off the list; a tip that cannot go out within half an hour is dropped. Tell "
        "whoever runs Houvast.", which=which,
    )  # fmt: skip


def _nobody_sends() -> str:
    return gettext("Tips are ready but aren’t being sent. Tell whoever runs Houvast.")


def _codes_are_guessed() -> str:
    return gettext(
        "Someone is guessing join codes: a hundred wrong ones within an hour. Codes are far too long to guess, and one "
        "would only reveal a group’s name and tips. Tell whoever runs Houvast."
    )


def _holidays_end(last: date) -> str:
    return f"{holidays_end(last)} " + gettext("Ask whoever runs Houvast for a newer version.")


def _is_guessed_at(connection: Connection) -> bool:
    at = audit.last(connection, "codes-guessed")
    return at is not None and at > now() - TOLD
