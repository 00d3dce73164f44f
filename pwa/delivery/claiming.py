"""Who has a chunk: a lease for some seconds, and a number that grows with each claim."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, bindparam, func, select, update

from pwa.database import reading, writing
from pwa.delivery.tables import chunks

LEASE = timedelta(seconds=5)
_keep = (
    update(chunks)
    .where(chunks.c.id == bindparam("chunk"), chunks.c.fence == bindparam("held"), chunks.c.state == "open")
    .values(lease_until=bindparam("until"), done=bindparam("bits"), counts=bindparam("so_far"))
)


class LeaseLostError(Exception):
    """Another process has the chunk: whoever sees this drops it and writes nothing."""


class Claim(NamedTuple):
    """A chunk, as it was when it was claimed; see the table for what the parts mean."""

    id: int
    run_id: int
    attempt: int
    ids: bytes
    done: bytes
    counts: str
    fence: int


def claim(engine: Engine, owner: str, now: datetime) -> Claim | None:
    """The open chunk that is due longest and that nobody has, or None."""
    free = (
        select(chunks.c.id)
        .where(chunks.c.state == "open", chunks.c.not_before <= now, chunks.c.lease_until <= now)
        .order_by(chunks.c.not_before, chunks.c.id)
        .limit(1)
    )
    if engine.dialect.name == "postgresql":  # elsewhere one transaction writes at a time
        free = free.with_for_update(skip_locked=True)
    take = (
        update(chunks)
        .where(chunks.c.id == free.scalar_subquery())
        .values(owner=owner, fence=chunks.c.fence + 1, lease_until=now + LEASE)
        .returning(*(chunks.c[name] for name in Claim._fields))
    )
    with writing(engine) as connection:
        row = connection.execute(take).first()
    return Claim(*row) if row else None


def renew(connection: Any, taken: Claim, now: datetime, **values: Any) -> None:
    """Write to a chunk and keep it for another while. Raises LeaseLostError when it is not ours any more."""
    mine = update(chunks).where(chunks.c.id == taken.id, chunks.c.fence == taken.fence, chunks.c.state == "open")
    if not connection.execute(mine.values(lease_until=now + LEASE, **values)).rowcount:
        raise LeaseLostError


def keep(connection: Connection, taken: Claim, now: datetime, done: bytes, counts: str) -> None:
    """The same as renew(), for what is written every hundred messages: its statement is put together once."""
    given = {"chunk": taken.id, "held": taken.fence, "until": now + LEASE, "bits": done, "so_far": counts}
    if not connection.execute(_keep, given).rowcount:
        raise LeaseLostError


def release(engine: Engine, taken: Claim, not_before: datetime) -> None:
    """Give a chunk back before its lease is over, for anybody from `not_before` on; nothing happens when it is lost."""
    with writing(engine) as connection:
        connection.execute(
            update(chunks)
            .where(chunks.c.id == taken.id, chunks.c.fence == taken.fence)
            .values(lease_until=not_before, not_before=not_before)
        )


def is_left_lying(connection: Connection, since: datetime) -> bool:
    """Whether there is something to send since before `since`, and nobody has had any chunk after that.

    Of a large tip the last chunks lie for as long as the others take."""
    lying = chunks.c.state == "open", chunks.c.not_before < since, chunks.c.lease_until < since
    if connection.scalar(select(chunks.c.id).where(*lying).limit(1)) is None:
        return False
    return connection.scalar(select(chunks.c.id).where(chunks.c.lease_until >= since).limit(1)) is None


def next_at(engine: Engine) -> datetime | None:
    """When the next open chunk may be claimed, as far as is known now; None when there is none."""
    later = func.max if engine.dialect.name == "sqlite" else func.greatest
    with reading(engine) as connection:
        moments = connection.execute(
            select(chunks.c.not_before, chunks.c.lease_until)
            .where(chunks.c.state == "open")
            .order_by(later(chunks.c.not_before, chunks.c.lease_until))
            .limit(1)
        ).first()
    return max(moments) if moments else None
