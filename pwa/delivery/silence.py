"""Devices that were not heard of for long are asked once, quietly, to open Houvast; five days later they are erased."""

from __future__ import annotations

import logging
from collections import Counter
from gettext import translation
from urllib.parse import urlsplit

from pwa import clock
from pwa.config import PROJECT
from pwa.database import writing
from pwa.delivery.message import TTL_SILENCE, silence_message
from pwa.delivery.office import Office
from pwa.delivery.services import REFUSALS
from pwa.subscriptions import keeping

log = logging.getLogger(__name__)

MOST = 200  # in a minute
DONE = {"accepted", "gone", "failed"}  # there is no more to do for this one


def ask_the_silent(office: Office) -> int:
    """Ask those whose turn it is; how many got it. Whom a push service does not take now is asked an hour later: put
    back at once, they would be first again in every minute, and keep the others waiting."""
    with writing(office.engine) as connection:
        silent = keeping.silent(connection, clock.now(), MOST)
    asked, refused = 0, Counter[str]()
    for place, row in enumerate(silent):
        if office.stop():
            with writing(office.engine) as connection:
                keeping.not_asked(connection, [each.id for each in silent[place:]])
            break
        service = urlsplit(row.endpoint).netloc
        if refused[service] >= REFUSALS:
            continue
        act = _ask(office, row.id, row.language)
        if act in DONE:
            with writing(office.engine) as connection:  # not before: whoever is killed in between asked nobody
                keeping.asked(connection, row.id, clock.now().date())
            asked += 1
        else:
            refused[service] += REFUSALS if act == "pause" else 1
    return asked


def _ask(office: Office, number: int, language: str) -> str:
    """What became of it, as a verdict has it."""
    try:
        return office.send_one(number, words(office.settings.url, language), TTL_SILENCE, "low").act
    except Exception as error:  # noqa: BLE001  (a broken row is its own failure; it is erased like all that are silent)
        log.warning("Subscription %s cannot be asked (%s).", number, type(error).__name__)
        return "failed"


def words(url: str, language: str) -> bytes:
    """The message in the reader's language; in English where nobody translated it."""
    gettext = translation("messages", PROJECT / "translations", [language], fallback=True).gettext
    title = gettext("Are you still there?")
    body = gettext("Open Houvast once, and the tips will go on coming to this phone.")
    return silence_message(url=url, language=language, title=title, body=body)
