"""Keeps sealed briefings and notes until they expire, and erases them to the last byte.

Whoever knows an id may read its ciphertext; whoever knows the token that the id is a digest of may change or withdraw
it. What expired, what was withdrawn and what never was are one and the same: not there."""

from __future__ import annotations

import hashlib
from typing import Literal

from sqlalchemy import Connection, Engine, delete, func, select
from sqlalchemy.exc import IntegrityError

from pwa.briefings.tables import briefing_notes, briefings
from pwa.database import reading, writing

MOST_SEALED = 16 * 1024  # bytes of a briefing
MOST_NOTE = 1200  # bytes of a note: 140 characters of any script, and what surrounds them
LEAST_SEALED = 34  # version, key check, nonce and tag around one byte
LONGEST = 31 * 86_400 + 3600  # seconds; the hour is for a change of clocks
NOTE_KEPT = 14 * 86_400
MOST_NOTES = 20  # on one briefing at a time
NOTES_PER_BRIEFING = 2  # in all, on average

Kept = Literal["made", "changed", "gone", "behind", "full"]
Noted = Literal["noted", "gone", "full"]


def id_of(token: bytes) -> bytes:
    """The id that a maker's token is good for: nobody can make a briefing under an id without it, nor change one."""
    return hashlib.sha256(b"houvast briefing maker\0" + token).digest()[:16]


def read(engine: Engine, id_: bytes, now: int) -> tuple[int, int, bytes] | None:
    """(revision, expiry in seconds since 1970, ciphertext), or None."""
    with reading(engine) as connection:
        row = connection.execute(
            select(briefings.c.revision, briefings.c.expires_at, briefings.c.sealed).where(
                briefings.c.id == id_, briefings.c.expires_at > now
            )
        ).first()
    return (row.revision, row.expires_at, row.sealed) if row else None


def keep(
    engine: Engine, id_: bytes, sealed: bytes, *, revision: int, after: int, expires_at: int, now: int, most: int
) -> Kept:
    """Keep a new briefing (`after` 0) or change the one with revision `after`; at most `most` are kept in all.

    Sending the same twice is no mistake: the answer to the first may have been lost."""
    try:
        with writing(engine) as connection:
            erase_expired_in(connection, now)
            there = connection.execute(select(briefings).where(briefings.c.id == id_).with_for_update()).first()
            new = {"revision": revision, "sealed": sealed, "expires_at": expires_at}
            if there is None:
                return "gone" if after else _make(connection, id_, new, most)
            if (there.revision, there.sealed) != (revision, sealed):
                if there.revision != after:
                    return "behind"
                connection.execute(briefings.update().where(briefings.c.id == id_).values(new))
            return "changed"
    except IntegrityError:  # on PostgreSQL another request of the same maker was first
        return "behind"


def _make(connection: Connection, id_: bytes, new: dict[str, object], most: int) -> Kept:
    if _count(connection, briefings.c.id) >= most:
        return "full"
    connection.execute(briefings.insert().values(id=id_, **new))
    return "made"


def withdraw(engine: Engine, id_: bytes) -> None:
    """Erase a briefing and its notes, if they are there."""
    with writing(engine) as connection:
        connection.execute(delete(briefings).where(briefings.c.id == id_))
        connection.execute(delete(briefing_notes).where(briefing_notes.c.briefing == id_))


def note(engine: Engine, id_: bytes, sealed: bytes, *, now: int, most: int) -> Noted:
    """Keep a reader's note for fourteen days; the same note sent twice is kept once."""
    with writing(engine) as connection:
        erase_expired_in(connection, now)
        if connection.execute(select(briefings.c.id).where(briefings.c.id == id_)).first() is None:
            return "gone"
        of_this = briefing_notes.c.briefing == id_
        if connection.execute(select(briefing_notes.c.id).where(of_this, briefing_notes.c.sealed == sealed)).first():
            return "noted"
        if _count(connection, briefing_notes.c.id, of_this) >= MOST_NOTES:
            return "full"
        if _count(connection, briefing_notes.c.id) >= NOTES_PER_BRIEFING * most:
            return "full"
        connection.execute(briefing_notes.insert().values(briefing=id_, sealed=sealed, expires_at=now + NOTE_KEPT))
        return "noted"


def notes(engine: Engine, id_: bytes, now: int) -> list[bytes]:
    """The notes on a briefing, oldest first, also when the briefing itself has expired."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(briefing_notes.c.sealed)
            .where(briefing_notes.c.briefing == id_, briefing_notes.c.expires_at > now)
            .order_by(briefing_notes.c.id)
        )
        return [row.sealed for row in rows]


def erase_expired(engine: Engine, now: int) -> int:
    """Erase what is over and say how much that was; takes the lock for writing only when there is something."""
    with reading(engine) as connection:
        over = connection.execute(
            select(briefings.c.id).where(briefings.c.expires_at <= now).limit(1)
        ).first() or connection.execute(select(briefing_notes.c.id).where(briefing_notes.c.expires_at <= now)).first()
    if not over:
        return 0
    with writing(engine) as connection:
        return erase_expired_in(connection, now)


def erase_expired_in(connection: Connection, now: int) -> int:
    """The same, inside a transaction that writes."""
    over = [delete(table).where(table.c.expires_at <= now) for table in (briefings, briefing_notes)]
    return sum(connection.execute(statement).rowcount for statement in over)


def _count(connection: Connection, column: object, *conditions: object) -> int:
    return int(connection.scalar(select(func.count(column)).where(*conditions)) or 0)  # type: ignore[arg-type]
