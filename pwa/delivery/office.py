"""What a sending process holds: the database, our keys, and for each thread a sender of its own."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine, and_, delete, func, select
from sqlalchemy.exc import DatabaseError

from pwa import clock
from pwa.coaches import phones, sweeping
from pwa.config import Settings, SettingsError
from pwa.database import make_engine, reading, writing
from pwa.delivery.answers import Answer, Verdict, judge
from pwa.delivery.message import TTL_WELCOME
from pwa.delivery.planning import plan_due
from pwa.delivery.push import Letter, Sender
from pwa.delivery.runs import common_headers
from pwa.delivery.sending import Courier, never
from pwa.delivery.services import Service, Services, deserted, forget
from pwa.delivery.tables import chunks, runs
from pwa.delivery.vapid import Keys, load_keys
from pwa.subscriptions import keeping
from pwa.subscriptions.endpoints import check
from pwa.subscriptions.tables import subscriptions
from pwa.tips.tables import tips

log = logging.getLogger(__name__)

MEMORY = timedelta(days=30)  # that chunks are kept after their run


@dataclass
class Office:
    """Made once for a process by open_office(); `stop` and `breath` are as for a Courier."""

    settings: Settings
    engine: Engine
    keys: Keys
    stop: Callable[[], bool] = never
    breath: float = 0.0
    _own: threading.local = field(default_factory=threading.local)
    _asked: threading.Event = field(default_factory=threading.Event)
    _draining: threading.Lock = field(default_factory=threading.Lock)
    _rest_until: datetime | None = None  # as for a Courier: each thread has its own

    def plan(self) -> int:
        """Write what is due; how many readers it is for."""
        return plan_due(self.engine, self.settings.content, clock.now(), self.settings.push_spread)

    def drain(self) -> datetime | None:
        """Send what is due, and say when there is more to do. One thread does it for all that ask."""
        following = None
        self._asked.set()
        while self._asked.is_set() and self._draining.acquire(blocking=False):
            try:
                self._asked.clear()
                courier = self._courier()
                courier.rest_until = self._rest_until
                following = courier.drain()
                self._rest_until = courier.rest_until
            finally:
                self._draining.release()
        return following

    def tidy(self) -> None:
        """Erase what has had its time: unproved subscriptions, silent readers, old chunks, alarms for nobody, and
        deeds, sessions and invitations of coaches."""
        now = clock.now()
        with reading(self.engine) as connection:  # which may take long, and keeps nobody from writing
            without_readers = deserted(connection)
        with writing(self.engine) as connection:
            keeping.sweep(connection, now)
            sweeping.sweep(connection, now)
            old = select(runs.c.id).where(runs.c.done_at < now - MEMORY)
            connection.execute(delete(chunks).where(chunks.c.run_id.in_(old)))
            forget(connection, without_readers)

    def next_hold(self) -> datetime | None:
        """When the first hold is over, or None when nothing is held."""
        with reading(self.engine) as connection:
            return connection.scalar(select(func.min(tips.c.held_until)).where(tips.c.state == "held"))

    def send_one(self, number: int, payload: bytes, ttl: int = TTL_WELCOME, urgency: str = "high") -> Verdict:
        """One message to one device at once: a confirmation, or a coach's test. A device that is gone is erased.

        Nothing goes to a push service that is stopped or asked for a pause. Raises LookupError when there is no such
        subscription."""
        services = self._services()
        with reading(self.engine) as connection:
            row = connection.execute(select(subscriptions).where(subscriptions.c.id == number)).first()
            services.load(connection)
        if row is None:
            raise LookupError(f"There is no subscription {number}.")
        origin = check(row.endpoint)
        service = services.of(origin, row.key_id)
        if closed := services.refusal(service, clock.now()):
            return closed
        try:
            authorization = self.keys.authorization(origin, row.key_id)
        except KeyError:  # a key of ours that is lost: the app takes a new one when it is opened
            return Verdict("failed", "unknown-key")
        headers = common_headers(authorization, ttl, urgency)
        answer = self._post(Letter(number, row.endpoint, row.p256dh, row.auth, headers, payload), service)
        verdict = judge(answer, older_key=row.key_id != self.keys.present)
        services.answered(
            service, verdict, clock.now(), number=number, multiplexed=answer.multiplexed,
            proved=row.confirmed_at is not None,
        )  # fmt: skip
        if verdict.act == "stop":
            log.warning("%s refuses a message (%s).", origin, verdict.reason)
        if service.changed:
            with writing(self.engine) as connection:
                services.save(connection)
            services.saved()
        if verdict.act == "gone":
            with writing(self.engine) as connection:
                same = and_(subscriptions.c.id == number, subscriptions.c.endpoint_hash == row.endpoint_hash)
                connection.execute(delete(subscriptions).where(same))  # it may have a new address by now
        return verdict

    def _post(self, letter: Letter, service: Service) -> Answer:
        sender = self._sender()
        sender.start(letter)
        self._services().started(service)
        answers = sender.finished(1.0)
        while not answers:
            answers = sender.finished(1.0)
        return answers[0][1]

    def send_welcome(self, number: int, payload: bytes, pause: float) -> float | None:
        """Send a confirmation; after how many seconds, `pause` at least, it is to be sent again. None: it need not
        be, or would come too late to prove anything. Raises LookupError for a device that has stopped meanwhile."""
        verdict = self.send_one(number, payload)
        if verdict.act not in {"retry", "pause", "stop"}:
            return None
        wait = max(verdict.wait, pause)
        nonce = json.loads(payload)["notification"]["data"]["nonce"]
        with reading(self.engine) as connection:
            there = keeping.waits_for(connection, number, nonce, clock.now() + timedelta(seconds=wait))
        return wait if there else None

    def send_trial(self, test: int, number: int, payload: bytes) -> None:
        """A coach's test on the own phone; what became of it is kept for the coach to see."""
        try:
            verdict = self.send_one(number, payload)
        except LookupError:
            verdict = Verdict("gone", "stopped")
        with writing(self.engine) as connection:
            phones.answered(connection, test, verdict.act, verdict.reason)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _courier(self) -> Courier:
        owner = f"{socket.gethostname()[:40]} {os.getpid()} {threading.get_ident()}"
        return Courier(
            self.engine, self._sender(), self.keys, self._services(), url=self.settings.url, owner=owner,
            stop=self.stop, breath=self.breath,
        )  # fmt: skip

    def _services(self) -> Services:
        if not hasattr(self._own, "services"):
            self._own.services = Services(self._sender().width, self.settings.push_rate)
        return self._own.services

    def _sender(self) -> Sender:
        """libcurl's handles belong to the thread that made them."""
        if not hasattr(self._own, "sender"):
            self._own.sender = Sender(proxy=self.settings.push_proxy, ca_file=self.settings.push_ca_file)
        return self._own.sender


def open_office(settings: Settings, stop: Callable[[], bool] = never) -> Office:
    """Raises SettingsError when the keys or the database cannot be used."""
    engine = make_engine(settings.database_url)
    try:
        with reading(engine) as connection:
            connection.execute(select(runs.c.id).limit(1))
    except DatabaseError as error:
        engine.dispose()
        raise SettingsError("The database is not there or not usable; `flask database upgrade` makes one.") from error
    return Office(settings, engine, load_keys(settings.instance, settings.contact), stop)


def seconds_until(at: datetime | None, most: float) -> float | None:
    """How long it is until a moment, 0 when it has passed; None when there is none, or one later than `most`."""
    wait = (at - clock.now()).total_seconds() if at else most + 1
    return max(wait, 0.0) if wait <= most else None
