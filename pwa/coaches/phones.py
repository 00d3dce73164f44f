"""A coach's own phone: an ordinary subscription, tied to the account by a code that works once; and its last test."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, literal, select, update

from pwa.clock import now
from pwa.coaches.tables import coach_phones, coaches
from pwa.database import upsert
from pwa.subscriptions.tables import subscriptions

CODE_LASTS = timedelta(minutes=15)
FIRST = 2**30  # tests have numbers from here on, tips below: a phone reports both in the same way
LAST = 2**31 - 1


def own_phone(connection: Connection, coach_id: int) -> Row[Any] | None:
    """The coach's phone with its last test and its subscription's language; None when there never was one.

    `confirmed_at` is None until the phone has proved its address."""
    return connection.execute(
        select(coach_phones, subscriptions.c.language, subscriptions.c.confirmed_at)
        .outerjoin(subscriptions, subscriptions.c.id == coach_phones.c.subscription_id)
        .where(coach_phones.c.coach_id == coach_id)
    ).one_or_none()


def new_code(connection: Connection, coach_id: int, code: str) -> None:
    """Keep a code with which a phone is tied, in place of an older one."""
    values = {"code_hash": _digest(code), "code_ends_at": now() + CODE_LASTS}
    connection.execute(upsert(connection, coach_phones, {"coach_id": coach_id}, values))


def tie(connection: Connection, code: str, number: int) -> Row[int, str] | None:
    """Tie the subscription with this number to the coach who made the code, which is used up.

    What the phone shows for it, as a group has it: an `id` of 0 and a `name`; None when no coach waits for the code."""
    coach_id = connection.scalar(select(coach_phones.c.coach_id).where(_waits(code)).with_for_update())
    if coach_id is None:
        return None
    connection.execute(
        update(coach_phones).where(coach_phones.c.subscription_id == number).values(subscription_id=None)
    )
    connection.execute(
        update(coach_phones)
        .where(coach_phones.c.coach_id == coach_id)
        .values(subscription_id=number, code_hash=None, code_ends_at=None)
    )
    return connection.execute(select(literal(0).label("id"), coaches.c.name).where(coaches.c.id == coach_id)).one()


def is_waited_for(connection: Connection, code: str) -> bool:
    """Whether a coach waits for a phone with this code."""
    return connection.scalar(select(coach_phones.c.coach_id).where(_waits(code))) is not None


def is_waiting(phone: Row[Any] | None) -> bool:
    """Whether this coach waits for a phone, which may take the place of the one that is tied."""
    return bool(phone is not None and phone.code_ends_at and phone.code_ends_at > now())


def let_go(connection: Connection, coach_id: int) -> None:
    """The phone stays a reader's; the account does not know it any more."""
    connection.execute(delete(coach_phones).where(coach_phones.c.coach_id == coach_id))


def begin_test(connection: Connection, coach_id: int) -> int:
    """A new test takes the place of the last one; its number."""
    number = secrets.randbelow(LAST - FIRST) + FIRST
    connection.execute(
        update(coach_phones)
        .where(coach_phones.c.coach_id == coach_id)
        .values(test_number=number, test_at=now(), test_answer="", test_shown_at=None)
    )
    return number


def answered(connection: Connection, number: int, act: str, reason: str) -> None:
    """What the push service said to a test; one that is not the last is forgotten."""
    said = f"{act} {reason}".rstrip()[:60]
    connection.execute(update(coach_phones).where(coach_phones.c.test_number == number).values(test_answer=said))


def shown(connection: Connection, number: int) -> bool:
    """The phone shows a test; False for one that is not the last of anybody."""
    test = (coach_phones.c.test_number == number) & coach_phones.c.test_shown_at.is_(None)
    return bool(connection.execute(update(coach_phones).where(test).values(test_shown_at=now())).rowcount)


def _waits(code: str) -> ColumnElement[bool]:
    return (coach_phones.c.code_hash == _digest(code)) & (coach_phones.c.code_ends_at > now())


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
