"""What became of the messages of a chunk: kept in memory, written in one short transaction for a hundred of them."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, select, update

from pwa.database import upsert, writing
from pwa.delivery import bits, claiming
from pwa.delivery.claiming import Claim, LeaseLostError
from pwa.delivery.runs import is_cancelled
from pwa.delivery.services import Services
from pwa.delivery.tables import chunks, outcomes, runs
from pwa.subscriptions.tables import subscriptions
from pwa.tips.tables import tips

FLUSH_COUNT = 100  # results
FLUSH_TIME = 0.25  # seconds, when there are results
RENEW_TIME = 1.5  # seconds, when there are none
SLOWEST = 60.0  # seconds between two tries

_erase = delete(subscriptions).where(
    subscriptions.c.id == bindparam("number"), subscriptions.c.endpoint_hash == bindparam("known_as")
)
_set_aside = update(subscriptions).where(subscriptions.c.id == bindparam("number")).values(fault=bindparam("why"))
_note_reached = update(subscriptions).where(subscriptions.c.id == bindparam("number"))
_note_reached = _note_reached.values(reached_on=bindparam("today"), warned_on=None, asking_until=None)


class Ledger:
    """The results of one claimed chunk. What writes raises LeaseLostError when the chunk is not ours any more."""

    def __init__(self, engine: Engine, services: Services, taken: Claim, now: Callable[[], datetime]) -> None:
        self._engine, self._services, self._taken, self._now = engine, services, taken, now
        self.ids = bits.unpack(taken.ids)
        self._done = bytearray(taken.done)
        self._counts: Counter[str] = Counter(json.loads(taken.counts))
        self._again: dict[int, tuple[float, str]] = {}  # subscription → seconds that it must wait at least, and why
        self._gone: list[dict[str, Any]] = []
        self._faults: list[dict[str, Any]] = []
        self._reached: list[dict[str, Any]] = []
        self._unwritten = 0
        self._written_at = self._looked_at = time.monotonic()
        self.cancelled = False  # as found by the last flush

    def to_do(self) -> dict[int, int]:
        """The subscriptions that are still to do, with their places."""
        return bits.not_done(self.ids, self._done)

    def settle(self, place: int, outcome: str = "", reason: str = "") -> None:
        """Nothing more to do for a place. Without an outcome it is not counted: the reader stopped or muted."""
        bits.set_bit(self._done, place)
        if outcome:
            self._counts[f"{outcome} {reason}".rstrip()] += 1
        self._unwritten += 1

    def erase(self, place: int, number: int, endpoint_hash: bytes, reason: str) -> None:
        """A subscription that is gone; one that got a new address in the meantime stays."""
        self._gone.append({"number": number, "known_as": endpoint_hash})
        self.settle(place, "expired", reason)

    def set_aside(self, place: int, number: int, why: str) -> None:
        """A row that cannot be sent to is its own failure, and is left out from now on."""
        self._faults.append({"number": number, "why": why})
        self.settle(place, "failed", why)

    def reach(self, number: int) -> None:
        """A tip got through to a device that was not opened lately: so it is not forgotten."""
        self._reached.append({"number": number, "today": self._now().date()})

    def try_again(self, number: int, wait: float, reason: str) -> None:
        """Not done: it goes into the one chunk that follows. The reason is told when that would be too late."""
        self._again[number] = wait, reason
        self._unwritten += 1

    def give_up(self, reason: str) -> None:
        """Nothing more is sent: whoever is still to do failed for this reason, also who was to be tried again."""
        self._again.clear()
        for place in self.to_do().values():
            self.settle(place, "failed", reason)

    def flush_if_due(self) -> None:
        """Write when there is enough to write, or when the lease needs it; and see whether the tip was taken back."""
        passed = time.monotonic() - self._written_at
        if self._unwritten >= FLUSH_COUNT or passed >= (FLUSH_TIME if self._unwritten else RENEW_TIME):
            with writing(self._engine) as connection:
                claiming.keep(connection, self._taken, self._now(), **self._state())
                self._write(connection)
                self._look(connection)
            self._written()

    def pause(self) -> None:
        """Write what is known and give the chunk back for anybody to go on with."""
        now = self._now()
        with writing(self._engine) as connection:
            claiming.renew(connection, self._taken, now, **self._state())
            self._write(connection)
        self._written()
        claiming.release(self._engine, self._taken, now)

    def finish(self, fresh_until: datetime) -> None:
        """Close the chunk: what must be tried again goes into one new chunk, the counts to the totals of the day."""
        now = self._now()
        with writing(self._engine) as connection:
            run = connection.execute(  # the lock makes one of two last chunks see that it is the last
                select(runs).where(runs.c.id == self._taken.run_id).with_for_update()
            ).first()
            if run is None:  # its group was deleted, and this chunk with it
                raise LeaseLostError
            if self._again and is_cancelled(connection, run.id):  # since the last flush looked
                self.give_up("cancelled")
            follows = self._follow(connection, now, fresh_until)
            claiming.renew(connection, self._taken, now, **(self._state() | {"state": "done", "ids": b"", "done": b""}))
            self._write(connection)
            _add_up(connection, run, self._counts)
            if not follows:
                _close_run(connection, run.id, now)
        self._written()

    def _state(self) -> dict[str, Any]:
        return {"done": bytes(self._done), "counts": json.dumps(self._counts)}

    def _write(self, connection: Connection) -> None:
        if self._gone:
            connection.execute(_erase, self._gone)
        if self._faults:
            connection.execute(_set_aside, self._faults)
        if self._reached:
            connection.execute(_note_reached, self._reached)
        self._services.save(connection)

    def _look(self, connection: Connection) -> None:
        """What others wrote in the meantime, four times a second at most: how the services do, and a tip taken back."""
        if time.monotonic() - self._looked_at >= FLUSH_TIME:
            self._looked_at = time.monotonic()
            self._services.load(connection)
            self.cancelled = is_cancelled(connection, self._taken.run_id)

    def _written(self) -> None:
        self._services.saved()
        self._gone, self._faults, self._reached = [], [], []
        self._unwritten, self._written_at = 0, time.monotonic()

    def _follow(self, connection: Connection, now: datetime, fresh_until: datetime) -> bool:
        """Write the chunk that follows; what could only be sent when the tip is stale is given up here."""
        attempt = self._taken.attempt + 1
        least = min(SLOWEST, 2.0**attempt) * random.uniform(0.5, 1.5)  # noqa: S311  (spreads the load)
        left = {number: max(least, wait) for number, (wait, _) in self._again.items()}
        in_time = sorted(number for number, wait in left.items() if now + timedelta(seconds=wait) < fresh_until)
        self._counts.update(f"failed {self._again[number][1]}" for number in left.keys() - set(in_time))
        if not in_time:
            return False
        run_id, size = self._taken.run_id, len(in_time)
        last = connection.scalar(select(func.max(chunks.c.number)).where(chunks.c.run_id == run_id)) or 0
        starts = now + timedelta(seconds=min(left[number] for number in in_time))
        connection.execute(
            chunks.insert().values(
                run_id=run_id, number=last + 1, attempt=attempt, ids=bits.pack(in_time), size=size,
                done=bytes(bits.no_bits(size)), lease_until=now, not_before=starts,
            )
        )  # fmt: skip
        return True


def close_stale(engine: Engine, taken: Claim, now: datetime) -> bool:
    """Close a chunk that cannot be sent: what is left of it failed. False, and nothing is done, while its run has time.

    Raises LeaseLostError when the chunk is not ours any more."""
    with writing(engine) as connection:
        run = connection.execute(select(runs).where(runs.c.id == taken.run_id).with_for_update()).first()
        if run is None or now < run.fresh_until:
            return False
        chunk = connection.execute(select(chunks).where(chunks.c.id == taken.id)).one()
        counts: Counter[str] = Counter()
        with suppress(ValueError, TypeError):  # it may be this that is broken
            counts.update(json.loads(chunk.counts))
        counts["failed too-late"] += max(0, chunk.size - int.from_bytes(chunk.done, "little").bit_count())
        claiming.renew(connection, taken, now, state="done", ids=b"", done=b"", counts=json.dumps(counts))
        _add_up(connection, run, counts)
        _close_run(connection, run.id, now)
    return True


def _add_up(connection: Connection, run: Any, counts: Counter[str]) -> None:
    group_id = connection.scalar(select(tips.c.group_id).where(tips.c.id == run.tip_id))
    for key, total in sorted(counts.items()):  # sorted: two workers lock the totals in one order
        outcome, _, reason = key.partition(" ")
        which = {"date": run.date, "group_id": group_id, "tip_id": run.tip_id, "outcome": outcome, "reason": reason}
        connection.execute(upsert(connection, outcomes, which, {"total": total}, add=True))


def _close_run(connection: Connection, run_id: int, now: datetime) -> None:
    """With its last chunk."""
    left = select(chunks.c.id).where(chunks.c.run_id == run_id, chunks.c.state == "open").exists()
    connection.execute(update(runs).where(runs.c.id == run_id, ~left).values(state="done", done_at=now))
