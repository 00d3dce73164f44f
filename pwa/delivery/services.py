"""How each push service is doing: may a message go there now, and what its answers change.

Kept per origin and key of ours, so that a wrong key stops nothing but itself. The rows are shared by all processes; the
counts and the bucket are this process's own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, or_, select, tuple_

from pwa.database import upsert
from pwa.delivery.answers import Verdict
from pwa.delivery.closing import PAUSE, PROBE, closed_until
from pwa.delivery.push import CONNECTIONS
from pwa.delivery.tables import push_services
from pwa.subscriptions.tables import subscriptions

log = logging.getLogger(__name__)

NEW_WIDTH = 4  # in flight to a service that has accepted nothing yet: what a wrong key costs at most
REFUSALS = 5  # of as many subscriptions in a row, and the service is stopped
MANY, SHARE = 20, 0.1  # or as many as this, when they are a tenth of all
MOST = 1000  # remembered; there are some ten, and no end of names that look like theirs
SILENCES = 5  # messages in a row without an answer, and the service is left alone: each costs the others ten seconds
PATIENCE = 30.0  # seconds, for the first time; then twice as long each time, up to the five minutes of a probe


@dataclass
class Service:
    """One origin with one key; `accepted` and `refused` count since it last changed its state.

    `reason` is of the last answer for which a message is tried again; `refusers` are the subscriptions whose last
    answer was a refusal; `silences` messages in a row had no answer, and `patience` is for how many seconds the service
    is left alone then."""

    origin: str
    key_id: str
    paused_until: datetime | None = None
    state: str = "closed"
    probe_at: datetime | None = None
    alarm: str = ""
    alarm_at: datetime | None = None
    accepted: int = 0
    refused: int = 0
    in_a_row: int = 0
    reason: str = ""
    refusers: set[int] = field(default_factory=set)
    silences: int = 0
    patience: float = PATIENCE
    in_flight: int = 0
    width: int = NEW_WIDTH
    tokens: float = 0.0
    filled: float = 0.0
    changed: bool = False


class Services:
    """All services that this process has met. `per_second` messages go to one of them at most, with as many at once."""

    def __init__(self, width: int, per_second: float, timer: Callable[[], float] = time.monotonic) -> None:
        self._width, self._per_second, self._timer = width, per_second, timer
        self._known: dict[tuple[str, str], Service] = {}

    def load(self, connection: Connection) -> None:
        """Take over what other processes found out; what this one has not saved yet stays."""
        if len(self._known) >= MOST:  # what they need to have remembered is in their rows
            self._known = {key: each for key, each in self._known.items() if each.changed or each.in_flight}
        for row in connection.execute(select(push_services)):
            service = self.of(row.origin, row.key_id)
            if not service.changed:
                if service.state == "open" and row.state == "closed":
                    service.accepted += 1  # by another process, or thread
                for name in ("paused_until", "state", "probe_at", "alarm", "alarm_at"):
                    setattr(service, name, getattr(row, name))

    def save(self, connection: Connection) -> None:
        """Write what changed, in the transaction that records the answers; saved() tells when that was kept."""
        for service in self._known.values():
            if service.changed:
                names = ("paused_until", "state", "probe_at", "alarm", "alarm_at")
                values = {name: getattr(service, name) for name in names}
                key = {"origin": service.origin, "key_id": service.key_id}
                connection.execute(upsert(connection, push_services, key, values))

    def saved(self) -> None:
        """The transaction of save() was kept; after one that was not, the same is written once more."""
        for service in self._known.values():
            service.changed = False

    def of(self, origin: str, key_id: str) -> Service:
        """The service, made when it is new."""
        key = (origin, key_id)
        if key not in self._known:
            self._known[key] = Service(origin, key_id, tokens=self._per_second, filled=self._timer())
        return self._known[key]

    def closed_until(self, service: Service, now: datetime) -> datetime | None:
        """Until when nothing goes to it, or None when something may."""
        return closed_until(service.paused_until, service.probe_at, now)

    def refusal(self, service: Service, now: datetime) -> Verdict | None:
        """What somebody is told for whom nothing goes to a closed service, or None when something may go."""
        until = self.closed_until(service, now)
        if until is None:
            return None
        act = "pause" if until == service.paused_until else "stop"
        return Verdict(act, "closed", (until - now).total_seconds())

    def room(self, service: Service) -> int:
        """How many messages may start now; one is enough to see whether a stopped or silent service works again."""
        passed = self._timer() - service.filled
        service.filled += passed
        service.tokens = min(self._per_second, service.tokens + passed * self._per_second)
        alone = service.state == "open" or service.silences >= SILENCES
        width = 1 if alone else service.width if service.accepted else NEW_WIDTH
        return min(width - service.in_flight, int(service.tokens))

    def started(self, service: Service) -> None:
        service.in_flight += 1
        service.tokens -= 1

    def answered(
        self, service: Service, verdict: Verdict, now: datetime, *, number: int, multiplexed: bool, proved: bool = True
    ) -> Verdict:
        """Count the answer for a subscription, and give what it means when one knows how others fared: a refusal is
        the subscription's own failure when the service accepted others since it last refused this one.

        A pause, too many refusals or silence close the service for a while. An address that is not `proved` may be
        anybody's invention: neither its silence nor its refusal counts."""
        service.in_flight -= 1
        # a message that waited for a connection, and not for an answer, would have its deadline run out
        service.width = self._width if multiplexed else min(self._width, CONNECTIONS)
        if verdict.act in {"retry", "pause", "stop"}:
            service.reason = verdict.reason
        if verdict.is_silence:
            if proved:
                self._silent(service, now)
            return verdict
        service.silences, service.patience = 0, PATIENCE
        if verdict.act == "accepted":
            service.accepted += 1
            service.in_a_row = 0
            service.refusers.discard(number)
            if service.state == "open":
                self._close(service)
        elif verdict.act == "pause" or (verdict.act == "retry" and verdict.wait):
            until, known = now + timedelta(seconds=verdict.wait), service.paused_until
            service.paused_until = max(until, known) if known and known <= now + PAUSE else until
            service.changed = True
        elif verdict.act == "stop" and proved:
            return self._refused(service, verdict, now, number)
        return verdict

    def _silent(self, service: Service, now: datetime) -> None:
        """A service that does not answer takes the places in flight, and its readers' next tries the time of others."""
        service.silences += 1
        if service.silences >= SILENCES and not self.closed_until(service, now):
            service.paused_until = now + timedelta(seconds=service.patience)
            service.patience = min(2 * service.patience, PROBE.total_seconds())
            service.changed = True

    def _refused(self, service: Service, verdict: Verdict, now: datetime, number: int) -> Verdict:
        """One bad subscription that is tried again and again must not stop the service for all."""
        if service.state == "closed" and service.accepted and number in service.refusers:
            return verdict if service.in_a_row else verdict._replace(act="failed")
        service.refusers.add(number)
        service.refused += 1
        service.in_a_row += 1
        share = service.refused / (service.refused + service.accepted)
        if service.state == "open" or service.in_a_row >= REFUSALS or (service.refused >= MANY and share >= SHARE):
            self._open(service, verdict, now)
        return verdict

    def forget_flight(self) -> None:
        """After a chunk was given up: what was in flight is not any more."""
        for service in self._known.values():
            service.in_flight = 0

    def _open(self, service: Service, verdict: Verdict, now: datetime) -> None:
        """Stop, and raise the alarm once; nothing is erased, because the fault is ours."""
        if service.state == "closed":
            service.alarm = f"{service.origin} refuses our messages ({verdict.reason}); see docs/push.md."
            service.alarm_at = now
            log.error("%s Nothing is erased; it is tried again at %s.", service.alarm, now + PROBE)
        service.state, service.probe_at = "open", now + PROBE
        service.accepted = service.refused = service.in_a_row = 0
        service.changed = True

    def _close(self, service: Service) -> None:
        log.warning("%s accepts our messages again.", service.origin)
        service.state, service.probe_at, service.alarm, service.alarm_at = "closed", None, "", None
        service.refused = 0
        service.changed = True


def alarms(connection: Connection) -> list[str]:
    """What a person must look at, for coaches and for the log."""
    found = select(push_services.c.alarm).where(push_services.c.alarm != "").order_by(push_services.c.alarm_at)
    return list(connection.scalars(found))


def deserted(connection: Connection) -> list[tuple[str, str]]:
    """The stopped services, by origin and key, to which no message will go: none will show that one works again.

    Only for those with an alarm are readers looked for, because there is no index to find them by."""
    address = subscriptions.c.endpoint
    there = or_(*(address.like(push_services.c.origin.concat(rest)) for rest in ("/%", ":443/%")))
    reader = exists().where(subscriptions.c.key_id == push_services.c.key_id, subscriptions.c.fault.is_(None), there)
    stopped = select(push_services.c.origin, push_services.c.key_id).where(push_services.c.alarm != "", ~reader)
    return [(row.origin, row.key_id) for row in connection.execute(stopped)]


def forget(connection: Connection, which: list[tuple[str, str]]) -> None:
    """With its alarm; should somebody come there again, it is a new service."""
    if which:
        named = tuple_(push_services.c.origin, push_services.c.key_id)
        connection.execute(delete(push_services).where(named.in_(which)))
