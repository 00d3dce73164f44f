"""A correction: new words for a tip that somebody got already. They take its place on the screen, and say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Connection, Row, func, or_, select

from pwa.clock import now
from pwa.coaches.views import engine, me
from pwa.database import reading, writing
from pwa.delivery.reporting import LATEST
from pwa.delivery.tables import WENT_OUT, runs
from pwa.groups import keeping as groups
from pwa.groups.calendar import Calendar, calendars_of
from pwa.tips import composing, keeping, texts
from pwa.tips.composing import Composition
from pwa.tips.keeping import Draft
from pwa.tips.tables import tips
from pwa.tips.views import content, load_tip

blueprint = Blueprint("corrections", __name__)


@blueprint.route("/tips/<int:tip_id>/correction", methods=["GET", "POST"])
def correct(tip_id: int) -> ResponseReturnValue:
    """In all groups of this coach's that got the tip; once, with other words than were sent, and not at night.

    A group that has quiet hours now gets it after them; one without lessons then is left for a school day."""
    posted = request.method == "POST"
    with (writing if posted else reading)(engine()) as connection:
        tip, group = load_tip(connection, tip_id)
        sent = _to_correct(connection, tip, locked=posted)
        if tip.id not in [one.id for one in sent]:
            own = _own_correction(connection, tip) if posted else None  # by a form that comes twice
            return redirect(url_for("results.tip", tip_id=own)) if own else abort(404)
        calendars = calendars_of(connection, [one.group_id for one in sent], content())
        sent, elsewhere = _where(connection, tip, sent, calendars)
        texts_sent = keeping.texts_of(connection, [one.id for one in sent])
        words = _all_words(texts_sent, tip.id)
        if not posted:
            return _form(tip, group, words, elsewhere)
        composition = Composition({**request.form, "when": composing.NOW}, list(words))
        if refused := composing.refused_now(calendars[group.id], now()):
            composition.faults["when"] = refused
        elif composition.words == words:
            composition.faults["words"] = gettext("This is the text that was sent. Change at least one word.")
        if composition.faults:
            return _form(tip, group, composition.words, elsewhere, composition), 422
        made = [_schedule(connection, one, composition, list(texts_sent[one.id]), calendars[one.group_id].today(now()))
                for one in sent]  # fmt: skip
    return redirect(url_for("results.tip", tip_id=made[[one.id for one in sent].index(tip_id)]))


def is_correctable(connection: Connection, tip: Row[Any]) -> bool:
    """Whether somebody got this tip, it was not corrected yet, and it may still be looked at: a week long."""
    if tip.state not in {"sent", "cancelled"} or tip.corrects_id is not None or now().date() > tip.date + LATEST:
        return False
    planned = connection.scalar(select(runs.c.id).where(runs.c.tip_id == tip.id, runs.c.readers > 0).limit(1))
    return planned is not None and correction_of(connection, tip) is None


def correction_of(connection: Connection, tip: Row[Any]) -> int | None:
    """The number of a tip's newest correction; one that was taken back in time, or skipped, never was."""
    went_out = select(runs.c.id).where(runs.c.tip_id == tips.c.id, runs.c.state.in_(WENT_OUT)).exists()
    stands = or_(tips.c.state.not_in(("cancelled", "skipped")), went_out)
    return connection.scalar(select(func.max(tips.c.id)).where(tips.c.corrects_id == tip.id, stands))


def _own_correction(connection: Connection, tip: Row[Any]) -> int | None:
    """The number of the correction that this coach made of a tip."""
    newest = correction_of(connection, tip)
    return connection.scalar(select(tips.c.id).where(tips.c.id == newest, tips.c.author == me().id))


def _to_correct(connection: Connection, tip: Row[Any], *, locked: bool) -> list[Row[Any]]:
    """The tips that went out together and may be corrected; `locked` until the end of the transaction.

    Of two taps at once the second then finds what the first made."""
    own = [group.id for group in groups.own_groups(connection, me())]
    same = select(tips).where(tips.c.batch == tip.batch, tips.c.group_id.in_(own)).order_by(tips.c.id)
    found = connection.execute(same.with_for_update() if locked else same).all()
    return [one for one in found if is_correctable(connection, one)]


def _where(
    connection: Connection, tip: Row[Any], sent: list[Row[Any]], calendars: Mapping[int, Calendar]
) -> tuple[list[Row[Any]], list[str]]:
    """(the tips that are corrected now, what to say of other groups that get it later or not now)."""
    names = {group.id: group.name for group in groups.own_groups(connection, me())}
    others = {one.id: _elsewhere(names[one.group_id], calendars[one.group_id]) for one in sent if one.id != tip.id}
    going = [one for one in sent if one.id == tip.id or others[one.id][0]]
    return going, [said for _, said in others.values() if said]


def _elsewhere(name: str, calendar: Calendar) -> tuple[bool, str]:
    """Whether a correction goes to another group, and what to say of that; empty: it goes out now."""
    soon = now() + keeping.HOLD
    due = calendar.next_awake(soon)
    if any(calendar.day_off(calendar.today(moment)) for moment in (soon, due)):
        no = gettext("At %(group)s nothing goes out until there are lessons again. Correct it there then.", group=name)
        return False, no
    at = f"{due.astimezone(calendar.zone):%H:%M}"
    late = gettext("At %(group)s it goes out at %(time)s, after the quiet hours.", group=name, time=at)
    return True, late if due > soon else ""


def _all_words(sent: Mapping[int, keeping.Texts], tip_id: int) -> keeping.Texts:
    """The words of a tip, and after them those in languages that only other groups got: all are corrected at once."""
    found = dict(sent[tip_id])
    for words in sent.values():
        found |= {language: said for language, said in words.items() if language not in found}
    return found


def _schedule(
    connection: Connection, tip: Row[Any], composition: Composition, languages: list[str], today: date
) -> int:
    new = {language: composition.words[language] for language in languages}
    words = {language: (texts.corrected(title, language), body) for language, (title, body) in new.items()}
    draft = Draft(group_id=tip.group_id, texts=words, date=today, moments=composing.NOW, card=tip.card)
    return keeping.schedule(connection, me(), draft, corrects=tip)


def _form(
    tip: Row[Any], group: Row[Any], words: keeping.Texts, elsewhere: list[str], composition: Composition | None = None
) -> str:
    return render_template(
        "results/correct.html", tip=tip, group=group, words=words, elsewhere=elsewhere, composition=composition,
        limits=texts, prefixes={language: texts.corrected("", language) for language in words},
    )  # fmt: skip
