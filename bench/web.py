"""How long a page takes while a tip goes out on the same machine, against an idle one; `make run`, as it is."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.delivery import fill, run
from bench.rows import Row, ratio
from bench.served import NotHereError, free_port, process
from pwa.config import read_settings
from pwa.database import make_engine, upgrade
from pwa.delivery.tables import chunks, runs
from pwa.delivery.vapid import load_keys
from pwa.worker import make_tasks
from tests.support.quick import Quick
from tests.support.school import School
from tests.support.worker import until

READERS = 220_000
SECONDS = 8.0
ROUNDS = 3
PATH = "/nl/"


def measure(options: argparse.Namespace) -> Iterator[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        quick = Quick(folder)
        stack.callback(quick.stop)
        _far_away(quick)
        port = free_port()
        environment = {"HOUVAST_INSTANCE": str(folder / "instance"), "HOUVAST_PUSH_PROXY": quick.proxy,
                       "HOUVAST_PUSH_CA_FILE": quick.cert, "PORT": str(port)}
        settings = read_settings(environment)
        upgrade(settings)
        engine = make_engine(settings.database_url)
        stack.callback(engine.dispose)
        readers = READERS // 10 if options.small else READERS
        school = fill(engine, readers, load_keys(settings.instance, settings.contact).present)
        stack.enter_context(process([sys.executable, "-m", "pwa.serve"], port, **environment))
        seconds = SECONDS / 10 if options.small else SECONDS
        _p99(port, 2.0)
        idle = [_p99(port, seconds) for _ in range(ROUNDS)]
        _begin(school)
        make_tasks(settings).drain()
        assert until(lambda: sum(quick.seen().values()) > 1000)
        first = sum(quick.seen().values())
        busy = [_p99(port, seconds) for _ in range(ROUNDS)]
        sent = sum(quick.seen().values()) - first
        make_tasks(settings).huey.storage.close()
    if first + sent >= readers:
        raise NotHereError("The tip was out before the pages were measured.")
    rate = sent / seconds / ROUNDS
    yield ratio(f"99 of 100 requests for {PATH} while a tip goes out ({rate:.0f} messages a second), against idle",
                [1000 * each for each in busy], [1000 * each for each in idle], 2, unit="ms", digits=1)


def _far_away(quick: Quick) -> None:
    """A push service is not on the machine of a school: what stands for it takes no time from what is measured."""
    for process_id in (quick.process_id, os.getpid()):  # the service, and the proxy's thread here
        with suppress(OSError):
            Path(f"/proc/{process_id}/autogroup").write_text("19", encoding="ascii")  # sched(7)
    os.setpriority(os.PRIO_PROCESS, quick.process_id, 19)


def _begin(school: School) -> None:
    """A tip that is planned for a moment of its own, and due now; the process beside the server finds it at once."""
    now = datetime.now(UTC)
    school.tip(moments="before")
    school.plan()
    school.change(runs, fresh_until=now + timedelta(minutes=30))
    school.change(chunks, not_before=now, lease_until=now)


def _p99(port: int, seconds: float) -> float:
    """Seconds for the slowest of a hundred."""
    return float(run([sys.executable, "-m", "bench.engine.visitor", str(port), PATH, str(seconds)])["p99"])
