"""Claim a chunk, send its messages, record what became of them; again until nothing is due."""

from __future__ import annotations

import logging
import random
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, exists, select

from pwa import clock
from pwa.database import reading
from pwa.delivery import claiming
from pwa.delivery.answers import Answer, judge
from pwa.delivery.claiming import Claim, LeaseLostError
from pwa.delivery.push import Letter, Sender
from pwa.delivery.recording import Ledger, close_stale
from pwa.delivery.runs import Run, is_cancelled, load_run
from pwa.delivery.services import Service, Services
from pwa.delivery.vapid import Keys
from pwa.subscriptions.endpoints import EndpointError, check
from pwa.subscriptions.keeping import NOTED
from pwa.subscriptions.tables import subscription_groups, subscriptions

log = logging.getLogger(__name__)

TICK = 0.1  # seconds of waiting for answers before looking around
BATCH = 8  # messages encrypted between two looks at the network, a millisecond and a half
AFTER_A_FAILURE = timedelta(minutes=1)
_NAMES = ("id", "endpoint", "endpoint_hash", "p256dh", "auth", "key_id", "language", "muted_until", "fault",
          "seen_on", "reached_on")  # fmt: skip
_COLUMNS = [subscriptions.c[name] for name in _NAMES]


def never() -> bool:
    return False


class Courier:
    """Sends what is due, for one thread. `owner` names it in the table; `stop` says that the process must end;
    `breath` is how many seconds it sleeps after each batch, for others to get the processor; `rest_until`: nothing is
    claimed before, because what was sent could not be written down."""

    def __init__(
        self, engine: Engine, sender: Sender, keys: Keys, services: Services, *, url: str, owner: str,
        stop: Callable[[], bool] = never, now: Callable[[], datetime] = clock.now, breath: float = 0.0,
    ) -> None:  # fmt: skip
        self.engine, self.sender, self.keys, self.services = engine, sender, keys, services
        self.url, self.owner, self.stop, self.now, self.breath = url, owner, stop, now, breath
        self.rest_until: datetime | None = None

    def drain(self) -> datetime | None:
        """Send all that is due, and say when there is more to do; None when there is nothing left."""
        while not self.stop():
            if self._rests():
                return self.rest_until
            taken = claiming.claim(self.engine, self.owner, self.now())
            if taken is None:
                break
            self._guarded(taken)
        return claiming.next_at(self.engine)

    def _guarded(self, taken: Claim) -> None:
        """One chunk that cannot be sent must not keep the others, nor be tried in a circle."""
        try:
            Delivery(self, taken).run()
        except LeaseLostError:
            log.warning("Chunk %s went to another process.", taken.id)
        except Exception:
            log.exception("Chunk %s could not be sent; it is tried again in a minute.", taken.id)
            self._put_back(taken, self.now())
        finally:
            self.sender.abandon()
            self.services.forget_flight()

    def _put_back(self, taken: Claim, now: datetime) -> None:
        """For a minute, or for good when its time is over. On a full disk neither can be written: then this process
        remembers it."""
        with suppress(Exception):  # what made it fail may make this fail, and was told
            if close_stale(self.engine, taken, now):
                return
        try:
            claiming.release(self.engine, taken, now + AFTER_A_FAILURE)
        except Exception:
            log.exception("Chunk %s could not be given back; nothing is sent for a minute.", taken.id)
            self.rest_until = now + AFTER_A_FAILURE

    def _rests(self) -> bool:
        now = self.now()
        return self.rest_until is not None and now < self.rest_until <= now + AFTER_A_FAILURE


@dataclass
class Queue:
    """The messages for one push service, and the headers that they share while their `ttl` is the same."""

    service: Service
    authorization: str
    rows: deque[tuple[int, Row[Any]]] = field(default_factory=deque)
    ttl: int = 0
    headers: list[str] = field(default_factory=list)


class Delivery:
    """One claimed chunk on its way out."""

    def __init__(self, courier: Courier, taken: Claim) -> None:
        self._courier, self._taken = courier, taken
        self._ledger = Ledger(courier.engine, courier.services, taken, courier.now)
        self._flying: dict[int, tuple[int, Row[Any], Service]] = {}
        self._queues: list[Queue] = []
        self._lately = (courier.now() - NOTED).date()

    def run(self) -> None:
        """Send, record, close. Raises LeaseLostError when another process took over."""
        courier = self._courier
        with reading(courier.engine) as connection:
            run = load_run(connection, self._taken.run_id, courier.url)
            courier.services.load(connection)
            cancelled = is_cancelled(connection, run.id)
        if cancelled or courier.now() >= run.fresh_until:
            self._ledger.give_up("cancelled" if cancelled else "too-late")
        else:
            self._queues = self._sorted(run)
            self._send(run)
        if courier.stop() and self._ledger.to_do():
            self._ledger.pause()
        else:
            self._ledger.finish(run.fresh_until)

    def _sorted(self, run: Run) -> list[Queue]:
        """What is to do, by push service; a row that cannot be used is settled here."""
        courier, to_do = self._courier, self._ledger.to_do()
        with reading(courier.engine) as connection:
            rows = connection.execute(_still_readers(run, list(to_do))).all()
        queues: dict[tuple[str, str], Queue] = {}
        for row in rows:
            place = to_do.pop(row.id)
            if row.fault or (row.muted_until and row.muted_until > courier.now()):
                self._ledger.settle(place)
                continue
            try:
                key = check(row.endpoint), row.key_id
                if key not in queues:
                    authorization = courier.keys.authorization(*key)
                    queues[key] = Queue(courier.services.of(*key), authorization)
            except EndpointError:
                self._ledger.set_aside(place, row.id, "endpoint")
            except KeyError:  # a key of ours that is lost: the app takes a new one when it is opened
                self._ledger.settle(place, "failed", "unknown-key")
            else:
                queues[key].rows.append((place, row))
        for place in to_do.values():  # stopped, left the group or chose other days since it was planned
            self._ledger.settle(place)
        for queue in queues.values():
            if queue.service.state == "open":
                _shuffle(queue)
        return list(queues.values())

    def _send(self, run: Run) -> None:
        courier, sender = self._courier, self._courier.sender
        while self._queues or self._flying:
            if courier.stop() or courier.now() >= run.fresh_until:
                self._put_off()
            started = self._start(run)
            if courier.breath:
                time.sleep(courier.breath)
            for number, answer in sender.finished(0 if started else TICK):
                self._settle(number, answer)
            self._ledger.flush_if_due()
            if self._ledger.cancelled:
                self._queues.clear()  # what is in flight is waited for: it was sent
        if self._ledger.cancelled:
            self._ledger.give_up("cancelled")

    def _start(self, run: Run) -> bool:
        """Begin a few messages, in turn over the services that have room; False when none has."""
        now, started = self._courier.now(), 0
        ttl = run.ttl(now)
        for queue in list(self._queues):
            until = self._courier.services.closed_until(queue.service, now)
            if until:
                self._close(queue, (until - now).total_seconds())
                continue
            room = min(self._courier.services.room(queue.service), BATCH, len(queue.rows))
            room = min(room, self._courier.sender.width - self._courier.sender.in_flight)
            if queue.ttl != ttl:  # within four hours of the quiet hours, once a second
                queue.ttl, queue.headers = ttl, run.headers(queue.authorization, ttl)
            for _ in range(room):
                started += self._start_one(run, queue, *queue.rows.popleft())
            if not queue.rows:
                self._queues.remove(queue)
        return bool(started)

    def _start_one(self, run: Run, queue: Queue, place: int, row: Row[Any]) -> bool:
        letter = Letter(row.id, row.endpoint, row.p256dh, row.auth, queue.headers, run.payload(row.language))
        try:
            self._courier.sender.start(letter)
        except ValueError:  # of encrypt(), as an EndpointError is
            log.warning("Subscription %s has keys that are none; it is left out.", row.id)
            self._ledger.set_aside(place, row.id, "bad-key")
            return False
        except Exception as error:  # noqa: BLE001  (a fault of our own, which may pass: nobody is left out for it)
            log.warning("A message to subscription %s could not be begun (%s).", row.id, type(error).__name__)
            self._ledger.try_again(row.id, 0.0, "our-fault")
            return False
        self._courier.services.started(queue.service)
        self._flying[row.id] = (place, row, queue.service)
        return True

    def _settle(self, number: int, answer: Answer) -> None:
        place, row, service = self._flying.pop(number)
        verdict = judge(answer, older_key=row.key_id != self._courier.keys.present)
        verdict = self._courier.services.answered(
            service, verdict, self._courier.now(), number=number, multiplexed=answer.multiplexed
        )
        if verdict.act == "accepted":
            self._ledger.settle(place, "accepted")
            if (row.reached_on or row.seen_on) < self._lately:
                self._ledger.reach(number)
        elif verdict.act == "gone":
            self._ledger.erase(place, number, row.endpoint_hash, verdict.reason)
        elif verdict.act == "failed":
            self._ledger.settle(place, "failed", verdict.reason)
        else:  # retry, pause, stop: not lost
            self._ledger.try_again(number, verdict.wait, verdict.reason)

    def _close(self, queue: Queue, wait: float) -> None:
        """A service that is closed for now: its messages wait for the chunk that follows."""
        for _, row in queue.rows:
            self._ledger.try_again(row.id, wait, queue.service.reason or "too-late")
        self._queues.remove(queue)

    def _put_off(self) -> None:
        """Start nothing more. On the way to the end of the process the rest stays open for the next one."""
        if not self._courier.stop():
            for queue in self._queues:
                for place, _ in queue.rows:
                    self._ledger.settle(place, "failed", "too-late")
        self._queues.clear()


def _still_readers(run: Run, numbers: list[int]) -> Any:
    """The rows of those who are in the group, on the weekday of the run; a correction goes to whoever got the tip."""
    member = exists().where(
        subscription_groups.c.subscription_id == subscriptions.c.id, subscription_groups.c.group_id == run.group_id
    )
    found = select(*_COLUMNS).where(subscriptions.c.id.in_(numbers), member)
    return found if run.weekday is None else found.where(subscriptions.c.days.bitwise_and(1 << run.weekday) != 0)


def _shuffle(queue: Queue) -> None:
    """Of a stopped service another one shows each time whether it works again, who was refused before last of all."""
    rows = list(queue.rows)
    random.shuffle(rows)
    queue.rows = deque(sorted(rows, key=lambda each: each[1].id in queue.service.refusers))
