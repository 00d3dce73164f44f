"""Changing a tip that nobody has seen: its words, its day, its groups. The new one takes its place in one step."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Connection, Row

from pwa.coaches.views import engine, me
from pwa.database import reading, writing
from pwa.groups import keeping as groups
from pwa.results.outcome import outcome_of
from pwa.results.taking_back import take_back, together
from pwa.tips import views as tips
from pwa.tips.composing import Composition

blueprint = Blueprint("changing", __name__)


@blueprint.route("/tips/<int:tip_id>/change", methods=["GET", "POST"])
def change(tip_id: int) -> ResponseReturnValue:
    """The composer with all that the tip has; what is sent is scheduled, and the tip cancelled, or neither."""
    posted = request.method == "POST"
    with (writing if posted else reading)(engine()) as connection:
        tip, group = tips.load_tip(connection, tip_id)
        card = tips.known_card(tip.card)
        if not posted:
            if not is_changeable(connection, tip):
                abort(404)
            words, ticked = tips.words_again(connection, tip, group), _its_groups(connection, tip)
            return tips.composer(connection, group, words, card, changes=tip, ticked=ticked)
        composition = Composition(request.form, group.languages.split())
        if again := tips.answer_again(connection, group, composition, card, tip):
            return again
        taken = take_back(connection, me(), tip)
        if not taken.unseen or tip.id not in taken.stopped:
            late = gettext("Too late: this tip has already gone out. You can still correct it.")
            composition.faults["when"] = late
            answer: ResponseReturnValue = (tips.composer(connection, group, composition.words, card, composition), 422)
        else:
            answer = tips.schedule(connection, group, composition, card, tip)
        if composition.faults:
            connection.rollback()  # the tip stays as it is
            return answer
    flash(gettext("Changed. The tip of before is cancelled."))
    return answer


def is_changeable(connection: Connection, tip: Row[Any]) -> bool:
    """Whether a tip waits, and nobody has it yet; a correction that is held is taken back instead."""
    return tip.corrects_id is None and _waits(connection, tip)


def to_change(connection: Connection, tip: Row[Any]) -> int:
    """Of the tips that were scheduled together the one to begin with: its group has the words for the others."""
    languages = {group.id: len(group.languages.split()) for group in groups.own_groups(connection, me())}
    waiting = [one for one in together(connection, me(), tip) if one.state != "cancelled"]
    return max(waiting, key=lambda one: (languages[one.group_id], one.id == tip.id), default=tip).id


def _its_groups(connection: Connection, tip: Row[Any]) -> set[str]:
    return {str(one.group_id) for one in together(connection, me(), tip) if one.state != "cancelled"}


def _waits(connection: Connection, tip: Row[Any]) -> bool:
    outcome = outcome_of(connection, tip)
    return outcome.state in {"held", "scheduled"} and not outcome.planned
