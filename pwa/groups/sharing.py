"""Whose a group is: coaches who share it, and invitations to share it; never nobody's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from pwa.clock import now
from pwa.coaches import audit
from pwa.coaches.invitations import end_those_of, invite
from pwa.coaches.tables import coaches, group_coaches, invitations
from pwa.groups.tables import groups


def coaches_of(connection: Connection, group_id: int) -> list[Row[Any]]:
    """Who shares a group, by name."""
    own = select(coaches).join(group_coaches).where(group_coaches.c.group_id == group_id)
    return list(connection.execute(own.order_by(coaches.c.name, coaches.c.id)))


def invitations_to(connection: Connection, group_id: int) -> list[Row[Any]]:
    """The links that still lead to this group, the oldest first; the word in them is kept nowhere."""
    leads = (invitations.c.group_id == group_id) & (invitations.c.ends_at > now())
    return list(connection.execute(select(invitations).where(leads).order_by(invitations.c.ends_at)))


def share(connection: Connection, coach: Any, group: Row[Any], email: str) -> Row[Any] | None:
    """Share a group with whoever signs in with this address, once or again; None when nobody does."""
    known = connection.execute(select(coaches).where(coaches.c.email == email, coaches.c.active)).one_or_none()
    if known is not None and known.id not in _numbers(connection, group):
        connection.execute(insert(group_coaches).values(group_id=group.id, coach_id=known.id))
        audit.note(connection, coach, "coach-added", known.name, group.id)
    return known


def invite_to(connection: Connection, coach: Any, group: Row[Any]) -> str:
    """An invitation for a new coach, who shares this group from the beginning; the word for its link."""
    audit.note(connection, coach, "invited", "coach", group.id)
    return invite(connection, "coach", group_id=group.id, made_by=coach.id)


def withdraw(connection: Connection, coach: Any, group: Row[Any], token_hash: bytes) -> None:
    """Its link leads nowhere from now on; one that is not to this group stays as it is."""
    this = (invitations.c.group_id == group.id) & (invitations.c.token_hash == token_hash)
    if connection.execute(delete(invitations).where(this)).rowcount:
        audit.note(connection, coach, "invitation-withdrawn", "", group.id)


def take_off(connection: Connection, coach: Any, group: Row[Any], coach_id: int) -> bool:
    """Somebody sees the group no more, and whom they invited does not come in; what they planned stays.

    False when nobody would be left who can sign in."""
    numbers = _numbers(connection, group)
    if coach_id not in numbers:
        return True
    everybody = coaches_of(connection, group.id)
    gone = next(each for each in everybody if each.id == coach_id)
    if not any(each.active or not gone.active for each in everybody if each.id != coach_id):
        return False
    this = (group_coaches.c.group_id == group.id) & (group_coaches.c.coach_id == coach_id)
    connection.execute(delete(group_coaches).where(this))
    end_those_of(connection, coach_id, group_id=group.id)
    audit.note(connection, coach, "coach-removed", gone.name, group.id)
    return True


def _numbers(connection: Connection, group: Row[Any]) -> set[int]:
    """Of the coaches who share it, which nobody else changes until this transaction is over: two who take each other
    off at once would leave nobody."""
    connection.execute(select(groups.c.id).where(groups.c.id == group.id).with_for_update())
    return set(connection.scalars(select(group_coaches.c.coach_id).where(group_coaches.c.group_id == group.id)))
