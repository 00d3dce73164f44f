"""What a coach does with tips: choose a card, write, schedule; and lay a programme on the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy import Connection, Row, select

from pwa.clock import now
from pwa.coaches import audit, phones
from pwa.coaches.views import engine, me
from pwa.config import Settings
from pwa.database import reading, writing
from pwa.deck.model import Deck
from pwa.groups import keeping as groups
from pwa.groups.calendar import TIMES, Calendar, calendar_of, known_until
from pwa.groups.forms import as_date
from pwa.groups.views import load_group
from pwa.language import of_request
from pwa.security import LARGEST_NUMBER
from pwa.tips import composing, dose, keeping, texts
from pwa.tips.composing import Composition
from pwa.tips.keeping import Draft
from pwa.tips.programmes import Programme, Step, load_programmes
from pwa.tips.tables import tips

blueprint = Blueprint("tips", __name__)
PACES = (2, 3, 5)


@blueprint.app_template_filter("programme_name")
def programme_name(what: str) -> str:
    """A programme that the history has by its id, in the reader's language; older lines have a name, which stays."""
    series = _programmes().get(what)
    return series.name(of_request()).name if series else what


@blueprint.get("/groups/<int:group_id>/tips/choose")
def choose(group_id: int) -> ResponseReturnValue:
    """The first tap: a card, a programme, or own words."""
    with reading(engine()) as connection:
        group = load_group(connection, group_id)
    fitting = {key: series for key, series in _programmes().items() if series.speaks(group.languages.split())}
    return render_template("tips/choose.html", group=group, deck=_deck(), programmes=fitting)


@blueprint.route("/groups/<int:group_id>/tips/new", methods=["GET", "POST"])
def new(group_id: int) -> ResponseReturnValue:
    """The composer, filled in from `?card=` or with the words of `?tip=`; what is sent is held for 60 seconds."""
    card_id = card_of_request()
    if request.method == "GET":
        if changes := request.args.get("changes", type=int):  # in the other language, after a test of its new words
            return redirect(url_for("changing.change", tip_id=changes))
        with reading(engine()) as connection:
            group = load_group(connection, group_id)
            return composer(connection, group, _words_to_begin_with(connection, group, card_id), card_id)
    with writing(engine()) as connection:
        group = load_group(connection, group_id)
        composition = Composition(request.form, group.languages.split())
        sent = (connection, group, composition, card_id)
        return answer_again(*sent) or schedule(*sent)


def answer_again(connection: Connection, group: Row[Any], composition: Composition, card_id: str | None,
                 changes: Row[Any] | None = None) -> ResponseReturnValue | None:  # fmt: skip
    """What to say to a form that comes twice, because the answer to it was lost; None: it comes for the first time."""
    chosen = _chosen(connection, group, composition)
    earlier = keeping.made_before(connection, _batch())
    if not earlier:
        return None
    if _asks_for(connection, earlier, chosen, composition):
        return redirect(url_for("results.tip", tip_id=earlier[0].id))
    page = composer(connection, group, composition.words, card_id, composition, changes=changes, earlier=earlier[0].id)
    return page, 422


def schedule(connection: Connection, group: Row[Any], composition: Composition, card_id: str | None,
             changes: Row[Any] | None = None) -> ResponseReturnValue:  # fmt: skip
    """Keep what was composed, for each of the chosen groups; or say what has to change (422)."""
    chosen = _chosen(connection, group, composition)
    days = {one.id: composition.day(connection, one, calendar_of(connection, one.id, content())) for one in chosen}
    if composition.faults:
        return composer(connection, group, composition.words, card_id, composition, changes=changes), 422
    batch, made = _batch(), []
    for one in chosen:
        day, moments = days[one.id] or abort(422)
        words = {code: composition.words[code] for code in one.languages.split()}
        draft = Draft(group_id=one.id, texts=words, date=day, moments=moments, card=card_id, batch=batch,
                      programme=changes.programme if changes else None)  # fmt: skip
        made.append(keeping.schedule(connection, me(), draft))
    if len(made) > 1:
        flash(gettext("Scheduled for %(number)s groups.", number=len(made)))
    return redirect(url_for("results.tip", tip_id=made[0]))


@blueprint.route("/groups/<int:group_id>/programmes/<programme_id>", methods=["GET", "POST"])
def programme(group_id: int, programme_id: str) -> ResponseReturnValue:
    """A series laid on the school calendar: the real dates first, and nothing is kept before they are confirmed."""
    series = _programmes().get(programme_id) or abort(404)
    with (writing if request.method == "POST" else reading)(engine()) as connection:
        group = load_group(connection, group_id)
        if not series.speaks(group.languages.split()):
            abort(404)
        calendar = calendar_of(connection, group_id, content())
        first, pace = _start(calendar), _pace()
        sharing = dose.groups_sharing(connection, group_id)
        counts = dose.taken(connection, sharing, first - timedelta(days=7), first + timedelta(days=400))
        days = dose.lay_out(calendar, counts, first, len(series.tips), a_week=pace)
        complete = len(days) == len(series.tips)
        confirmed = request.method == "POST" and not request.form.get("look")
        if confirmed and complete and request.form.get("days") == _said(days):
            _schedule_series(connection, group, programme_id, series, days)
            flash(ngettext("%(num)s tip scheduled.", "%(num)s tips scheduled.", len(days)))
            return redirect(url_for("results.month", group_id=group_id, month=f"{days[0]:%Y-%m}"))
        if confirmed and keeping.just_scheduled(connection, me(), group_id, programme_id):  # by a button pressed twice
            return redirect(url_for("results.month", group_id=group_id))
    return render_template(
        "tips/programme.html", group=group, programme=series, days=days, first=first,
        pace=pace, paces=PACES, said=_said(days), complete=complete, changed=confirmed,
        skipped=_skipped(calendar, days), beyond=_beyond(days),
    ), 409 if confirmed else 200  # fmt: skip


def load_tip(connection: Connection, tip_id: int) -> tuple[Row[Any], Row[Any]]:
    """(tip, its group) when the coach who is signed in may have it, or 404."""
    tip = connection.execute(select(tips).where(tips.c.id == tip_id)).one_or_none()
    return (tip, load_group(connection, tip.group_id)) if tip is not None else abort(404)


def card_of_request() -> str | None:
    """The card that a tap opens, or 404 for one that is not there; None: own words."""
    card_id = request.values.get("card") or None
    return None if card_id is None else known_card(card_id) or abort(404)


def known_card(card_id: str | None) -> str | None:
    """A card of an older tip, or None when the deck has it no more."""
    return card_id if card_id in _deck().cards else None


def composer(connection: Connection, group: Row[Any], words: keeping.Texts, card_id: str | None,
             composition: Composition | None = None, changes: Row[Any] | None = None, **more: Any) -> str:  # fmt: skip
    """The page to write on; `changes`: the tip whose place the new one takes.

    `more`: how it is with the coach's phone after a test, what was scheduled `earlier`, which groups are ticked."""
    calendar = calendar_of(connection, group.id, content())
    days = composing.proposed_days(connection, group, calendar, but=changes.batch if changes else "")
    today = calendar.today(now())
    when = composition.when if composition else _day_to_begin_with(days, changes)
    asks_more = any(each.more for each in days) or (composition is not None and composition.asks_more)
    return render_template(
        "tips/compose.html", group=group, words=words, card_id=card_id, days=days, limits=texts, deck=_deck(),
        composition=composition, asks_more=asks_more, chosen=when, prefixes={}, changes=changes,
        others=_others(connection, group), first_day=today, last_day=today + composing.FURTHEST,
        beyond=_beyond([today + composing.FURTHEST]),
        moments=" ".join(keeping.moments_left(calendar, today, now())),
        **{"phone": phones.own_phone(connection, me().id), "tried": "", "key": keeping.new_batch(),
           "ticked": composition.also if composition else (), **more},
    )  # fmt: skip


def content() -> Any:
    """The folder with what coaches and teachers edit."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.content


def _asks_for(connection: Connection, made: list[Row[Any]], chosen: list[Row[Any]], composition: Composition) -> bool:
    """Whether a form asks for just these tips, which it made: the same words, day and groups."""
    words = keeping.texts_of(connection, [tip.id for tip in made])
    asked = {one.id: {code: composition.words[code] for code in one.languages.split()} for one in chosen}
    days = {composing.NOW if tip.moments == composing.NOW else tip.date.isoformat() for tip in made}
    return {tip.group_id: words[tip.id] for tip in made} == asked and days == {composition.day_asked}


def _others(connection: Connection, group: Row[Any]) -> list[Row[Any]]:
    """The coach's other groups that the words of this one will do for."""
    spoken = set(group.languages.split())
    own = groups.own_groups(connection, me())
    return [other for other in own if other.id != group.id and set(other.languages.split()) <= spoken]


def _chosen(connection: Connection, group: Row[Any], composition: Composition) -> list[Row[Any]]:
    """The group itself and those that were ticked; all locked at once, in one order for everybody."""
    chosen = [group, *(other for other in _others(connection, group) if str(other.id) in composition.also)]
    dose.groups_sharing(connection, *(one.id for one in chosen))
    return chosen


def _batch() -> str:
    return keeping.batch_of(me(), request.form.get("key", ""))


def _day_to_begin_with(days: list[composing.Proposed], changes: Row[Any] | None) -> str:
    """The day of a tip that is changed, else the first free one."""
    if changes is not None and changes.moments == composing.NOW:
        return composing.NOW
    if changes is not None:
        return changes.date.isoformat() if changes.date in [each.day for each in days] else composing.OTHER
    return next((each.day.isoformat() for each in days if not each.note), "")


def _words_to_begin_with(connection: Connection, group: Row[Any], card_id: str | None) -> keeping.Texts:
    """Those of an earlier tip that are used again, or of a card, or none."""
    if (number := request.args.get("tip", type=int)) is None:
        return _from_card(group, card_id)
    tip, _ = load_tip(connection, min(number, LARGEST_NUMBER))
    return words_again(connection, tip, group)


def words_again(connection: Connection, tip: Row[Any], group: Row[Any]) -> keeping.Texts:
    """The words of a tip in the languages that the group has now, without saying that they are a correction."""
    words = keeping.texts_of(connection, [tip.id])[tip.id]
    found = {code: words.get(code, ("", "")) for code in group.languages.split()}
    if tip.corrects_id is None:
        return found
    return {code: (title.removeprefix(texts.corrected("", code)), body) for code, (title, body) in found.items()}


def _from_card(group: Row[Any], card_id: str | None) -> keeping.Texts:
    languages = group.languages.split()
    if card_id is None:
        return dict.fromkeys(languages, ("", ""))
    return {language: texts.from_card(_deck().cards[card_id].texts[language]) for language in languages}


def _schedule_series(
    connection: Connection, group: Row[Any], programme_id: str, series: Programme, days: list[date]
) -> None:
    for day, step in zip(days, series.tips, strict=True):
        draft = Draft(group_id=group.id, texts=_words_of(step, group), date=day, moments=" ".join(TIMES),
                      card=step.card, programme=programme_id)  # fmt: skip
        keeping.schedule(connection, me(), draft, alone=False)
    audit.note(connection, me(), "programme-scheduled", programme_id, group.id)


def _words_of(step: Step, group: Row[Any]) -> keeping.Texts:
    return {code: (words.title, words.body) for code in group.languages.split() if (words := step.words(code))}


def _start(calendar: Calendar) -> date:
    """The day that was asked for, from tomorrow on."""
    tomorrow = calendar.today(now()) + timedelta(days=1)
    asked = as_date(request.values.get("first", "")) or tomorrow
    return min(max(asked, tomorrow), tomorrow + timedelta(days=365))


def _pace() -> int:
    asked = request.values.get("pace", type=int)
    return asked if asked in PACES else dose.USUAL


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


def _beyond(days: list[date]) -> str:
    """What there is to know about days of which nobody has told us the holidays; empty: all are known."""
    last = known_until(content())
    return composing.holidays_end(last) if days and days[-1] > last else ""


def _deck() -> Deck:
    deck: Deck = current_app.extensions["deck"]
    return deck


def _programmes() -> dict[str, Programme]:
    return _loaded(content())


@cache
def _loaded(content: Any) -> dict[str, Programme]:
    return load_programmes(content, _deck())
