"""`flask keys make`, `flask database upgrade`: what a start needs, done by itself on one machine by pwa.serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup

from pwa.config import SettingsError
from pwa.deck.loading import ContentError

if TYPE_CHECKING:
    from flask import Flask

keys = AppGroup("keys", help="The keys in the instance folder.")
database = AppGroup("database", help="The database.")


def create_app() -> Flask:
    """The application for commands (see .flaskenv): without the pages, and with a sentence for a wrong setting."""
    import pwa

    try:
        return pwa.create_app(serve=False)
    except (SettingsError, ContentError) as error:
        raise click.ClickException(str(error)) from error


@keys.command("make")
def make() -> None:
    """Make the keys that are not there yet; a key that is there is never replaced."""
    from pwa.keys import make_keys

    instance = current_app.config["SETTINGS"].instance
    try:
        made = make_keys(instance)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(f"Made {path}" for path in made) or f"The keys in {instance} are there already.")


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest revision; makes it when there is none."""
    from pwa.database import upgrade as upgrade_database  # reading pages need no database, and it takes long to import

    try:
        revision = upgrade_database(current_app.config["SETTINGS"])
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The database is at revision {revision}.")
