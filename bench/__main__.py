"""`python -m bench [part …] [--rounds N]`: measure, print the table, and keep it in bench/results/latest.md."""

from __future__ import annotations

import argparse
import datetime
import importlib
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Error

from bench.rows import HEAD, Row
from bench.served import NotHereError, houvast

# the memory first: what comes after it fills it
PARTS = {"process": "bench.footprint", "sizes": "bench.sizes", "serving": "bench.serving", "offline": "bench.offline",
         "taps": "bench.taps", "briefings": "bench.briefings", "signin": "bench.signin",
         "lighthouse": "bench.lighthouse", "observatory": "bench.observatory",
         "delivery": "bench.delivery", "faults": "bench.faults", "web": "bench.web",
         "welcome": "bench.welcome"}
RESULTS = Path(__file__).parent / "results" / "latest.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"some of: {', '.join(PARTS)} (all)")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each part (its own number)")
    options = parser.parse_args()
    unknown = [name for name in options.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no part called {unknown[0]}; there are: {', '.join(PARTS)}")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # what was started is stopped on the way out
    now = datetime.datetime.now(datetime.UTC)
    lines = [f"Measured {now:%Y-%m-%d %H:%M} UTC on {os.cpu_count()} cores, Python {platform.python_version()}, "
             f"load {os.getloadavg()[0]:.1f} at the start.", "", HEAD]
    print("\n".join(lines), flush=True)
    rows = []
    with houvast() as (options.port, options.master):
        for name in options.parts or PARTS:
            for row in part(name, options):
                rows.append(row)
                lines.append(str(row))
                print(row, flush=True)
    missed = [row.figure for row in rows if row.met is False]
    summary = f"{sum(row.met is True for row in rows)} met, {len(missed)} not met" + (
        f": {'; '.join(missed)}." if missed else ".")
    print(f"\n{summary}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join([*lines, "", summary, ""]), encoding="utf-8")


def part(name: str, options: argparse.Namespace) -> Iterator[Row]:
    """The rows of one part; when it cannot be measured, one that says why."""
    try:
        yield from importlib.import_module(PARTS[name]).measure(options)
    except (NotHereError, Error, OSError, subprocess.SubprocessError) as error:
        yield Row(name, f"could not be measured: {' '.join(str(error).split())[:300]}")


if __name__ == "__main__":
    main()
