"""How long a page takes while a tip goes out on the same machine, against an idle one; `make run`, as it is."""

from __future__ import annotations

import argparse
import http.client
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from bench.delivery import fill
from bench.rows import Row
from bench.served import free_port, process
from pwa.config import read_settings
from pwa.database import make_engine, upgrade
from pwa.delivery.tables import chunks, runs
from pwa.delivery.vapid import load_keys
from pwa.worker import make_tasks
from tests.support.quick import Quick
from tests.support.school import School
from tests.support.worker import until

READERS = 60_000
SECONDS, GAP = 8.0, 0.01
PATH = "/nl/"


def measure(options: argparse.Namespace) -> Iterator[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        quick = Quick(folder)
        stack.callback(quick.stop)
        port = free_port()
        environment = {"HOUVAST_INSTANCE": str(folder / "instance"), "HOUVAST_PUSH_PROXY": quick.proxy,
                       "HOUVAST_PUSH_CA_FILE": quick.cert, "PORT": str(port)}
        settings = read_settings(environment)
        upgrade(settings)
        engine = make_engine(settings.database_url)
        stack.callback(engine.dispose)
        readers = READERS // 4 if options.small else READERS
        school = fill(engine, readers, load_keys(settings.instance, settings.contact).present)
        stack.enter_context(process([sys.executable, "-m", "pwa.serve"], port, **environment))
        seconds = SECONDS / 4 if options.small else SECONDS
        _p99(port, 2.0)
        idle = _p99(port, seconds)
        _begin(school)
        make_tasks(settings).drain()
        assert until(lambda: sum(quick.seen().values()) > 1000)
        first = sum(quick.seen().values())
        busy = _p99(port, seconds)
        rate = (sum(quick.seen().values()) - first) / seconds
        make_tasks(settings).huey.storage.close()
    measured = f"{busy / idle:.2f} × [{busy * 1000:.1f} ms / {idle * 1000:.1f} ms]"
    yield Row(f"99 of 100 requests for {PATH} while a tip goes out ({rate:.0f} messages a second), against idle",
              measured, "≤ 2 ×", busy <= 2 * idle and rate > 0)


def _begin(school: School) -> None:
    """Planned for a moment of its own, and due now."""
    now = datetime.now(UTC)
    school.plan()
    school.change(runs, fresh_until=now + timedelta(minutes=30))
    school.change(chunks, not_before=now, lease_until=now)


def _p99(port: int, seconds: float) -> float:
    """Seconds for the slowest of a hundred; one connection, a request every hundredth of a second."""
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    took, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        connection.request("GET", PATH, headers={"Accept-Encoding": "br"})
        connection.getresponse().read()
        took.append(time.perf_counter() - begin)
        time.sleep(GAP)
    connection.close()
    return quantiles(took, n=100)[98]
