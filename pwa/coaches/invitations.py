"""Invitations: a link that works once, for a new account or to get back into an old one."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from pwa.clock import now
from pwa.coaches.tables import coach_sessions, coaches, group_coaches, invitations, passkeys
from pwa.groups.tables import groups

LASTS = timedelta(days=7)


def invite(connection: Connection, role: str, *, coach_id: int | None = None, group_id: int | None = None,
           made_by: int | None = None) -> str:  # fmt: skip
    """A new invitation; the word for its link, which is kept nowhere. `made_by`: None is the command line."""
    word = secrets.token_urlsafe(24)
    connection.execute(
        insert(invitations).values(
            token_hash=_digest(word), role=role, coach_id=coach_id, group_id=group_id, made_by=made_by,
            ends_at=now() + LASTS,
        )
    )  # fmt: skip
    return word


def end_those_of(connection: Connection, made_by: int, *, group_id: int | None = None) -> None:
    """What a coach made who may not any more leads nowhere from now on; with `group_id` only what is to that group."""
    theirs = invitations.c.made_by == made_by
    to_it = theirs if group_id is None else theirs & (invitations.c.group_id == group_id)
    connection.execute(delete(invitations).where(to_it))


def end_those_to_begin(connection: Connection) -> None:
    """Of several links that make an administrator from the command line, and stand in logs, only a later one counts."""
    there = (invitations.c.role == "administrator") & invitations.c.coach_id.is_(None) & invitations.c.made_by.is_(None)
    connection.execute(delete(invitations).where(there))


def find(connection: Connection, word: str) -> Row[Any] | None:
    """The invitation of a link, with the address of the account that it is for, and the `group_name` that it leads to;
    None when it is used or over."""
    return connection.execute(
        select(invitations, coaches.c.email, coaches.c.name, groups.c.name.label("group_name"))
        .outerjoin(coaches, coaches.c.id == invitations.c.coach_id)
        .outerjoin(groups, groups.c.id == invitations.c.group_id)
        .where(invitations.c.token_hash == _digest(word), invitations.c.ends_at > now())
    ).one_or_none()


def accept(connection: Connection, invitation: Row[Any], *, email: str, name: str, password_hash: str) -> int | None:
    """Use it up: the number of the account, or None when the invitation or the address was just taken.

    An account that is got back loses its sessions, passkeys, second step and recovery codes."""
    used = connection.execute(delete(invitations).where(invitations.c.token_hash == invitation.token_hash))
    if used.rowcount != 1:
        return None
    if invitation.coach_id:
        return _get_back(connection, invitation.coach_id, password_hash)
    if connection.scalar(select(coaches.c.id).where(coaches.c.email == email)):
        return None
    coach_id = connection.scalars(
        insert(coaches).returning(coaches.c.id).values(
            email=email, name=name, role=invitation.role, active=True, password=password_hash,
            fs_uniquifier=secrets.token_hex(32), fs_webauthn_user_handle=secrets.token_hex(32), created_at=now(),
        )
    ).one()  # fmt: skip
    if invitation.group_id:
        connection.execute(insert(group_coaches).values(group_id=invitation.group_id, coach_id=coach_id))
    return coach_id


def is_anybody_there(connection: Connection) -> bool:
    """Whether there is an administrator who can invite the others."""
    there = select(func.count()).where(coaches.c.role == "administrator", coaches.c.active)
    return bool(connection.scalar(there))


def _get_back(connection: Connection, coach_id: int, password_hash: str) -> int:
    connection.execute(delete(coach_sessions).where(coach_sessions.c.coach_id == coach_id))
    connection.execute(delete(passkeys).where(passkeys.c.user_id == coach_id))
    connection.execute(
        update(coaches)
        .where(coaches.c.id == coach_id)
        .values(
            password=password_hash, fs_uniquifier=secrets.token_hex(32), tf_primary_method=None, tf_totp_secret=None,
            totp_counter=None, mf_recovery_codes=None, active=True,
        )
    )  # fmt: skip
    return coach_id


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()
