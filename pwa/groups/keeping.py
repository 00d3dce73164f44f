"""Groups as they are kept: whose they are, how many readers they have, and every change with its line in the audit."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from pwa.clock import now
from pwa.coaches import audit
from pwa.coaches.tables import group_coaches
from pwa.groups.codes import new_code
from pwa.groups.tables import groups, study_days
from pwa.subscriptions.tables import subscription_groups, subscriptions

FEWEST_SHOWN = 5  # fewer readers than this could be known by their number


def own_groups(connection: Connection, coach: Any) -> list[Row[Any]]:
    """The groups of a coach, by name; an administrator's are all."""
    chosen = select(groups).order_by(groups.c.name, groups.c.id)
    if not coach.is_administrator:
        chosen = chosen.join(group_coaches).where(group_coaches.c.coach_id == coach.id)
    return list(connection.execute(chosen))


def own_group(connection: Connection, coach: Any, group_id: int) -> Row[Any] | None:
    """A group of this coach's, or None: not there and not theirs are the same."""
    return next((group for group in own_groups(connection, coach) if group.id == group_id), None)


def readers(connection: Connection, group_ids: list[int]) -> dict[int, int | None]:
    """Confirmed readers per group; None for fewer than five, none at all included."""
    counted = connection.execute(
        select(subscription_groups.c.group_id, func.count())
        .join(subscriptions)
        .where(subscription_groups.c.group_id.in_(group_ids), subscriptions.c.confirmed_at.is_not(None))
        .group_by(subscription_groups.c.group_id)
    )
    found: dict[int, int] = {group_id: number for group_id, number in counted}
    return {group_id: number if (number := found.get(group_id, 0)) >= FEWEST_SHOWN else None for group_id in group_ids}


def make_group(connection: Connection, coach: Any, values: dict[str, Any]) -> int:
    """A new group of this coach's; its number."""
    made = insert(groups).returning(groups.c.id).values(**values, join_code=new_code(), created_at=now())
    group_id: int = connection.scalars(made).one()
    connection.execute(insert(group_coaches).values(group_id=group_id, coach_id=coach.id))
    audit.note(connection, coach, "group-made", values["name"], group_id)
    return group_id


def change_group(connection: Connection, coach: Any, group: Row[Any], values: dict[str, Any]) -> None:
    connection.execute(update(groups).where(groups.c.id == group.id).values(**values))
    audit.note(connection, coach, "group-changed", values["name"], group.id)


def change_code(connection: Connection, coach: Any, group: Row[Any]) -> None:
    """A new join code; posters with the old one lead nowhere, readers who joined stay."""
    connection.execute(update(groups).where(groups.c.id == group.id).values(join_code=new_code()))
    audit.note(connection, coach, "code-changed", group.name, group.id)


def remove_group(connection: Connection, coach: Any, group: Row[Any]) -> None:
    """With its study days, tips and counts; the readers keep their subscription and lose the group."""
    audit.note(connection, coach, "group-removed", group.name)
    connection.execute(delete(groups).where(groups.c.id == group.id))


def study_days_of(connection: Connection, group_id: int, first: date) -> list[Row[Any]]:
    """The study days from a day on, in order."""
    return list(
        connection.execute(
            select(study_days)
            .where(study_days.c.group_id == group_id, study_days.c.date >= first)
            .order_by(study_days.c.date)
        )
    )


def add_study_day(connection: Connection, coach: Any, group: Row[Any], day: date, name: str) -> bool:
    """False when that day is one already."""
    try:
        with connection.begin_nested():
            connection.execute(insert(study_days).values(group_id=group.id, date=day, name=name))
    except IntegrityError:
        return False
    audit.note(connection, coach, "study-day-added", f"{day.isoformat()} {name}".strip(), group.id)
    return True


def remove_study_day(connection: Connection, coach: Any, group: Row[Any], day: date) -> None:
    connection.execute(delete(study_days).where(study_days.c.group_id == group.id, study_days.c.date == day))
    audit.note(connection, coach, "study-day-removed", day.isoformat(), group.id)
