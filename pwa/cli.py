"""`flask keys`, `flask database`, `flask worker`, `flask tips`: what pwa.serve does by itself on one machine.

And `flask status` and `flask coach export`, which ask more than one journey."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from pwa.coaches.cli import account_of, coach, ready
from pwa.config import SettingsError

keys = AppGroup("keys", help="The keys in the instance folder.")
database = AppGroup("database", help="The database.")
tips = AppGroup("tips", help="The tips of coaches.")


@keys.command("make")
def make() -> None:
    """Make the keys that are not there yet; a key that is there is never replaced."""
    from pwa.keys import make_keys

    settings = current_app.config["SETTINGS"]
    try:
        made = make_keys(settings)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(f"Made {path}" for path in made) or f"The keys in {settings.instance} are there already.")


@keys.command("rotate")
def rotate() -> None:
    """Make a new key for push services; devices take it over when the app is opened, and get their tips until then."""
    from pwa.clock import now
    from pwa.keys import rotate_vapid_key

    try:
        older = rotate_vapid_key(current_app.config["SETTINGS"].instance, now().date().isoformat())
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The key is new; the one until now is in {older}. Restart Houvast to use it.")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send tips, and nothing else, until Ctrl-C or SIGTERM; as many of these as there are processors to use."""
    from pwa.worker import run

    try:
        run(current_app.config["SETTINGS"])
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@click.command("status")
@with_appcontext
def status() -> None:
    """Say what whoever runs Houvast must look at; exit 1 when there is something."""
    from pwa.status import complaints

    try:
        found = complaints(current_app.config["SETTINGS"])
    except SettingsError as error:
        found = [str(error)]
    click.echo("\n".join(found) or "All is well.")
    raise SystemExit(bool(found))


@tips.command("send")
@click.argument("tip", type=int)
def send(tip: int) -> None:
    """Send a TIP (its number) that is due, here and now, and show how far it is; a sending process may help."""
    from pwa.delivery.foreground import NotDueError, send_in_sight

    try:
        counts = send_in_sight(current_app.config["SETTINGS"], tip)
    except (SettingsError, NotDueError) as error:
        raise click.ClickException(str(error)) from error
    for what, total in sorted(counts.items()):
        click.echo(f"{total:>8} {what}")


@coach.command("export")
@click.argument("email")
def export(email: str) -> None:
    """Print all that is kept about a coach, as JSON, to hand over."""
    from pwa.coaches.own_data import exported
    from pwa.database import reading
    from pwa.tips.keeping import written_by

    with ready() as engine, reading(engine) as connection:
        known = account_of(connection, email)
        kept = exported(connection, known) | {"tips": written_by(connection, known.id)}
    click.echo(json.dumps(kept, indent=2, ensure_ascii=False))


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest revision; makes it when there is none."""
    from pwa.database import upgrade as upgrade_database  # reading pages need no database, and it takes long to import

    try:
        revision = upgrade_database(current_app.config["SETTINGS"])
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The database is at revision {revision}.")


@database.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(folder: Path) -> None:
    """Copy the database and the keys into FOLDER, while everything goes on."""
    from pwa.backup import back_up

    settings = current_app.config["SETTINGS"]
    try:
        copies = back_up(settings, folder)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(f"Copied {path}" for path in copies))
    click.echo(f"They are those of {settings.instance}.")


@database.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def restore(folder: Path) -> None:
    """Put back what `backup` copied into FOLDER, while nothing serves or sends."""
    from pwa.backup import REPLACED
    from pwa.backup import restore as put_back

    try:
        back = put_back(current_app.config["SETTINGS"], folder)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(f"Put back {path}" for path in back))
    click.echo(f"The database that was there has a name that ends in {REPLACED}; delete it when all is well.")
