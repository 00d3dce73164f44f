"""What a coach sees of accounts: the invitation, the own account with its sessions, colleagues, the audit list."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required, current_user, hash_password
from sqlalchemy import Connection, Engine, delete, select, update

from pwa.coaches import audit, invitations, own_data, sessions
from pwa.coaches.accounts import Coach
from pwa.coaches.forms import AcceptForm, NameForm
from pwa.coaches.signin import FRESH
from pwa.coaches.tables import coach_sessions, coaches
from pwa.coaches.tables import invitations as invitation_table
from pwa.config import Settings
from pwa.database import reading, writing
from pwa.security import LARGEST_NUMBER

blueprint = Blueprint("coaches", __name__)


def engine() -> Engine:
    """The database of this application."""
    found: Engine = current_app.extensions["engine"]
    return found


def me() -> Coach:
    """Who is signed in; the desk lets nobody else come to a view that asks."""
    coach: Coach = current_user._get_current_object()
    return coach


@blueprint.route("/invitation/<word>", methods=["GET", "POST"])
def invitation(word: str) -> ResponseReturnValue:
    """A link that works once: unknown, used and over look the same."""
    with reading(engine()) as connection:
        found = invitations.find(connection, word)
    if found is None:
        return render_template("coaches/invitation_over.html"), 404
    if current_user.is_authenticated:  # whose second step the newcomer's would replace
        return render_template("coaches/invitation_signed_in.html"), 409
    if request.method == "POST" and not current_app.extensions["invited"].take(found.token_hash.hex()):
        abort(429)
    form = AcceptForm(email=found.email, name=found.name)
    if found.coach_id:
        form.email.data, form.name.data = found.email, found.name
    if not form.validate_on_submit():
        return render_template("coaches/invitation.html", form=form, invitation=found), 422 if form.errors else 200
    password_hash = hash_password(form.password.data)
    with writing(engine()) as connection:
        coach_id = invitations.accept(
            connection, found, email=form.email.data, name=form.name.data, password_hash=password_hash
        )
        if coach_id is None:
            connection.rollback()
            form.email.errors = [gettext("There is already an account with this address.")]
            return render_template("coaches/invitation.html", form=form, invitation=found), 422
        new = connection.execute(select(coaches).where(coaches.c.id == coach_id)).one()
        audit.note(connection, new, "joined", group_id=found.group_id)
    coach = current_app.extensions["accounts"].find_user(id=coach_id)
    second_step = current_app.extensions["security"].two_factor_plugins.tf_enter(
        coach, False, "password", next_loc=url_for("results.desk")
    )
    return second_step or abort(500)


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    return _account(NameForm(formdata=None, name=me().name))


@blueprint.post("/account/name")
@auth_required("session", within=FRESH // timedelta(minutes=1), grace=0)
def rename() -> ResponseReturnValue:
    form = NameForm()
    if not form.validate_on_submit():
        return _account(form), 422
    with writing(engine()) as connection:
        own_data.rename(connection, me().id, form.name.data)
    flash(gettext("Changed. Your colleagues see this name from now on, also in History."))
    return redirect(url_for("coaches.account"))


def _account(form: NameForm) -> str:
    return render_template(
        "coaches/account.html",
        form=form,
        coach=me(),
        own=sessions.digest(session.token),  # type: ignore[attr-defined]
        sessions=sessions.sessions_of(engine(), me().id),
    )


@blueprint.post("/account/sessions/end")
def end_sessions() -> ResponseReturnValue:
    """End one session, by its name in the list, or all others."""
    which = request.form.get("session", "")
    try:
        only = bytes.fromhex(which) if which else None
    except ValueError:
        abort(400)
    number = sessions.end_sessions(engine(), me().id, but=session.token, only=only)  # type: ignore[attr-defined]
    with writing(engine()) as connection:
        audit.note(connection, me(), "sessions-ended")
    flash(gettext("Ended: %(number)s.", number=number))
    return redirect(url_for("coaches.account"))


@blueprint.get("/audit")
def audit_list() -> ResponseReturnValue:
    """What was done; with `?before=` what was done before a deed with this number."""
    before = request.args.get("before", type=int)
    found, rest = audit.recent(engine(), me(), None if before is None else min(before, LARGEST_NUMBER))
    return render_template("coaches/audit.html", deeds=found, rest=rest, later=before, said=audit.DEEDS)


@blueprint.get("/colleagues")
def colleagues() -> ResponseReturnValue:
    _administrator()
    return _colleagues()


@blueprint.post("/colleagues/invite")
def invite() -> ResponseReturnValue:
    """Make an invitation: for a new account, or (coach_id) to get back into one."""
    _administrator()
    coach_id = request.form.get("coach_id", "")
    role = "administrator" if request.form.get("administrator") else "coach"
    with writing(engine()) as connection:
        _still_administrator(connection)
        known = _colleague(connection, _number(coach_id)) if coach_id else None
        word = invitations.invite(
            connection, known.role if known else role, coach_id=known.id if known else None, made_by=me().id
        )
        audit.note(connection, me(), "invited", known.name if known else role)
    settings: Settings = current_app.config["SETTINGS"]
    return _colleagues(f"{settings.url}/coach/invitation/{word}", _whom(known, role))


@blueprint.post("/colleagues/<int:coach_id>/active")
def switch(coach_id: int) -> ResponseReturnValue:
    """Switch an account on or off; off ends its sessions and invitations at once. Nobody locks themselves out."""
    _administrator()
    if coach_id == me().id:
        abort(400)
    active = request.form.get("active") == "yes"
    with writing(engine()) as connection:
        _still_administrator(connection)
        known = _colleague(connection, coach_id)
        connection.execute(update(coaches).where(coaches.c.id == coach_id).values(active=active))
        if not active:
            connection.execute(delete(coach_sessions).where(coach_sessions.c.coach_id == coach_id))
            connection.execute(delete(invitation_table).where(invitation_table.c.coach_id == coach_id))
            invitations.end_those_of(connection, coach_id)
        audit.note(connection, me(), "started" if active else "stopped", known.name)
    name = known.name
    flash(gettext("%(name)s can sign in again.", name=name) if active
          else gettext("%(name)s cannot sign in any more.", name=name))  # fmt: skip
    return redirect(url_for("coaches.colleagues"))


@blueprint.post("/colleagues/<int:coach_id>/role")
def change_role(coach_id: int) -> ResponseReturnValue:
    """Make a coach an administrator, or the other way round; their sessions end, so that none keeps an old right, and
    what an administrator invited to."""
    _administrator()
    if coach_id == me().id:
        abort(400)
    role = "administrator" if request.form.get("role") == "administrator" else "coach"
    with writing(engine()) as connection:
        _still_administrator(connection)
        known = _colleague(connection, coach_id)
        connection.execute(update(coaches).where(coaches.c.id == coach_id).values(role=role))
        connection.execute(delete(coach_sessions).where(coach_sessions.c.coach_id == coach_id))
        if role == "coach":
            invitations.end_those_of(connection, coach_id)
        audit.note(connection, me(), f"made-{role}", known.name)
    name = known.name
    flash(gettext("%(name)s is an administrator now.", name=name) if role == "administrator"
          else gettext("%(name)s is a coach now.", name=name))  # fmt: skip
    return redirect(url_for("coaches.colleagues"))


def _administrator() -> None:
    if not me().is_administrator:
        abort(404)


def _still_administrator(connection: Connection) -> None:
    """Nobody's right changes until this transaction is over: two who take each other's at once would leave none."""
    there = select(coaches.c.id).where(coaches.c.role == "administrator", coaches.c.active).order_by(coaches.c.id)
    if me().id not in connection.scalars(there.with_for_update()).all():
        abort(404)


def _whom(known: Any, role: str) -> str:
    """Whom a link is for, in words: two of them look the same."""
    if known is not None:
        return gettext("A new sign-in link for %(name)s", name=known.name)
    return gettext("For a new administrator") if role == "administrator" else gettext("For a new coach")


def _colleagues(link: str = "", whom: str = "") -> str:
    with reading(engine()) as connection:
        everybody = list(connection.execute(select(coaches).order_by(coaches.c.name)))
    return render_template("coaches/colleagues.html", coaches=everybody, me=me(), link=link, whom=whom)


def _number(typed: str) -> int:
    return int(typed) if re.fullmatch("[0-9]{1,10}", typed) else abort(404)


def _colleague(connection: Any, coach_id: int) -> Any:
    known = select(coaches).where(coaches.c.id == min(coach_id, LARGEST_NUMBER))
    found = connection.execute(known).one_or_none()
    return found if found is not None else abort(404)
