"""Sending processes killed two hundred times, an emptied queue, a wrong key, a service that fails, eight planners."""

from __future__ import annotations

import argparse
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from bench.rows import Row
from pwa.config import read_settings
from pwa.database import make_engine, reading, writing
from pwa.delivery.planning import plan_due
from pwa.delivery.push import WIDTH
from pwa.delivery.recording import FLUSH_COUNT
from pwa.delivery.services import alarms
from pwa.delivery.tables import chunks, runs
from pwa.delivery.vapid import load_keys
from pwa.groups.tables import groups
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.tips.tables import tips
from pwa.worker import make_tasks
from tests.support.killing import kill_again_and_again
from tests.support.postgres import Postgres
from tests.support.push.process import Push
from tests.support.school import BEFORE, CONTENT, URL, Hands, School, database, make_tables, new_key
from tests.support.worker import ready, running, until

KILLS, READERS = 200, 80_000
PLANNERS, DAYS = 8, 365
ZONES = ("Europe/Amsterdam", "Europe/Lisbon")
FIRST = date(2026, 8, 1)  # a year with both changes of the clock


def measure(options: argparse.Namespace) -> Iterator[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        push = Push(folder)
        stack.callback(push.stop)
        postgres = Postgres()
        stack.callback(postgres.stop)
        for kind in ("SQLite", "PostgreSQL"):
            def new(kind: str = kind) -> str:
                return postgres.url() if kind == "PostgreSQL" else database(_new_folder(folder))

            yield from _killed(kind, new, push, folder, KILLS // 10 if options.small else KILLS)
            yield _emptied(kind, new, push, folder)
            yield _planners(kind, new, options.rounds or (10 if options.small else DAYS))
        yield _wrong_key(database(_new_folder(folder)), push)
        yield _failing(database(_new_folder(folder)), push)


def _killed(kind: str, new: Callable[[], str], push: Push, folder: Path, most_kills: int) -> Iterator[Row]:
    for how, most in ((signal.SIGKILL, WIDTH + FLUSH_COUNT), (signal.SIGTERM, 0)):
        kills = most_kills if how == signal.SIGKILL else most_kills // 10
        with prepared(new(), push) as school:
            killed = kill_again_and_again(school, push, folder, how, readers=READERS * kills // KILLS, kills=kills,
                                          seconds=0.4)
        each = killed.twice / killed.kills
        measured = f"{killed.kills} times: {killed.lost} lost, {killed.twice} twice ({each:.1f} each)"
        yield Row(f"{how.name} at random moments, two processes, {kind}", measured,
                  f"{kills} times: 0 lost, ≤ {most} twice each",
                  killed.kills >= 0.9 * kills and killed.lost == 0 and killed.twice <= most * kills)


def _emptied(kind: str, new: Callable[[], str], push: Push, folder: Path) -> Row:
    at = _new_folder(folder)
    with prepared(new(), push) as school:
        url = school.engine.url.render_as_string(hide_password=False)
        environment = {"HOUVAST_INSTANCE": str(at), "HOUVAST_DATABASE_URL": url, "HOUVAST_PUSH_PROXY": push.proxy,
                       "HOUVAST_PUSH_CA_FILE": push.cert, "HOUVAST_URL": URL}
        if kind == "PostgreSQL":
            environment["HOUVAST_QUEUE"] = url
        settings = read_settings(environment)
        school.keys = load_keys(settings.instance, settings.contact)
        ready(school, 1100)
        with writing(school.engine) as connection:
            later = datetime.now(UTC) + timedelta(seconds=15)
            connection.execute(chunks.update().where(chunks.c.number == 2).values(not_before=later))
        with running(environment):
            assert until(lambda: push.report()["accepted"] == 1000)
            huey = make_tasks(settings).huey
            assert until(huey.scheduled)  # the task that is to wake it for the rest
            huey.storage.flush_all()
            wiped = time.monotonic()
            done = until(lambda: school.totals() == {"accepted": 1100}, 120)
            took = time.monotonic() - wiped
            huey.storage.close()
    measured = f"after {took:.0f} s" if done else "never"
    return Row(f"queue emptied while a tip goes out, {kind}: complete by itself", measured,
               "≤ 60 s", done and took <= 60)


def _planners(kind: str, new: Callable[[], str], days: int) -> Row:
    """A tip a day and school, three moments each; every planner is called at each of the moments and in between."""
    with prepared(new()) as school:
        _year(school, days)
        url = school.engine.url.render_as_string(hide_password=False)
        failures: list[BaseException] = []
        threads = [threading.Thread(target=_plan_a_year, args=(url, days, failures)) for _ in range(PLANNERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with reading(school.engine) as connection:
            found = connection.execute(
                select(runs, groups.c.timezone).join(tips, tips.c.id == runs.c.tip_id)
                .join(groups, groups.c.id == tips.c.group_id)).all()
    once = {(run.tip_id, run.moment, run.date) for run in found}
    clocks = {(run.moment, f"{run.due_at.astimezone(ZoneInfo(run.timezone)):%H:%M}") for run in found}
    exact = len(found) == len(once) == days * len(ZONES) * 3 and not failures
    exact = exact and {run.state for run in found} == {"open", "skipped"}  # on weekends it is skipped
    return Row(f"{PLANNERS} planners × {days} days × {len(ZONES)} zones with both clock changes, {kind}",
               f"{len(found)} runs, {len(once)} different; local times {', '.join(sorted(time for _, time in clocks))}",
               f"{days * len(ZONES) * 3} runs, each once, at 3 local times", exact and len(clocks) == 3)


def _year(school: School, days: int) -> None:
    with writing(school.engine) as connection:
        connection.execute(groups.update().values(timezone=ZONES[0], country=""))
    others = [school.group(name=zone, timezone=zone, country="") for zone in ZONES[1:]]
    point = b"\4" + bytes(64)
    for number, (group, moment) in enumerate(
            (group, moment) for group in (school.group_id, *others) for moment in ("before", "after", "evening")):
        row = school.row(f"https://fcm.googleapis.com/fcm/send/{number}", point, bytes(16))
        with writing(school.engine) as connection:
            made = connection.scalar(subscriptions.insert().values(row | {"moment": moment, "days": 127}).returning(
                subscriptions.c.id))
            connection.execute(subscription_groups.insert().values(group_id=group, subscription_id=made))
    for offset in range(days):
        for group in (school.group_id, *others):
            school.tip(group_id=group, date=FIRST + timedelta(days=offset))


def _plan_a_year(url: str, days: int, failures: list[BaseException]) -> None:
    engine = make_engine(url)
    try:
        for at in _moments(days):
            plan_due(engine, CONTENT, at, 0.0)
    except BaseException as error:  # noqa: BLE001  (a thread's failure must be seen)
        failures.append(error)
    finally:
        engine.dispose()


def _moments(days: int) -> list[datetime]:
    """Every quarter of an hour at which something may be due in one of the zones."""
    return [
        datetime(FIRST.year, FIRST.month, FIRST.day, hour, 50, tzinfo=UTC) + timedelta(days=offset)
        for offset in range(days) for hour in (5, 6, 7, 13, 14, 15, 17, 18, 19)
    ]


def _wrong_key(url: str, push: Push) -> Row:
    with prepared(url, push) as school:
        school.readers(10_000, same=True)
        number, key = new_key()
        school.keys.private, school.keys.present = {number: key}, number
        school.change(subscriptions, key_id=number)
        school.tip()
        school.plan()
        school.drain()
        sent, left = push.report()["requests"], school.count()
        with reading(school.engine) as connection:
            raised = alarms(connection)
    return Row("wrong key, 10000 subscriptions", f"{10_000 - left} erased, stopped after {sent}, alarm: {raised[:1]}",
               "0 erased, ≤ 20 sent, an alarm", left == 10_000 and sent <= 20 and bool(raised))


def _failing(url: str, push: Push) -> Row:
    """The clock of the engine is moved to what is due next, so ten minutes take less."""
    with prepared(url, push) as school:
        assert isinstance(school.clock, Hands)
        endpoints = school.readers(2000, plan="flaky;p=0.3;status=503", same=True)
        tries = 0
        for number in range(10):  # a tip in each of ten minutes
            school.clock.to(BEFORE + timedelta(minutes=number))
            school.tip(moments="now", held_until=school.clock(), corrects_id=1 if number else None, batch="one")
            school.plan()
            school.drain_all()
            tries += 1
        came = [len(push.messages(endpoint)) for endpoint in endpoints[:100]]
        totals, left = school.totals(), school.count()
    wanted = {"accepted": 2000 * tries}
    return Row("30 % answers of 503 for ten minutes, 10 × 2000 messages (the engine's clock is moved)",
               f"{wanted['accepted'] - totals.get('accepted', 0)} lost, {2000 - left} erased", "0 lost, 0 erased",
               totals == wanted and left == 2000 and set(came) == {tries})


@contextmanager
def prepared(url: str, push: Push | None = None) -> Iterator[School]:
    """A school in a new database, and a push service that remembers nothing."""
    engine: Engine = make_engine(url)
    with writing(engine) as connection:
        make_tables(connection)
    if push:
        push.reset()
    yield School(engine, push)
    engine.dispose()


def _new_folder(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))
