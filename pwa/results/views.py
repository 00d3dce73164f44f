"""What a coach sees of tips: the month, and each tip with what becomes of it; taking one back."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from math import ceil
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy import Connection, Row, select

from pwa.clock import now
from pwa.coaches.tables import coaches
from pwa.coaches.views import engine, me
from pwa.database import reading, writing
from pwa.groups import keeping as groups
from pwa.groups.calendar import TIMES, Calendar, calendar_of, calendars_of, today_at
from pwa.groups.forms import as_date
from pwa.groups.regions import REGIONS
from pwa.groups.views import load_group
from pwa.results import chart
from pwa.results.changing import is_changeable, to_change
from pwa.results.corrections import correction_of, is_correctable
from pwa.results.left_out import left_out, left_out_ahead
from pwa.results.outcome import UNSENT, Outcome, going_out, outcome_of, shown, state_of, state_words, stopped_on_the_way
from pwa.results.taking_back import TakenBack, take_back, take_series_back, together, waiting_series
from pwa.tips import keeping
from pwa.tips.views import content, known_card, load_tip

blueprint = Blueprint("results", __name__)
WAITING = ("held", "scheduled", "going")  # states in which there is something to take back


@blueprint.get("/")
def desk() -> ResponseReturnValue:
    """The first page: each group with what comes next, and what became of the last tip."""
    with reading(engine()) as connection:
        own = groups.own_groups(connection, me())
        numbers = [group.id for group in own]
        coming, gone = keeping.next_and_last(connection, numbers, today_at(own, now()))
        words = keeping.texts_of(connection, [tip.id for tip in (*coming.values(), *gone.values())])
        outcomes = {group_id: outcome_of(connection, tip) for group_id, tip in gone.items()}
        readers = groups.readers(connection, numbers)
        calendars = calendars_of(connection, numbers, content())
    off = {group_id: left_out_ahead(tip, calendars[group_id]) for group_id, tip in coming.items()}
    return render_template(
        "results/desk.html", groups=own, readers=readers, regions=REGIONS, coming=coming, gone=gone,
        off=off, words=words, outcomes=outcomes, shown=shown,
    )  # fmt: skip


@blueprint.get("/tips")
def month() -> ResponseReturnValue:
    """A month of one group, or of all; with the chart of the last weeks."""
    with reading(engine()) as connection:
        own = groups.own_groups(connection, me())
        chosen = _chosen_group(own)
        here = [chosen] if chosen is not None else own
        numbers, today = [group.id for group in here], today_at(here, now())
        first = _month(today)
        last = first.replace(day=months.monthrange(first.year, first.month)[1])
        monday, sunday = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
        calendars = calendars_of(connection, numbers, content())
        found = keeping.tips_between(connection, numbers, monday, sunday)
        words = keeping.texts_of(connection, [tip.id for tip in found])
        shown_as = _states(connection, found, calendars)
        drawn = chart.last_weeks(connection, numbers, today)
        held, running = waiting_series(connection, chosen.id) if chosen is not None else ({}, {})
    return render_template(
        "results/month.html", groups=own, group=chosen, first=first, words=words, chart=chart,
        weeks=drawn.weeks, scale=drawn.scale,
        days=_days(first, last, found, list(calendars.values())), names={group.id: group for group in own},
        before=_shift(first, -1), after=_shift(first, 1), today=today,
        held=held, running=running, zone=calendars[chosen.id].zone if chosen is not None else None,
        shown_as=shown_as, words_for=state_words,
    )  # fmt: skip


@blueprint.get("/tips/<int:tip_id>")
def tip(tip_id: int) -> ResponseReturnValue:
    with reading(engine()) as connection:
        one, group = load_tip(connection, tip_id)
        words = keeping.texts_of(connection, [one.id])[one.id]
        calendar = calendar_of(connection, group.id, content())
        outcome = outcome_of(connection, one)
        author = connection.scalar(select(coaches.c.name).where(coaches.c.id == one.author)) or ""
        correction = correction_of(connection, one)
        correctable = is_correctable(connection, one)
        missed = left_out(connection, one, calendar)
        siblings, waiting = _siblings(connection, one)
        changeable = to_change(connection, one) if is_changeable(connection, one) else None
    off = left_out_ahead(one, calendar)
    due = [calendar.due(one.date, moment) for moment in one.moments.split() if moment in TIMES]
    return render_template(
        "results/tip.html", tip=one, group=group, words=words, due=due, outcome=outcome, author=author,
        state=state_words("stopped" if outcome.stopped else outcome.state), correction=correction,
        left_out=missed, off=off, zone=calendar.zone, left=_seconds_left(one), siblings=siblings,
        correctable=correctable, changeable=changeable, card=known_card(one.card),
        waiting=waiting if outcome.state in WAITING else 0, shown=shown, outcomes=_words_for_outcomes(outcome),
    )  # fmt: skip


@blueprint.get("/tips/<int:tip_id>/progress")
def progress(tip_id: int) -> ResponseReturnValue:
    """What the page of a tip asks every other second while it goes out: numbers only, the words stand in the page."""
    with reading(engine()) as connection:
        one, _ = load_tip(connection, tip_id)
        outcome = outcome_of(connection, one)
    return jsonify(
        state=outcome.state, done=outcome.done, readers=outcome.readers,
        numbers={name: shown(number) for name, number in outcome.numbers.items()},
    )  # fmt: skip


@blueprint.post("/tips/<int:tip_id>/cancellation")
def cancel(tip_id: int) -> ResponseReturnValue:
    """Take a tip back in all groups of this coach's; of one that goes out already, what is not in flight."""
    with writing(engine()) as connection:
        one, _ = load_tip(connection, tip_id)
        taken = take_back(connection, me(), one)
        correctable = is_correctable(connection, one)
    if one.state == "cancelled" and not taken.stopped:
        flash(gettext("This tip has already been cancelled."))
        return redirect(url_for("results.tip", tip_id=tip_id))
    said = _words_for_stopping(taken, tip_id, correctable=correctable)
    flash(said, "message" if tip_id in taken.stopped else "error")
    return redirect(url_for("results.tip", tip_id=tip_id))


@blueprint.post("/groups/<int:group_id>/programmes/<programme_id>/cancellation")
def cancel_series(group_id: int, programme_id: str) -> ResponseReturnValue:
    """Take back the tips of a programme whose numbers stood in the page."""
    with writing(engine()) as connection:
        load_group(connection, group_id)
        numbers = request.form.get("tips", "").split()
        stopped = take_series_back(connection, me(), group_id, programme_id, numbers)
    if stopped:
        flash(ngettext("%(num)s tip is taken back.", "%(num)s tips are taken back.", len(stopped)))
    else:
        flash(gettext("Too late: these tips have already gone out."), "error")
    month = f"{stopped[0].date:%Y-%m}" if stopped else None
    return redirect(url_for("results.month", group_id=group_id, month=month))


def _states(connection: Connection, found: list[Row[Any]], calendars: dict[int, Calendar]) -> dict[int, str]:
    """How it is with each tip of a month; of a cancelled one, whether it was stopped on its way; and which of those
    that wait will not go out."""
    numbers = [tip.id for tip in found]
    going, stopped = going_out(connection, numbers), stopped_on_the_way(connection, numbers)
    off = {tip.id for tip in found if left_out_ahead(tip, calendars[tip.group_id])}
    return {
        tip.id: "stopped" if tip.id in stopped else "off" if tip.id in off else state_of(tip, going=tip.id in going)
        for tip in found
    }


def _words_for_stopping(taken: TakenBack, tip_id: int, *, correctable: bool) -> str:
    number = len(taken.stopped)
    if not number:
        if correctable:
            return gettext("Too late: this tip has already gone out. You can still correct it.")
        return gettext("Too late: this tip is no longer waiting.")
    if tip_id not in taken.stopped:
        return ngettext(
            "Too late for this group. The tip is cancelled in %(num)s other group.",
            "Too late for this group. The tip is cancelled in %(num)s other groups.", number,
        )  # fmt: skip
    if taken.unseen:
        return ngettext("Taken back. Nobody got it.", "Taken back for %(num)s groups. Nobody got it.", number)
    return ngettext(
        "The tip is cancelled. Anyone who hasn’t received it yet won’t get it.",
        "The tip is cancelled for %(num)s groups. Anyone there who hasn’t received it yet won’t get it.", number,
    )  # fmt: skip


def _words_for_outcomes(outcome: Outcome) -> dict[str, tuple[str, str]]:
    """Each number's name, and what it says and does not say."""
    why = gettext("It did not arrive; see why below.") if outcome.reasons else gettext("It did not arrive.")
    stopped = gettext("It was cancelled before it was their turn.")
    unsent = stopped if outcome.stopped else gettext("They got the correction only.")
    said = {
        "accepted": (gettext("accepted"), gettext("The push service took it and passes it on to the phone.")),
        "shown": (gettext("shown"), gettext("The phone confirmed that it showed it. Not every phone does.")),
        "opened": (gettext("opened"), gettext("Somebody tapped on it. A tip helps on the lock screen without a tap.")),
        "expired": (gettext("expired"), gettext("The phone can no longer be reached.")),
        "failed": (gettext("failed"), why),
        UNSENT: (gettext("not sent"), unsent),
    }
    return {name: said[name] for name in outcome.numbers}


def _siblings(connection: Connection, one: Row[Any]) -> tuple[list[tuple[int, str]], int]:
    """The same tip in the coach's other groups: its number and the group's name; and in how many groups it waits."""
    names = {group.id: group.name for group in groups.own_groups(connection, me())}
    same = together(connection, me(), one)
    going = going_out(connection, [tip.id for tip in same])
    waiting = [tip for tip in same if state_of(tip, going=tip.id in going) in WAITING]
    return [(tip.id, names[tip.group_id]) for tip in same if tip.id != one.id], len(waiting)


def _seconds_left(tip: Row[Any]) -> int:
    """How long a tip is still held, in whole seconds; 0: not any more."""
    return max(0, ceil((tip.held_until - now()).total_seconds())) if tip.held_until else 0


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
    if not request.args.get("group_id"):
        return None
    number = request.args.get("group_id", type=int)
    found: Row[Any] | None = next((group for group in own if group.id == number), None)
    return found if found is not None else abort(404)


def _month(today: date) -> date:
    asked = request.args.get("month")
    if not asked:
        return today.replace(day=1)
    first = as_date(f"{asked}-01")
    return first if first and 2020 <= first.year <= 2100 else abort(404)


def _shift(first: date, by: int) -> str:
    number = first.year * 12 + first.month - 1 + by
    return f"{number // 12:04}-{number % 12 + 1:02}"
