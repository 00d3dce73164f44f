"""Who shares a group: seen, added by address or by invitation, and taken off, by each of its coaches."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from pwa.coaches.views import engine, me
from pwa.config import Settings
from pwa.database import reading, writing
from pwa.groups import keeping, sharing
from pwa.groups.forms import ShareForm
from pwa.groups.views import load_group

blueprint = Blueprint("sharing", __name__)


@blueprint.route("/groups/<int:group_id>/coaches", methods=["GET", "POST"])
def show(group_id: int) -> ResponseReturnValue:
    """Who shares the group; what is sent is the address of one more, who signs in already."""
    form = ShareForm()
    if not form.validate_on_submit():
        return _page(group_id, form), 422 if form.errors else 200
    with writing(engine()) as connection:
        known = sharing.share(connection, me(), load_group(connection, group_id), form.email.data)
    if known is None:
        form.email.errors = [gettext("There is no coach with this address. For a new colleague, make an invitation.")]
        return _page(group_id, form), 422
    flash(gettext("%(name)s now has access to this group.", name=known.name))
    return redirect(url_for("sharing.show", group_id=group_id))


@blueprint.post("/groups/<int:group_id>/coaches/invitation")
def invite(group_id: int) -> ResponseReturnValue:
    """Somebody new: the link is shown once, on the page that answers."""
    with writing(engine()) as connection:
        word = sharing.invite_to(connection, me(), load_group(connection, group_id))
    settings: Settings = current_app.config["SETTINGS"]
    return _page(group_id, ShareForm(formdata=None), link=f"{settings.url}/coach/invitation/{word}")


@blueprint.post("/groups/<int:group_id>/coaches/invitation/removal")
def withdraw(group_id: int) -> ResponseReturnValue:
    try:
        token_hash = bytes.fromhex(request.form.get("invitation", ""))
    except ValueError:
        abort(400)
    with writing(engine()) as connection:
        sharing.withdraw(connection, me(), load_group(connection, group_id), token_hash)
    return redirect(url_for("sharing.show", group_id=group_id))


@blueprint.post("/groups/<int:group_id>/coaches/<int:coach_id>/removal")
def take_off(group_id: int, coach_id: int) -> ResponseReturnValue:
    """Somebody else, or oneself; the last one stays."""
    with writing(engine()) as connection:
        done = sharing.take_off(connection, me(), load_group(connection, group_id), coach_id)
        still_mine = keeping.own_group(connection, me(), group_id) is not None
    if not done:
        flash(gettext("A group needs a coach who can sign in. Share it with somebody first."), "error")
    return redirect(url_for("sharing.show", group_id=group_id) if still_mine else url_for("results.desk"))


def _page(group_id: int, form: ShareForm, link: str = "") -> Any:
    with reading(engine()) as connection:
        group = load_group(connection, group_id)
        values = {"coaches": sharing.coaches_of(connection, group_id),
                  "invitations": sharing.invitations_to(connection, group_id)}  # fmt: skip
    return render_template("groups/sharing.html", group=group, form=form, link=link, me=me(), **values)
