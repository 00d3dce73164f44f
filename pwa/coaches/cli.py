"""`flask coach`: a link that works once, for a new coach or into an account; another address; erasing an account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import AppGroup

from pwa.config import Settings, SettingsError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Row

coach = AppGroup("coach", help="Who may sign in.")


@coach.command("invite")
@click.option("--administrator", is_flag=True, help="May see all groups and invite others.")
@click.option("--email", help="Of an account that exists: the link gives it a new password and a new second step.")
def invite(administrator: bool, email: str | None) -> None:
    """Print a link that works once, within seven days."""
    try:
        click.echo(new_link(current_app.config["SETTINGS"], administrator=administrator, email=email))
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@coach.command("address")
@click.argument("email")
@click.argument("new")
def address(email: str, new: str) -> None:
    """Give the coach who signs in as EMAIL the address NEW; password and second step stay."""
    from email_validator import EmailNotValidError, validate_email

    from pwa.coaches import own_data
    from pwa.database import writing

    try:
        new = validate_email(new, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise click.ClickException(f"{new} is not an e-mail address.") from error
    with ready() as engine, writing(engine) as connection:
        if not own_data.change_address(connection, account_of(connection, email), new):
            raise click.ClickException(f"Somebody signs in as {new} already.")
    click.echo(f"Changed. The coach signs in as {new} from now on.")


@coach.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def erase(email: str, yes: bool) -> None:
    """Erase a coach's account and name for good; groups and tips stay with the school."""
    from pwa.coaches import own_data
    from pwa.database import reading, writing

    with ready() as engine:
        with reading(engine) as connection:
            known = account_of(connection, email)
        if not yes:  # outside of any transaction: while somebody thinks, the others go on
            click.confirm(f"Erase {known.name} ({known.email}) for good?", abort=True)
        with writing(engine) as connection:
            own_data.erase(connection, account_of(connection, email))
    click.echo("Erased. Copies in older backups stay until those are thrown away.")


@contextmanager
def ready() -> Iterator[Engine]:
    """The engine of a database that is up to date; a sentence when it cannot be used."""
    from pwa.database import upgrade

    settings: Settings = current_app.config["SETTINGS"]
    try:
        upgrade(settings)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    with _database(settings) as engine:
        yield engine


def account_of(connection: Connection, email: str) -> Row[Any]:
    """The account with this address; a sentence when there is none."""
    from pwa.coaches import own_data

    known = own_data.find(connection, email)
    if known is None:
        raise click.ClickException(f"Nobody signs in as {email}.")
    return known


def new_link(settings: Settings, *, administrator: bool = False, email: str | None = None) -> str:
    """An invitation's address. Raises SettingsError when the database cannot be used or nobody has this `email`."""
    from pwa.coaches import audit, invitations, own_data
    from pwa.database import upgrade, writing

    upgrade(settings)
    with _database(settings) as engine, writing(engine) as connection:
        known = own_data.find(connection, email) if email else None
        if email and known is None:
            raise SettingsError(f"Nobody signs in as {email}; without --email the link makes a new account.")
        role = known.role if known else "administrator" if administrator else "coach"
        word = invitations.invite(connection, role, coach_id=known.id if known else None)
        audit.note(connection, None, "invited", known.email if known else role)
    return f"{settings.url}/coach/invitation/{word}"


def first_link(settings: Settings) -> str | None:
    """The first administrator's invitation, or None when there is an administrator already. Those of before end.

    Raises SettingsError when the database cannot be used. For pwa.prepare, with a database that is up to date."""
    from pwa.coaches.invitations import end_those_to_begin, is_anybody_there
    from pwa.database import reading, writing

    with _database(settings) as engine:
        with reading(engine) as connection:
            if is_anybody_there(connection):
                return None
        with writing(engine) as connection:
            end_those_to_begin(connection)
    return new_link(settings, administrator=True)


@contextmanager
def _database(settings: Settings) -> Iterator[Engine]:
    """An engine for one command, which leaves no connection open behind it."""
    from pwa.database import make_engine

    engine = make_engine(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()
