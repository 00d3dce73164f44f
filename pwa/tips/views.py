"""What a coach does with tips: choose a card, write, schedule, look at the month, take back, correct; programmes."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from functools import cache
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Connection, Row, select

from pwa.clock import now
from pwa.coaches import audit
from pwa.coaches.views import engine, me
from pwa.config import Settings
from pwa.database import reading, writing
from pwa.deck.model import Deck
from pwa.groups import keeping as groups
from pwa.groups.calendar import TIMES, Calendar, calendar_of, calendars_of
from pwa.groups.forms import as_date
from pwa.groups.views import load_group
from pwa.language import of_request
from pwa.tips import chart, composing, dose, keeping, texts
from pwa.tips.composing import Composition
from pwa.tips.keeping import Draft
from pwa.tips.programmes import Programme, Step, load_programmes
from pwa.tips.tables import tips

blueprint = Blueprint("tips", __name__)
PACES = (3, 5)


@blueprint.get("/tips")
def month() -> ResponseReturnValue:
    """A month of one group, or of all; with the chart of the last weeks."""
    with reading(engine()) as connection:
        own = groups.own_groups(connection, me())
        chosen = _chosen_group(own)
        shown = [chosen] if chosen else own
        first = _month()
        last = first.replace(day=months.monthrange(first.year, first.month)[1])
        numbers = [group.id for group in shown]
        calendars = calendars_of(connection, numbers, _content())
        found = keeping.tips_between(connection, numbers, first, last)
        words = keeping.texts_of(connection, [tip.id for tip in found])
        weeks = chart.last_weeks(connection, numbers, now().date())
    return render_template(
        "tips/month.html", groups=own, group=chosen, first=first,
        days=_days(first, last, found, list(calendars.values())),
        words=words, names={group.id: group for group in own}, weeks=weeks,
        before=_shift(first, -1), after=_shift(first, 1),
        today=now().date(), chart=chart, state=state_words,
    )  # fmt: skip


@blueprint.get("/groups/<int:group_id>/tips/choose")
def choose(group_id: int) -> ResponseReturnValue:
    """The first tap: a card, a programme, or own words."""
    with reading(engine()) as connection:
        group = load_group(connection, group_id)
    return render_template("tips/choose.html", group=group, deck=_deck(), programmes=_programmes())


@blueprint.route("/groups/<int:group_id>/tips/new", methods=["GET", "POST"])
def new(group_id: int) -> ResponseReturnValue:
    """The composer, filled in from `?card=`; what is sent is kept and held for 60 seconds."""
    card_id = request.values.get("card") or None
    if card_id is not None and card_id not in _deck().cards:
        abort(404)
    if request.method == "GET":
        with reading(engine()) as connection:
            group = load_group(connection, group_id)
            return _composer(connection, group, _from_card(group, card_id), card_id)
    with writing(engine()) as connection:
        group = load_group(connection, group_id)
        composition = Composition(request.form, group.languages.split())
        day = composition.day(connection, group, calendar_of(connection, group_id, _content()))
        if day is None or composition.faults:
            return _composer(connection, group, composition.words, card_id, composition), 422
        tip_id = keeping.schedule(
            connection, me(),
            Draft(group_id=group_id, texts=composition.words, date=day[0], moments=day[1], card=card_id),
        )  # fmt: skip
    return redirect(url_for("tips.show", tip_id=tip_id))


@blueprint.get("/tips/<int:tip_id>")
def show(tip_id: int) -> ResponseReturnValue:
    with reading(engine()) as connection:
        tip, group = load_tip(connection, tip_id)
        words = keeping.texts_of(connection, [tip.id])[tip.id]
        calendar = calendar_of(connection, group.id, _content())
        author = _author(connection, tip)
        correction = connection.execute(select(tips.c.id).where(tips.c.corrects_id == tip.id)).first()
    due = [calendar.due(tip.date, moment) for moment in tip.moments.split() if moment in TIMES]
    return render_template(
        "tips/tip.html", tip=tip, group=group, words=words, due=due, held=_is_held(tip), state=state_words(tip),
        author=author, correction=correction, seconds=int(keeping.HOLD.total_seconds()), zone=calendar.zone,
    )  # fmt: skip


@blueprint.post("/tips/<int:tip_id>/cancellation")
def cancel(tip_id: int) -> ResponseReturnValue:
    with writing(engine()) as connection:
        tip, _ = load_tip(connection, tip_id)
        title = next(iter(keeping.texts_of(connection, [tip.id])[tip.id].values()))[0]
        stopped = keeping.cancel(connection, me(), tip, title)
    if stopped:
        flash(gettext("The tip is cancelled. Nobody who does not have it yet will get it."))
    else:
        flash(gettext("That came too late: this tip is not waiting any more. You can correct it."), "error")
    return redirect(url_for("tips.show", tip_id=tip_id))


@blueprint.route("/tips/<int:tip_id>/correction", methods=["GET", "POST"])
def correct(tip_id: int) -> ResponseReturnValue:
    """New words for a tip that went out: they take its place on the screen, and say so."""
    with writing(engine()) as connection:
        tip, group = load_tip(connection, tip_id)
        if tip.state != "sent" or tip.corrects_id is not None:
            abort(404)
        calendar = calendar_of(connection, group.id, _content())
        words = keeping.texts_of(connection, [tip.id])[tip.id]
        if request.method == "GET":
            return render_template(
                "tips/correct.html", tip=tip, group=group, words=words, composition=None, limits=texts
            )
        composition = Composition({**request.form, "when": composing.NOW}, list(words))
        refused = composing.refused_now(calendar, now())
        if refused:
            composition.faults["when"] = refused
        if composition.faults:
            return render_template(
                "tips/correct.html",
                tip=tip,
                group=group,
                words=composition.words,
                composition=composition,
                limits=texts,
            ), 422
        draft = Draft(group_id=group.id, texts=composition.words, date=calendar.today(now()), moments=composing.NOW,
                      card=tip.card)  # fmt: skip
        new_id = keeping.schedule(connection, me(), draft, corrects=tip)
    return redirect(url_for("tips.show", tip_id=new_id))


@blueprint.route("/groups/<int:group_id>/programmes/<programme_id>", methods=["GET", "POST"])
def programme(group_id: int, programme_id: str) -> ResponseReturnValue:
    """A series laid on the school calendar: the real dates first, and nothing is kept before they are confirmed."""
    series = _programmes().get(programme_id) or abort(404)
    with writing(engine()) as connection:
        group = load_group(connection, group_id)
        calendar = calendar_of(connection, group_id, _content())
        first, pace = _start(calendar), _pace()
        sharing = dose.groups_sharing(connection, group_id)
        counts = dose.taken(connection, sharing, first - timedelta(days=7), first + timedelta(days=400))
        days = dose.lay_out(calendar, counts, first, len(series.tips), a_week=pace)
        complete = len(days) == len(series.tips)
        if request.method == "POST" and complete and request.form.get("days") == _said(days):
            for day, step in zip(days, series.tips, strict=True):
                keeping.schedule(connection, me(), Draft(
                    group_id=group_id, date=day, moments=" ".join(TIMES), card=step.card, programme=programme_id,
                    texts=_words_of(step, group),
                ))  # fmt: skip
            audit.note(connection, me(), "programme-scheduled", series.name(of_request()).name, group_id)
            return redirect(url_for("tips.month", group_id=group_id, month=f"{days[0]:%Y-%m}"))
    changed = request.method == "POST" and not request.form.get("look")
    return render_template(
        "tips/programme.html", group=group, programme=series, programme_id=programme_id, days=days, first=first,
        pace=pace,
        paces=PACES, said=_said(days), complete=complete, changed=changed, skipped=_skipped(calendar, days),
    ), 409 if changed else 200  # fmt: skip


def load_tip(connection: Connection, tip_id: int) -> tuple[Row[Any], Row[Any]]:
    """(tip, its group) when the coach who is signed in may have it, or 404."""
    tip = connection.execute(select(tips).where(tips.c.id == tip_id, tips.c.state != "draft")).one_or_none()
    return (tip, load_group(connection, tip.group_id)) if tip is not None else abort(404)


def state_words(tip: Row[Any]) -> str:
    """How it is with a tip, in words."""
    if _is_held(tip):
        return gettext("held for 60 seconds")
    return {
        "held": gettext("scheduled"), "scheduled": gettext("scheduled"), "sent": gettext("sent"),
        "cancelled": gettext("cancelled"),
    }[tip.state]  # fmt: skip


def _is_held(tip: Row[Any]) -> bool:
    return bool(tip.state == "held" and tip.held_until and tip.held_until > now())


def _composer(connection: Connection, group: Row[Any], words: keeping.Texts, card_id: str | None,
              composition: Composition | None = None) -> str:  # fmt: skip
    calendar = calendar_of(connection, group.id, _content())
    days = composing.proposed_days(connection, group, calendar)
    free = next((day.isoformat() for day, why in days if not why), "")
    return render_template(
        "tips/compose.html", group=group, words=words, card_id=card_id, days=days, limits=texts,
        composition=composition,
        chosen=composition.when if composition else free, deck=_deck(),
    )  # fmt: skip


def _from_card(group: Row[Any], card_id: str | None) -> keeping.Texts:
    languages = group.languages.split()
    if card_id is None:
        return dict.fromkeys(languages, ("", ""))
    return {language: texts.from_card(_deck().cards[card_id].texts[language]) for language in languages}


def _days(first: date, last: date, found: list[Row[Any]], calendars: list[Calendar]) -> list[list[dict[str, Any]]]:
    """Weeks of days from Monday on, each with its tips and why it is off for all of the groups."""
    start, weeks = first - timedelta(days=first.weekday()), []
    while start <= last:
        week = []
        for offset in range(7):
            day = start + timedelta(days=offset)
            off = [calendar.day_off(day) for calendar in calendars]
            week.append({"date": day, "outside": not first <= day <= last,
                         "off": off[0] if off and all(off) else None,
                         "tips": [tip for tip in found if tip.date == day]})  # fmt: skip
        weeks.append(week)
        start += timedelta(days=7)
    return weeks


def _chosen_group(own: list[Row[Any]]) -> Row[Any] | None:
    if "group_id" not in request.args:
        return None
    number = request.args.get("group_id", type=int)
    found: Row[Any] | None = next((group for group in own if group.id == number), None)
    return found if found is not None else abort(404)


def _month() -> date:
    asked = request.args.get("month")
    if not asked:
        return now().date().replace(day=1)
    first = as_date(f"{asked}-01")
    return first if first and 2020 <= first.year <= 2100 else abort(404)


def _shift(first: date, by: int) -> str:
    number = first.year * 12 + first.month - 1 + by
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _words_of(step: Step, group: Row[Any]) -> keeping.Texts:
    return {code: (words.title, words.body) for code in group.languages.split() if (words := step.words(code))}


def _start(calendar: Calendar) -> date:
    """The day that was asked for, from tomorrow on."""
    tomorrow = calendar.today(now()) + timedelta(days=1)
    asked = as_date(request.values.get("first", "")) or tomorrow
    return min(max(asked, tomorrow), tomorrow + timedelta(days=365))


def _pace() -> int:
    asked = request.values.get("pace", type=int)
    return asked if asked in PACES else PACES[0]


def _said(days: list[date]) -> str:
    """What was shown and is confirmed: the dates may not move in between."""
    return " ".join(day.isoformat() for day in days)


def _skipped(calendar: Calendar, days: list[date]) -> list[tuple[date, str]]:
    """The days without lessons within a series, weekends left out, each with its reason."""
    if not days:
        return []
    span = [days[0] + timedelta(days=offset) for offset in range((days[-1] - days[0]).days)]
    found = [(day, calendar.day_off(day)) for day in span]
    return [(day, composing.day_off_words(off)) for day, off in found if off and off.kind != "weekend"]


def _author(connection: Connection, tip: Row[Any]) -> str:
    from pwa.coaches.tables import coaches

    return connection.scalar(select(coaches.c.name).where(coaches.c.id == tip.author)) or ""


def _deck() -> Deck:
    deck: Deck = current_app.extensions["deck"]
    return deck


def _content() -> Any:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.content


def _programmes() -> dict[str, Programme]:
    return _loaded(_content())


@cache
def _loaded(content: Any) -> dict[str, Programme]:
    return load_programmes(content, _deck())
