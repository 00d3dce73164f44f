"""The task engine and its tasks. It drives and remembers nothing that matters: the database does.

A lost task loses nothing, because the sweep, at the start and every minute, does what is due or was left lying."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.exceptions import HueyException

from pwa.config import Settings, SettingsError, read_settings
from pwa.delivery.office import Office, open_office, seconds_until
from pwa.keys import make_folder

MINUTE = 60.0
POLL = 0.5  # seconds between two looks at an empty queue; Huey's own grow to 10
THREADS = 2  # one sends tips, the other the confirmation that somebody waits for


class Tasks(NamedTuple):
    """What may be asked of the sending process; calling one puts it into the queue."""

    huey: Huey
    stopping: threading.Event
    sweep: Callable[[], Any]
    drain: Callable[[], Any]
    post: Callable[[int, str], Any]


@cache
def make_tasks(settings: Settings) -> Tasks:
    """The tasks on the queue of these settings. Raises SettingsError when the queue cannot be used."""
    huey, stopping = make_queue(settings), threading.Event()

    @cache
    def office() -> Office:
        return open_office(settings, stopping.is_set)

    @huey.periodic_task(crontab())
    def sweep() -> None:
        office().tidy()
        work(office(), tasks)

    @huey.task()
    def drain() -> None:
        work(office(), tasks)

    @huey.task(expires=MINUTE)
    def post(number: int, payload: str) -> str:
        return office().send_one(number, payload.encode()).act

    tasks = Tasks(huey, stopping, sweep, drain, post)
    return tasks


def post(settings: Settings, number: int, payload: bytes, wait: float = 0.0) -> str:
    """Ask for one message to one device: a confirmation, or a coach's test.

    What became of it after at most `wait` seconds: accepted, gone, retry … (pwa.delivery.answers), or waiting."""
    result = make_tasks(settings).post(number, payload.decode())
    if not wait:
        return "waiting"
    try:
        return str(result.get(blocking=True, timeout=wait))
    except HueyException:
        return "waiting"


def make_queue(settings: Settings) -> Huey:
    """Huey on SQLite, PostgreSQL or Redis. Raises SettingsError when it cannot be used."""
    kind, _, rest = settings.queue.partition("://")
    try:
        if kind == "sqlite":
            make_folder(settings.instance)
            # not its default of WAL, see pwa.database; a task that is lost loses nothing, so it need not be synced
            return SqliteHuey("houvast", filename=rest.removeprefix("/"), journal_mode="truncate")
        if kind == "postgresql":
            return PostgresHuey("houvast", dsn=settings.queue)
        return RedisHuey("houvast", url=settings.queue)
    except Exception as error:  # whatever the three clients raise, with the address in it
        raise SettingsError(f"The queue cannot be used ({type(error).__name__}). See HOUVAST_QUEUE.") from error


def work(office: Office, tasks: Tasks) -> None:
    """Plan and send what is due; what is due within a minute is not left to the next sweep."""
    office.plan()
    following = office.drain()
    waits = [seconds_until(at, MINUTE) for at in (following, office.next_hold())]
    if soonest := [wait for wait in waits if wait is not None]:
        tasks.drain.schedule(delay=max(min(soonest), POLL))  # type: ignore[attr-defined]


def run(settings: Settings, parent: int | None = None) -> None:
    """Work until the process is told to stop, or until `parent` has ended. SIGTERM finishes what is in flight."""
    tasks = make_tasks(settings)
    consumer = Consumer(tasks.huey, workers=THREADS, max_delay=POLL, scheduler_interval=1, graceful_signal="TERM")
    threading.Thread(target=_watch, args=(consumer, tasks.stopping, parent), daemon=True).start()
    tasks.sweep()
    consumer.run()


def _watch(consumer: Consumer, stopping: threading.Event, parent: int | None) -> None:
    """End with the parent, also when that was killed; and tell a long drain that the process must end."""
    while not consumer.stop_flag.wait(POLL):
        if parent is not None and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            break
    consumer.stop_flag.wait()
    stopping.set()


def main() -> None:
    """`python -m pwa.worker 123`: beside the server whose process has the number 123."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        run(read_settings(), int(sys.argv[1]) if len(sys.argv) > 1 else None)
    except SettingsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
