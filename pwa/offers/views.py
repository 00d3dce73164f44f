"""The desk's pages of templates that a coach offers to a group: the list, one to write on, and taking back."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Connection, Row

from pwa.briefings import templates as briefing
from pwa.briefings.templates import Template, load_templates
from pwa.coaches.views import engine, me
from pwa.config import Settings
from pwa.database import reading, writing
from pwa.deck.model import Deck
from pwa.groups.codes import show_code
from pwa.groups.views import load_group
from pwa.language import of_request
from pwa.offers import keeping
from pwa.offers.writing import Faults, faults_in_words, read_form

blueprint = Blueprint("offers", __name__)


@blueprint.get("/groups/<int:group_id>/templates")
def show(group_id: int) -> ResponseReturnValue:
    with reading(engine()) as connection:
        group = load_group(connection, group_id)
        offered = keeping.offered(connection, group_id)
    settings: Settings = current_app.config["SETTINGS"]
    address = f"{settings.url}/{of_request()}/briefings/#school={group.join_code}"
    return render_template(
        "offers/list.html", group=group, offered=offered, built_in=_built_in(), most=keeping.MOST, address=address,
        code=show_code(group.join_code),
    )  # fmt: skip


@blueprint.route("/groups/<int:group_id>/templates/new", methods=["GET", "POST"])
def new(group_id: int) -> ResponseReturnValue:
    """One of the built-in templates (`?template=`), for the coach to change its words."""
    with reading(engine()) as connection:
        group = load_group(connection, group_id)
    begun = next((each for each in _built_in() if each.id == request.values.get("template")), None) or abort(404)
    if request.method == "GET":
        return _page(group, begun)
    template = read_form(request.form, _deck())
    if wrong := faults_in_words(template, _deck()):
        return _page(group, template, wrong, begun), 422
    with writing(engine()) as connection:
        done = keeping.offer(connection, me(), load_group(connection, group_id), template)
    if not done:
        return _page(group, template, begun=begun, full=True), 422
    flash(gettext("Offered. Teachers with this group’s code can now find it."), "arrived")
    return redirect(url_for("offers.show", group_id=group_id))


@blueprint.route("/groups/<int:group_id>/templates/<int:number>", methods=["GET", "POST"])
def edit(group_id: int, number: int) -> ResponseReturnValue:
    with reading(engine()) as connection:
        group, kept = load_offer(connection, group_id, number)
        since = keeping.last_change(connection, number)
    if request.method == "GET":
        return _page(group, kept, number=number, since=since)
    template = read_form(request.form, _deck())
    if wrong := faults_in_words(template, _deck()):
        return _page(group, template, wrong, number=number, since=request.form.get("since", "")), 422
    with writing(engine()) as connection:
        group, _before = load_offer(connection, group_id, number)
        done = keeping.change(connection, me(), group, number, template, request.form.get("since", ""))
    if not done:
        return _page(group, template, number=number, since=since, overtaken=True), 409
    flash(gettext("Changed. Phones get the new text the next time they are online."), "arrived")
    return redirect(url_for("offers.show", group_id=group_id))


@blueprint.route("/groups/<int:group_id>/templates/<int:number>/removal", methods=["GET", "POST"])
def withdraw(group_id: int, number: int) -> ResponseReturnValue:
    """Asks first: its words are gone for good."""
    if request.method == "GET":
        with reading(engine()) as connection:
            group, template = load_offer(connection, group_id, number)
        return render_template("offers/withdraw.html", group=group, template=template)
    with writing(engine()) as connection:
        group, template = load_offer(connection, group_id, number)
        keeping.withdraw(connection, me(), group, number, template)
    flash(gettext("Withdrawn. Briefings already made from it stay as they are."))
    return redirect(url_for("offers.show", group_id=group_id))


def load_offer(connection: Connection, group_id: int, number: int) -> tuple[Row[Any], Template]:
    """(group, template) when the coach who is signed in may have them, or 404."""
    group = load_group(connection, group_id)
    return group, keeping.own_offer(connection, group_id, number) or abort(404)


def _page(group: Row[Any], template: Template, wrong: Faults | None = None, begun: Template | None = None, *,
          number: int | None = None, since: str = "", overtaken: bool = False, full: bool = False) -> str:  # fmt: skip
    return render_template(
        "offers/edit.html", group=group, template=template, wrong=wrong or {}, begun=begun or template, number=number,
        since=since, overtaken=overtaken, full=full, deck=_deck(), rules=briefing, live=_deck().live(),
    )  # fmt: skip


def _deck() -> Deck:
    deck: Deck = current_app.extensions["deck"]
    return deck


def _built_in() -> list[Template]:
    settings: Settings = current_app.config["SETTINGS"]
    return _loaded(settings.content)


@cache
def _loaded(content: Path) -> list[Template]:
    return load_templates(content / "briefings", _deck())
