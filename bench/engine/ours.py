"""`python -m bench.engine.ours <database> <folder> <way> <certificate> <seconds>`: plan a tip, send it, tell the cost.

The way is the address of a proxy, or the port here at which the service is reached without one. After so many seconds
(0: never) nothing more is begun. Prints one line of JSON. It imports what the real sending process imports, so that its
size is that one's."""

from __future__ import annotations

import gc
import json
import re
import signal
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from types import FrameType

import pycurl
from sqlalchemy import Engine, select

import pwa.worker  # noqa: F401
from pwa.database import make_engine, reading
from pwa.delivery.planning import plan_due
from pwa.delivery.push import Sender
from pwa.delivery.sending import Courier
from pwa.delivery.services import Services
from pwa.delivery.tables import chunks
from pwa.delivery.vapid import load_keys
from tests.support.school import BEFORE, CONTENT, URL

RECORDING = ("recording.py", "claiming.py", "planning.py", "bits.py")


def main() -> None:
    database, folder, way, cert, seconds = sys.argv[1:]
    began, samples = time.time(), Counter[str]()

    def now():
        return BEFORE + timedelta(seconds=time.time() - began)

    def sample(_number: int, frame: FrameType | None) -> None:
        samples[_part(frame)] += 1

    engine = make_engine(database)
    sender = Straight(int(way), cert) if way.isdigit() else Sender(proxy=way, ca_file=cert)
    keys = load_keys(Path(folder), "mailto:coach@houvast.example")
    end = time.monotonic() + (float(seconds) or 1e9)
    courier = Courier(engine, sender, keys, Services(sender.width, 1_000_000.0), url=URL, owner="bench", now=now,
                      stop=lambda: time.monotonic() > end)
    gc.freeze()  # as pwa/worker.py does
    signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, 0.002, 0.002)
    wall, cpu = time.perf_counter(), time.process_time()
    planned = plan_due(engine, CONTENT, BEFORE, 0.0)
    courier.drain()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    signal.setitimer(signal.ITIMER_PROF, 0)
    print(json.dumps({
        "planned": planned, "messages": _sent(engine), "wall": wall, "cpu": cpu,
        "recording": samples["recording"] / max(samples.total(), 1),
        "resident": _highest(),
    }))  # fmt: skip


class Straight(Sender):
    """Under the real names, to a service on this machine, which the look at the address would refuse."""

    def __init__(self, port: int, ca_file: str) -> None:
        super().__init__(ca_file=ca_file)
        self._options[pycurl.CONNECT_TO] = [f"::127.0.0.1:{port}"]
        del self._options[pycurl.OPENSOCKETFUNCTION]


def _sent(engine: Engine) -> int:
    """How many are done, as the chunks tell."""
    with reading(engine) as connection:
        counted = connection.scalars(select(chunks.c.counts))
        return sum(json.loads(counts).get("accepted", 0) for counts in counted)


def _part(frame: FrameType | None) -> str:
    while frame:
        if frame.f_code.co_filename.endswith(RECORDING):
            return "recording"
        frame = frame.f_back
    return "other"


def _highest() -> int:
    """Bytes resident at the highest; getrusage() would count the process that started this one."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.M)
    return int(found[1]) * 1024 if found else 0


if __name__ == "__main__":
    main()
