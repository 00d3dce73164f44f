"""Which tips are due, and for whom: their runs and chunks, each written once, however many planners there are."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, case, false, or_, select, true, update
from sqlalchemy.exc import OperationalError

from pwa.database import insert_once, reading, writing
from pwa.delivery import bits
from pwa.delivery.runs import NEVER_TRIED
from pwa.delivery.tables import WENT_OUT, chunks, runs
from pwa.groups.calendar import Calendar, calendars_of
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.tables import tips

log = logging.getLogger(__name__)

CHUNK = 1000  # readers
PAGE = 5000  # readers in one read
LATER = timedelta(days=1)  # a group without quiet hours has no quiet hours within a day either
GRACE = timedelta(minutes=30)  # a tip that is later than this is dropped: a burst in mid-lesson helps nobody
TOGETHER = timedelta(seconds=30)  # half of the hold: who corrects a correction comes later
NOW = "now"
Parts = list[tuple[int, bytes]]  # the size and the packed numbers of each chunk


def plan_due(engine: Engine, content: Path, now: datetime, spread: float) -> int:
    """Write the runs and chunks of all that is due, and return how many readers they are for.

    The chunks of a moment begin within `spread` seconds, not all at once."""
    release_held(engine, now)
    planned = 0
    with reading(engine) as connection:
        waiting = connection.execute(_waiting(now)).all()
        calendars = _calendars(connection, {tip.group_id for tip in waiting}, content)
        there = _planned(connection, [tip.id for tip in waiting])
    for tip in waiting:
        if calendar := calendars.get(tip.group_id):
            try:
                planned += _plan_tip(engine, tip, calendar, there, now, spread)
            except OperationalError:  # the database itself, and not this tip
                raise
            except Exception:
                log.exception("Tip %s could not be planned; the others are, and it is tried again.", tip.id)
    return planned


def is_overdue(connection: Connection, content: Path, since: datetime) -> bool:
    """Whether a moment of a tip was there before `since`, and nobody has planned it."""
    waiting = connection.execute(_waiting(since)).all()
    calendars = _calendars(connection, {tip.group_id for tip in waiting}, content)
    there = _planned(connection, [tip.id for tip in waiting])
    return any(
        (tip.id, moment) not in there and due_at(tip, moment, calendars[tip.group_id]) < since
        for tip in waiting
        if tip.group_id in calendars
        for moment in tip.moments.split()
    )


def release_held(engine: Engine, now: datetime) -> None:
    """The tips whose hold is over wait for their day from here on."""
    over = and_(tips.c.state == "held", tips.c.held_until <= now)
    with reading(engine) as connection:
        if connection.scalar(select(tips.c.id).where(over).limit(1)) is None:
            return
    with writing(engine) as connection:
        connection.execute(update(tips).where(over).values(state="scheduled"))


def due_at(tip: Row[Any], moment: str, calendar: Calendar) -> datetime:
    """When a tip goes out at a moment, in UTC, on its own local day; "now" is after the hold, and not at night."""
    if moment != NOW:
        return calendar.due(tip.date, moment)
    return calendar.next_awake(tip.held_until or tip.created_at)


def close_planned(engine: Engine, tip: Row[Any]) -> None:
    """A tip all of whose moments were planned is sent, what is still on its way stands with its runs; or it is skipped,
    when all of them were late or on a day off."""
    went_out = select(runs.c.id).where(runs.c.tip_id == tip.id, runs.c.state.in_(WENT_OUT)).exists()
    with writing(engine) as connection:
        planned = update(tips).where(tips.c.id == tip.id, tips.c.state == "scheduled")
        connection.execute(planned.values(state=case((went_out, "sent"), else_="skipped")))


def _waiting(now: datetime) -> Any:
    """Local days are at most one ahead of the day in UTC."""
    latest = now.astimezone(UTC).date() + timedelta(days=1)
    return select(tips).where(tips.c.state == "scheduled", tips.c.date <= latest).order_by(tips.c.id)


def _calendars(connection: Connection, groups: set[int], content: Path) -> dict[int, Calendar]:
    """The calendars of groups, without those that were deleted meanwhile; one that is broken keeps no other waiting."""
    try:
        return calendars_of(connection, groups, content)
    except (LookupError, ValueError):
        found: dict[int, Calendar] = {}
        for number in groups:
            try:
                found |= calendars_of(connection, [number], content)
            except (LookupError, ValueError):
                log.exception("The calendar of group %s cannot be used, so none of its tips goes out.", number)
        return found


def _plan_tip(
    engine: Engine, tip: Row[Any], calendar: Calendar, there: set[tuple[int, str]], now: datetime, spread: float
) -> int:
    moments, planned = tip.moments.split(), 0
    due = [moment for moment in moments if due_at(tip, moment, calendar) <= now]
    for moment in due:
        if (tip.id, moment) not in there:
            planned += _plan(engine, tip, moment, calendar, now, spread)
    if len(due) == len(moments):
        close_planned(engine, tip)
    return planned


def _plan(engine: Engine, tip: Row[Any], moment: str, calendar: Calendar, now: datetime, spread: float) -> int:
    due = due_at(tip, moment, calendar)
    quiet_at = calendar.next_quiet(due)
    fresh_until = min(due + GRACE, quiet_at)
    run = {
        "tip_id": tip.id, "moment": moment, "date": tip.date, "due_at": due, "fresh_until": fresh_until,
        "quiet_at": min(quiet_at, due + LATER), "planned_at": now, "state": "open", "reason": "", "readers": 0,
    }  # fmt: skip
    day = calendar.today(due)  # not the tip's: "now", but in the quiet hours, is the next morning
    off = calendar.day_off(day)
    parts: Parts = []
    if off:
        run |= {"state": "skipped", "reason": (off.name("nl") or off.kind)[:80], "done_at": now}
    elif now > fresh_until:
        run |= {"state": "late", "done_at": now}
    else:
        readers = _readers(engine, tip, moment, calendar.regions_off(day), now)
        parts = [(len(ids), bits.pack(ids)) for ids in readers]
        run["readers"] = sum(size for size, _ in parts)
        if not parts:
            run |= {"state": "done", "done_at": now}
    return _write(engine, run, parts, now, 0.0 if moment == NOW else spread)


def _planned(connection: Connection, tip_ids: list[int]) -> set[tuple[int, str]]:
    """The runs that there are, as tip and moment: nothing is looked up for them again."""
    found = select(runs.c.tip_id, runs.c.moment).where(runs.c.tip_id.in_(tip_ids))
    return {(tip_id, moment) for tip_id, moment in connection.execute(found)}


def _write(engine: Engine, run: dict[str, Any], parts: Parts, now: datetime, spread: float) -> int:
    """One transaction: the run with all of its chunks, or nothing because another planner was first."""
    with writing(engine) as connection:
        state = connection.scalar(select(tips.c.state).where(tips.c.id == run["tip_id"]).with_for_update())
        number = insert_once(connection, runs, run) if state == "scheduled" else None  # it may have been cancelled
        if number is None:
            return 0
        if parts:
            connection.execute(
                chunks.insert(),
                [
                    {"run_id": number, "number": place, "ids": ids, "size": size, "done": bytes(bits.no_bits(size)),
                     "lease_until": now, "not_before": now + timedelta(seconds=random.uniform(0, spread))}  # noqa: S311
                    for place, (size, ids) in enumerate(parts, start=1)
                ],
            )  # fmt: skip
    return int(run["readers"])


def _readers(engine: Engine, tip: Row[Any], moment: str, regions_off: list[str], now: datetime) -> Iterator[list[int]]:
    """The subscriptions for a run, a chunk at a time, in rising order; read in pages, so that nobody waits for it."""
    with reading(engine) as connection:
        served = _served_already(connection, tip, moment)
        whose = _at_moment(moment) if tip.corrects_id is None else _got(connection, tip.corrects_id)
    wanted = _wanted(tip, whose, regions_off, now)
    if served:
        wanted = wanted.where(~_member_of(served))

    def ids() -> Iterator[int]:
        last = 0
        while True:
            with reading(engine) as connection:
                page = connection.scalars(wanted.where(subscriptions.c.id > last)).all()
            yield from page
            if len(page) < PAGE:
                return
            last = page[-1]

    return bits.pages(ids(), CHUNK)


def _at_moment(moment: str) -> Any:
    return true() if moment == NOW else subscriptions.c.moment == moment


def _got(connection: Connection, tip_id: int) -> Any:
    """Those to whom a tip went out: at their moment, on its weekday, and they were there by then."""
    went_out = select(runs).where(runs.c.tip_id == tip_id, runs.c.state.in_(WENT_OUT))
    return or_(
        false(),
        *(and_(_at_moment(run.moment), _on_weekday(run.date), subscriptions.c.created_at <= run.planned_at)
          for run in connection.execute(went_out)),
    )  # fmt: skip


def _on_weekday(day: date) -> Any:
    return subscriptions.c.days.bitwise_and(1 << day.weekday()) != 0


def _wanted(tip: Row[Any], whose: Any, regions_off: list[str], now: datetime) -> Any:
    wanted = (
        select(subscriptions.c.id)
        .join(subscription_groups, subscription_groups.c.subscription_id == subscriptions.c.id)
        .where(
            whose,
            subscription_groups.c.group_id == tip.group_id,
            subscriptions.c.confirmed_at.is_not(None),
            subscriptions.c.fault.is_(None),
            or_(subscriptions.c.muted_until.is_(None), subscriptions.c.muted_until <= now),
        )
        .order_by(subscriptions.c.id)
        .limit(PAGE)
    )
    if tip.corrects_id is None:
        wanted = wanted.where(_on_weekday(tip.date))
    if regions_off:
        wanted = wanted.where(subscriptions.c.region.not_in(regions_off))
    return wanted


def _served_already(connection: Connection, tip: Row[Any], moment: str) -> dict[str, list[int]]:
    """Moment → the other groups whose readers get a tip that day: nobody gets two in a day, over all coaches.

    A moment at which a coach stopped a tip served nobody, so that another tip can take its place. A correction goes to
    whom the first tip went to, however often it was corrected; a reader in two of its schools gets one of the two that
    were made together."""
    others = (
        select(runs.c.moment, tips.c.group_id)
        .join(tips, tips.c.id == runs.c.tip_id)
        .where(runs.c.date == tip.date, runs.c.state.in_(WENT_OUT), tips.c.id != tip.id)
    )
    if tip.corrects_id is None:
        others = others.where(tips.c.corrects_id.is_(None), or_(tips.c.state != "cancelled", ~_was_stopped()))
    else:
        first = runs.alias()  # of what those corrections correct: at its moments they have their readers
        together = tips.c.created_at.between(tip.created_at - TOGETHER, tip.created_at + TOGETHER)
        others = (
            others.with_only_columns(first.c.moment, tips.c.group_id)
            .join(first, (first.c.tip_id == tips.c.corrects_id) & first.c.state.in_(WENT_OUT))
            .where(tips.c.batch == tip.batch, together, tips.c.group_id != tip.group_id)
        )
    served: dict[str, list[int]] = {}
    for when, group in connection.execute(others):
        if NOW in (when, moment) or when == moment:
            served.setdefault(when, []).append(group)
    return served


def _was_stopped() -> Any:
    """Of a cancelled tip: this moment of it was not sent to the end. Who got it is not known any more by then."""
    cut_off = chunks.c.counts.contains(NEVER_TRIED) | (chunks.c.state == "open")
    return select(chunks.c.id).where(chunks.c.run_id == runs.c.id, cut_off).exists()


def _member_of(served: dict[str, list[int]]) -> Any:
    """A reader is in a group whose readers of that moment were served."""
    other = subscription_groups.alias()
    cases = [
        and_(other.c.group_id.in_(groups), *([] if when == NOW else [subscriptions.c.moment == when]))
        for when, groups in served.items()
    ]
    return select(other.c.group_id).where(other.c.subscription_id == subscriptions.c.id, or_(*cases)).exists()
