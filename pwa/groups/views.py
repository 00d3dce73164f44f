"""A coach's groups, each with its settings, study days, join code and poster."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext
from sqlalchemy import Connection, Row
from wtforms.fields.choices import SelectChoice

from pwa.clock import now
from pwa.coaches.forms import tidy
from pwa.coaches.views import engine, me
from pwa.config import Settings
from pwa.database import reading, writing
from pwa.deck.model import Deck
from pwa.groups import keeping, posters
from pwa.groups.calendar import today_at
from pwa.groups.codes import show_code
from pwa.groups.forms import GroupForm, StudyDayForm, as_date, mixes, span_of_study_days
from pwa.groups.regions import REGIONS
from pwa.language import WEEKDAY

blueprint = Blueprint("groups", __name__)


def load_group(connection: Connection, group_id: int) -> Row[Any]:
    """A group of the coach who is signed in, or 404: nobody learns which numbers there are."""
    found = keeping.own_group(connection, me(), group_id)
    return found if found is not None else abort(404)


@blueprint.app_template_filter("study_day")
def study_day(what: str) -> str:
    """A study day of the history, kept as date and name, with the date as the reader's language says it."""
    day, _, name = what.partition(" ")
    date = as_date(day)
    said = [format_date(date, WEEKDAY), name] if date else [what]
    return ", ".join(filter(None, said))


@blueprint.route("/groups/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = _form()
    if not form.validate_on_submit():
        return _answer(form, "groups/edit.html", group=None)
    with writing(engine()) as connection:
        group_id = keeping.make_group(connection, me(), form.columns())
    return redirect(url_for("groups.show", group_id=group_id))


@blueprint.get("/groups/<int:group_id>")
def show(group_id: int) -> ResponseReturnValue:
    with reading(engine()) as connection:
        group = load_group(connection, group_id)
    return _page(group, StudyDayForm(span_of_study_days(today_at([group], now())), formdata=None))


@blueprint.route("/groups/<int:group_id>/edit", methods=["GET", "POST"])
def edit(group_id: int) -> ResponseReturnValue:
    with reading(engine()) as connection:
        group = load_group(connection, group_id)
    form = _form(name=group.name, languages=group.languages, region=group.holiday_region,
                 quiet_from=group.quiet_from, quiet_till=group.quiet_till)  # fmt: skip
    if not form.validate_on_submit():
        return _answer(form, "groups/edit.html", group=group)
    with writing(engine()) as connection:
        keeping.change_group(connection, me(), load_group(connection, group_id), form.columns())
    return redirect(url_for("groups.show", group_id=group_id))


@blueprint.post("/groups/<int:group_id>/study-days")
def add_study_day(group_id: int) -> ResponseReturnValue:
    with reading(engine()) as connection:
        group = load_group(connection, group_id)
    form = StudyDayForm(span_of_study_days(today_at([group], now())))
    if not form.validate_on_submit():
        return _page(group, form), 422
    with writing(engine()) as connection:
        group = load_group(connection, group_id)
        added = keeping.add_study_day(connection, me(), group, form.date.data, form.name.data or "")
    if not added:
        form.date.errors = [gettext("That day is a study day already.")]
        return _page(group, form), 422
    flash(gettext("Added: %(day)s. No tips go out on that day.", day=format_date(form.date.data, WEEKDAY)))
    return redirect(url_for("groups.show", group_id=group_id))


@blueprint.post("/groups/<int:group_id>/study-days/<day>/removal")
def remove_study_day(group_id: int, day: str) -> ResponseReturnValue:
    date = as_date(day) or abort(404)
    with writing(engine()) as connection:
        keeping.remove_study_day(connection, me(), load_group(connection, group_id), date)
    return redirect(url_for("groups.show", group_id=group_id))


@blueprint.post("/groups/<int:group_id>/code")
def change_code(group_id: int) -> ResponseReturnValue:
    with writing(engine()) as connection:
        keeping.change_code(connection, me(), load_group(connection, group_id))
    flash(gettext("There is a new code. Posters with the old one no longer work; readers who have joined stay."))
    return redirect(url_for("groups.show", group_id=group_id))


@blueprint.get("/groups/<int:group_id>/poster")
def poster(group_id: int) -> ResponseReturnValue:
    """A sheet to print, in every language of the group."""
    with reading(engine()) as connection:
        group = load_group(connection, group_id)
    settings: Settings = current_app.config["SETTINGS"]
    spoken = group.languages.split()
    address = posters.join_address(settings.url, spoken[0], group.join_code)
    return render_template(
        "groups/poster.html", group=group, drawn=posters.drawn(address), code=show_code(group.join_code),
        words=posters.words(spoken, settings.url.partition("//")[2]),
    )  # fmt: skip


@blueprint.route("/groups/<int:group_id>/removal", methods=["GET", "POST"])
def remove(group_id: int) -> ResponseReturnValue:
    """Asks for the name of the school before it is gone, with its tips."""
    with reading(engine()) as connection:
        group = load_group(connection, group_id)
    if request.method == "GET":
        return render_template("groups/remove.html", group=group, wrong=False)
    if tidy(request.form.get("name", "")) != group.name:
        return render_template("groups/remove.html", group=group, wrong=True), 422
    with writing(engine()) as connection:
        keeping.remove_group(connection, me(), load_group(connection, group_id))
    return redirect(url_for("results.desk"))


def _form(**values: Any) -> GroupForm:
    """With the languages that are live, and those that a group has already."""
    form = GroupForm(**values)
    deck: Deck = current_app.extensions["deck"]
    live = deck.live()
    names = {code: deck.languages[code].name for code in live}
    chosen = dict.fromkeys([*mixes(live), values.get("languages", live[0])])
    form.languages.choices = [
        SelectChoice(mix, " + ".join(names.get(code, code) for code in mix.split())) for mix in chosen
    ]
    return form


def _answer(form: Any, template: str, **values: Any) -> ResponseReturnValue:
    return render_template(template, form=form, **values), 422 if form.errors else 200


def _page(group: Row[Any], form: StudyDayForm) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    first, last = form.span
    with reading(engine()) as connection:
        study = keeping.study_days_of(connection, group.id, first)
        number = keeping.readers(connection, [group.id])[group.id]
    address = posters.join_address(settings.url, group.languages.split()[0], group.join_code)
    return render_template(
        "groups/group.html", group=group, study=study, readers=number, code=show_code(group.join_code), form=form,
        regions=REGIONS, drawn=posters.drawn(address), first_day=first, last_day=last,
    )  # fmt: skip
