"""A tip tried out on the coach's own phone, by the same road as every tip; and what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection, Row

from pwa.clock import now
from pwa.coaches import phones
from pwa.delivery.message import tip_message

PATIENCE = timedelta(seconds=20)  # after which a test that nobody took up says so
SILENCE = timedelta(seconds=30)  # after which an accepted test that was not shown says what may be wrong


def begin(
    connection: Connection, url: str, phone: Row[Any], language: str, words: tuple[str, str], card: str | None
) -> tuple[int, int, str]:
    """Keep a new test of these words: its number, the subscription, and the message that goes to it."""
    title, body = words
    number = phones.begin_test(connection, phone.coach_id)
    payload = tip_message(
        url=url, language=language, tip=number, batch=f"test-{number}", card=card, title=title, body=body
    )
    return number, phone.subscription_id, payload.decode()


def is_ready(phone: Row[Any] | None) -> bool:
    """Whether a test can be sent: a phone is tied, and has proved its address."""
    return bool(phone is not None and phone.subscription_id and phone.confirmed_at)


def state_of(phone: Row[Any] | None) -> str:
    """none | waiting | stuck | accepted | silent | shown | gone | paused | refused | unreachable, of the last test."""
    if phone is None or phone.test_number is None:
        return "none"
    if phone.test_shown_at:
        return "shown"
    waited = now() - phone.test_at
    act = phone.test_answer.partition(" ")[0]
    if not act:
        return "stuck" if waited > PATIENCE else "waiting"
    if act == "accepted":
        return "silent" if waited > SILENCE else "accepted"
    return {"gone": "gone", "pause": "paused", "retry": "unreachable"}.get(act, "refused")


def words() -> dict[str, str]:
    """What each state means, for all to stand in the page: a script shows the right one."""
    return {
        "waiting": gettext("On its way to the push service …"),
        "stuck": gettext("It hasn’t been sent yet. Ask whoever runs Houvast whether the sending process is running."),
        "accepted": gettext("The push service has accepted it. The phone hasn’t confirmed it yet."),
        "silent": gettext(
            "The push service has accepted it, but the phone hasn’t confirmed it. Is the phone on, and does it have a "
            "signal? Are notifications allowed, and is ‘do not disturb’ off?"
        ),
        "shown": gettext("Shown on your phone."),
        "gone": gettext("The push service says that this phone can no longer be reached. Connect it again."),
        "paused": gettext("The push service asks us to wait. Try again in a few minutes."),
        "unreachable": gettext("The push service could not be reached, or had a fault. Try again in a minute."),
        "refused": gettext("The push service refused the message. Tell whoever runs Houvast, with the reason below."),
    }
