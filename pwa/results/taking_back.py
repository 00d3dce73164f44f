"""Taking back: what was scheduled together is stopped together, in all groups that the coach may change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, select

from pwa.clock import now
from pwa.coaches import audit
from pwa.delivery.runs import stop
from pwa.delivery.tables import runs
from pwa.groups import keeping as groups
from pwa.tips import keeping
from pwa.tips.tables import tips

Series = dict[str, list[Row[Any]]]


class TakenBack(Struct, frozen=True):
    """The numbers of the tips that were stopped; `unseen`: none of their batch was on its way to anybody yet."""

    stopped: list[int]
    unseen: bool


def together(connection: Connection, coach: Any, tip: Row[Any]) -> list[Row[Any]]:
    """The tip and the same in this coach's other groups; of a correction the corrections, which have its batch too."""
    own = [group.id for group in groups.own_groups(connection, coach)]
    same = select(tips).where(_alike(tip), tips.c.group_id.in_(own)).order_by(tips.c.id)
    return list(connection.execute(same))


def take_back(connection: Connection, coach: Any, tip: Row[Any]) -> TakenBack:
    """Stop a tip in every group of this coach's where not all of it was sent, with a line in the audit for each."""
    same = together(connection, coach, tip)
    words = keeping.texts_of(connection, [one.id for one in same])
    stopped = [one for one in same if stop(connection, one.id)]
    for one in stopped:
        audit.note(connection, coach, "tip-cancelled", next(iter(words[one.id].values()))[0], one.group_id)
    went = select(runs.c.id).join(tips, tips.c.id == runs.c.tip_id).where(_alike(tip), runs.c.readers > 0).limit(1)
    return TakenBack([one.id for one in stopped], unseen=connection.scalar(went) is None)


def waiting_series(connection: Connection, group_id: int) -> tuple[Series, Series]:
    """The programmes of a group with tips that have not gone out, by id: those of which nobody can have seen anything
    yet, and those that run."""
    waiting = (tips.c.state.in_(("held", "scheduled")), tips.c.programme.is_not(None))
    found: Series = {}
    for tip in connection.execute(select(tips).where(tips.c.group_id == group_id, *waiting).order_by(tips.c.id)):
        found.setdefault(tip.programme, []).append(tip)
    held = {one: series for one, series in found.items() if all(_is_held(tip) for tip in series)}
    return held, {one: series for one, series in found.items() if one not in held}


def take_series_back(
    connection: Connection, coach: Any, group_id: int, programme_id: str, numbers: Collection[str]
) -> list[Row[Any]]:
    """Stop those tips of a programme that the coach was shown, and that still wait; one line in the audit for all."""
    series = select(tips).where(tips.c.group_id == group_id, tips.c.programme == programme_id).order_by(tips.c.id)
    shown = [tip for tip in connection.execute(series) if str(tip.id) in numbers]
    stopped = [tip for tip in shown if stop(connection, tip.id)]
    if stopped:
        audit.note(connection, coach, "programme-cancelled", programme_id, group_id)
    return stopped


def _is_held(tip: Row[Any]) -> bool:
    return tip.state == "held" and tip.held_until > now()


def _alike(tip: Row[Any]) -> Any:
    """The same batch, and like this tip a correction or none."""
    kind = tips.c.corrects_id.is_(None) if tip.corrects_id is None else tips.c.corrects_id.is_not(None)
    return (tips.c.batch == tip.batch) & kind
