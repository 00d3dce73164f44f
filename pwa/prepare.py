"""Make what is missing before Houvast serves: keys, database, release. `python -m pwa.prepare`

In a process of its own, because what it needs (migrations, rendering, compression) would otherwise stay in the memory
of the server for as long as that runs."""

from __future__ import annotations

import sys

from flask import Flask

from pwa import create_app, keys
from pwa.briefings.templates import load_templates
from pwa.coaches.cli import first_link
from pwa.config import Settings, SettingsError, read_settings
from pwa.database import upgrade
from pwa.deck.loading import ContentError
from pwa.status import of_the_holidays
from pwa.tips.programmes import load_programmes


def main() -> None:
    try:
        prepare(read_settings())
    except (SettingsError, ContentError) as error:
        sys.exit(str(error))


def prepare(settings: Settings) -> None:
    """Keys, database and release, each only when it is not there; and a look at the rest of the content.

    Raises SettingsError or ContentError."""
    for sentence in settings.unknown:
        print(sentence, flush=True)
    for path in keys.make_keys(settings):
        print(f"Made {path}", flush=True)
    upgrade(settings)
    if link := first_link(settings):
        print(f"Nobody can sign in as a coach yet. The first administrator opens this, once: {link}", flush=True)
    for sentence in of_the_holidays(settings):
        print(sentence, flush=True)
    if missing := unsaid(settings):
        print(f"Readers cannot see who runs this Houvast and whom to ask: set {missing}.", flush=True)
    print("Making the pages; after a change this takes a moment.", flush=True)
    check_what_names_cards(settings, create_app(settings))


def unsaid(settings: Settings) -> str:
    """The settings that tell readers who answers for what is kept, and are not set on a Houvast for the internet."""
    if not settings.url.startswith("https:"):
        return ""
    told = {"HOUVAST_OPERATOR": settings.operator, "HOUVAST_CONTACT": settings.answers_at}
    return " and ".join(name for name, value in told.items() if not value)


def check_what_names_cards(settings: Settings, app: Flask) -> None:
    """Raises ContentError. No page shows these; a card that was renamed would be missed when a briefing is opened."""
    deck = app.extensions["deck"]()
    load_templates(settings.content / "briefings", deck)
    load_programmes(settings.content, deck)


if __name__ == "__main__":
    main()
