"""`flask briefings …`: look the templates over, and erase what is over on a server that nobody asks anything."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from pwa.config import Settings
from pwa.deck.loading import ContentError

briefings = AppGroup("briefings", help="Briefings for a substitute.")


@briefings.command("check")
def check() -> None:
    """Look every template over, in every language."""
    from pwa.briefings.templates import load_templates

    settings: Settings = current_app.config["SETTINGS"]
    try:
        templates = load_templates(settings.content / "briefings", current_app.extensions["deck"]())
    except ContentError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(templates)} templates, nothing to mend.")


@briefings.command("sweep")
def sweep() -> None:
    """Erase what has expired. The server does so when it is asked for a briefing, and the sending process by itself."""
    from pwa import clock
    from pwa.briefings.keeping import erase_expired
    from pwa.database import make_engine

    settings: Settings = current_app.config["SETTINGS"]
    engine = make_engine(settings.database_url)
    try:
        click.echo(f"Erased: {erase_expired(engine, int(clock.now().timestamp()))}.")
    finally:
        engine.dispose()
