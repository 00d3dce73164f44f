"""The task engine and its tasks. It drives and remembers nothing that matters: the database does.

A lost task loses nothing: at the start and every quarter of a minute what is due, or was left lying, is done anyway."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from pwa.briefings.keeping import erase_expired
from pwa.clock import now
from pwa.config import Settings, SettingsError, read_settings
from pwa.delivery.office import Office, open_office, seconds_until
from pwa.delivery.silence import ask_the_silent
from pwa.instance import hold
from pwa.keys import make_folder, make_private, secret_key
from pwa.logs import set_up

log = logging.getLogger(__name__)

MINUTE = 60.0
PAUSE = 4.0  # seconds before a confirmation is tried again, doubled each time up to a minute
POLL = 0.5  # seconds between two looks at an empty queue; Huey's own grow to 10
THREADS = 4  # one sends tips, the others the confirmations that somebody waits for
LOOK = 15.0  # seconds after which what is due is done, should the queue have been emptied
PATIENCE = 14.0  # seconds that a stop may take; a message in flight has an answer, or none, within ten
COURTESY = 10  # how far a process beside the server steps back for it, as nice(1) counts
BREATH = 0.0001  # seconds that it sleeps after each batch: a sixth fewer messages a second, and pages wait less


class Tasks(NamedTuple):
    """What may be asked of the sending process; calling one of the last four puts it into the queue."""

    huey: Huey
    stopping: threading.Event
    office: Callable[[], Office]
    sweep: Callable[[], Any]
    drain: Any
    send: Any
    trial: Callable[[int, int, str], Any]


@cache
def make_tasks(settings: Settings) -> Tasks:
    """The tasks on the queue of these settings. Raises SettingsError when the queue cannot be used."""
    huey, stopping = make_queue(settings), threading.Event()

    @cache
    def office() -> Office:
        return open_office(settings, stopping.is_set)

    def sweep() -> None:
        office().tidy()
        erase_expired(office().engine, int(now().timestamp()))
        work(office(), tasks.drain)
        ask_the_silent(office())

    def drain() -> None:
        work(office(), tasks.drain)

    def send(number: int, payload: str, pause: float = PAUSE) -> None:
        wait = office().send_welcome(number, payload.encode(), pause)
        if wait is not None:
            again = number, payload, min(2 * pause, MINUTE)
            tasks.send.schedule(again, delay=wait, expires=wait + MINUTE)

    def trial(test: int, number: int, payload: str) -> None:
        office().send_trial(test, number, payload.encode())

    periodic, task, short = huey.periodic_task(crontab()), huey.task(), huey.task(expires=MINUTE)
    tasks = Tasks(huey, stopping, office, periodic(sweep), task(drain), short(send), short(trial))
    return tasks


def post(settings: Settings, number: int, payload: bytes) -> None:
    """Ask for a message to one device at once: a confirmation. One that nobody could send within a minute is not;
    one that the push service did not take now is tried again while there is something to prove."""
    make_tasks(settings).send(number, payload.decode())


def make_queue(settings: Settings) -> Huey:
    """Huey on SQLite, PostgreSQL or Redis. Raises SettingsError when it cannot be used."""
    kind, _, rest = settings.queue.partition("://")
    # what is read from the queue is unpickled, so nothing is read that we have not signed
    ours = {"serializer": SignedSerializer(settings.secret_key or secret_key(settings.instance)),
            "results": False}  # nobody asks for them, and those of failed tasks would stay for ever
    try:
        if kind == "sqlite":
            make_folder(settings.instance)
            # not its default of WAL, see pwa.database; a task that is lost loses nothing, so it need not be synced
            return SqliteHuey(
                "houvast", filename=_own_file(rest), journal_mode="truncate", fsync=False, **ours
            )
        if kind == "postgresql":
            return PostgresHuey("houvast", dsn=settings.queue, **ours)
        return RedisHuey("houvast", url=settings.queue, **ours)
    except Exception as error:  # whatever the three clients raise, with the address in it
        raise SettingsError(f"The queue cannot be used ({type(error).__name__}). See HOUVAST_QUEUE.") from error


def _own_file(address: str) -> str:
    """The file of a queue on SQLite, for its owner only: the proofs in confirmations are in it."""
    file = Path(address.removeprefix("/"))
    make_private(file)
    with suppress(OSError):  # an older version let everybody read it
        for each in file.parent.glob(f"{file.name}*"):
            each.chmod(0o600)
    return str(file)


def work(office: Office, drain: Any) -> None:
    """Plan and send what is due; what is due within a minute is not left to the next sweep."""
    try:
        office.plan()
    except Exception:
        log.exception("What is due could not be planned; what was planned before is sent.")
    following = office.drain()
    waits = [seconds_until(at, MINUTE) for at in (following, office.next_hold())]
    if soonest := [wait for wait in waits if wait is not None]:
        drain.schedule(delay=max(min(soonest), POLL))


class Foreman(Consumer):  # type: ignore[misc]  # Huey has no types
    """Huey's consumer, which finishes what is in flight also at Ctrl-C and when its terminal is closed."""

    def start(self) -> None:
        super().start()
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: signal.raise_signal(signal.SIGTERM))


def run(settings: Settings, parent: int | None = None) -> None:
    """Work until the process is told to stop, or until `parent` has ended. Raises SettingsError.

    What is in flight then is finished, and what is not is left to the next process, all within 15 seconds."""
    set_up()
    tasks = make_tasks(settings)
    hold(settings.instance)
    office = tasks.office()
    if parent is not None:
        _step_back(office)
    foreman = Foreman(
        tasks.huey, workers=THREADS, max_delay=POLL, scheduler_interval=1, graceful_signal="TERM",
        shutdown_timeout=PATIENCE,
    )  # fmt: skip
    threading.Thread(target=_watch, args=(foreman, tasks, parent), daemon=True).start()
    gc.freeze()  # what is here stays: looking through it for garbage took a sixteenth of the time of a message
    tasks.sweep()
    foreman.run()


def _step_back(office: Office) -> None:
    """The server beside us goes first: a page is wanted now, a tip within its moment."""
    office.breath = BREATH
    with suppress(AttributeError, OSError):
        os.nice(COURTESY)
    with suppress(OSError):  # Linux may weigh sessions, and then only processes within one (sched(7))
        Path("/proc/self/autogroup").write_text(str(COURTESY), encoding="ascii")


def _watch(foreman: Foreman, tasks: Tasks, parent: int | None) -> None:
    """End with the parent, also when it was killed; tell a long drain when the process must end; look now and then."""
    looked = time.monotonic()
    while not foreman.stop_flag.wait(POLL):
        if parent is not None and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            break
        if time.monotonic() - looked > LOOK:
            looked = time.monotonic()
            _look(tasks)
    foreman.stop_flag.wait()
    tasks.stopping.set()


def _look(tasks: Tasks) -> None:
    try:
        tasks.drain()
    except Exception:  # whatever the three clients raise; Huey's own threads go on as well
        log.exception("The queue cannot be used; it is tried again in a quarter of a minute.")


def main() -> None:
    """`python -m pwa.worker 123`: beside the server whose process has the number 123."""
    try:
        run(read_settings(), int(sys.argv[1]) if len(sys.argv) > 1 else None)
    except SettingsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    from pwa import worker  # a task has the name of its module, and that is not __main__

    worker.main()
