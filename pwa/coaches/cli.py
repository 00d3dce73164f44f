"""`flask coach invite`: a link that works once, for a new coach or to get back into an account."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from pwa.config import Settings, SettingsError

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


def new_link(settings: Settings, *, administrator: bool = False, email: str | None = None) -> str:
    """An invitation's address. Raises SettingsError when the database cannot be used or nobody has this `email`."""
    from sqlalchemy import select

    from pwa.coaches import audit, invitations
    from pwa.coaches.tables import coaches
    from pwa.database import make_engine, upgrade, writing

    upgrade(settings)
    with writing(make_engine(settings.database_url)) as connection:
        known = None
        if email:
            known = connection.execute(select(coaches).where(coaches.c.email == email.strip().lower())).one_or_none()
            if known is None:
                raise SettingsError(f"Nobody signs in as {email}; without --email the link makes a new account.")
        role = known.role if known else "administrator" if administrator else "coach"
        word = invitations.invite(connection, role, coach_id=known.id if known else None)
        audit.note(connection, None, "invited", known.email if known else role)
    return f"{settings.url}/coach/invitation/{word}"


def first_link(settings: Settings) -> str | None:
    """The first administrator's invitation, or None when there is an administrator already.

    Raises SettingsError when the database cannot be used. For pwa.serve, after the database was brought up to date."""
    from pwa.coaches.invitations import is_anybody_there
    from pwa.database import make_engine, reading

    with reading(make_engine(settings.database_url)) as connection:
        if is_anybody_there(connection):
            return None
    return new_link(settings, administrator=True)
