"""The words of a tip: what a card gives, how long they may be, what may not be in them."""

from __future__ import annotations

from flask_babel import force_locale, gettext

from pwa.coaches.forms import odd_words
from pwa.deck.model import Text

TITLE = 40
BODY = 120
BODY_WARNS = 100  # longer than this, some lock screens cut it
BODY_FROM_A_CARD = 110


def from_card(text: Text) -> tuple[str, str]:
    """(title, body) of a card: its cue, and what to do as far as that fits."""
    body = text.cue
    for action in text.do:
        longer = f"{body} {action}{'' if action.endswith(('.', '!', '?')) else '.'}"
        if len(longer) > BODY_FROM_A_CARD:
            break
        body = longer
    return text.title[:TITLE], body[:BODY]


def corrected(title: str, language: str) -> str:
    """The title of a correction, which says that it is one, in the language of the tip."""
    with force_locale(language):
        return gettext("Correction: %(title)s", title=title)


def on_screen(language: str) -> dict[str, str]:
    """What a lock screen itself says around a tip, for the preview: in the language of the phone, not of the desk."""
    with force_locale(language):
        return {"now": gettext("now"), "sender": gettext("from Houvast")}


def faults(title: str, body: str) -> dict[str, str]:
    """What is wrong, by field, in the language of the page; empty: nothing."""
    found = {}
    for field, text, most in (("title", title, TITLE), ("body", body, BODY)):
        if not text:
            found[field] = gettext("Please fill this in.")
        elif said := odd_words(text):
            found[field] = said
        elif len(text) > most:
            found[field] = gettext("This is %(length)s characters; %(most)s fit.", length=len(text), most=most)
    return found
