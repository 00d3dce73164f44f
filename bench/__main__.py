"""`python -m bench [part …] [--rounds N] [--small] [--minutes N]`: measure, print the table, and keep it in
bench/results/latest.md, row by row."""

from __future__ import annotations

import argparse
import datetime
import importlib
import os
import platform
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bench.rows import HEAD, Row
from bench.served import houvast

# the memory first: what comes after it fills it
PARTS = {"process": "bench.footprint", "sizes": "bench.sizes", "serving": "bench.serving", "offline": "bench.offline",
         "taps": "bench.taps", "briefings": "bench.briefings", "signin": "bench.signin",
         "lighthouse": "bench.lighthouse", "observatory": "bench.observatory",
         "delivery": "bench.delivery", "faults": "bench.faults", "web": "bench.web",
         "welcome": "bench.welcome"}
ALONE = {"delivery", "faults", "web", "welcome"}  # these start what they measure by themselves
SMALL = "A small run: it shows that everything works, and its numbers count for nothing."
RESULTS = Path(__file__).parent / "results" / "latest.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"some of: {', '.join(PARTS)} (all)")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each part (its own number)")
    parser.add_argument("--small", action="store_true", help="a trial: few readers, few kills")
    parser.add_argument("--minutes", type=float, default=0,
                        help="how long each size of the memory rows of delivery may send (until all have it)")
    options = parser.parse_args()
    unknown = [name for name in options.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no part called {unknown[0]}; there are: {', '.join(PARTS)}")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # what was started is stopped on the way out
    now = datetime.datetime.now(datetime.UTC)
    lines = [f"Measured {now:%Y-%m-%d %H:%M} UTC on {os.cpu_count()} cores, Python {platform.python_version()}, "
             f"load {os.getloadavg()[0]:.1f} at the start.", *([SMALL] if options.small else []), "", HEAD]
    print("\n".join(lines), flush=True)
    rows = []
    chosen = options.parts or list(PARTS)
    with ExitStack() as stack:
        if set(chosen) - ALONE:
            options.port, options.master = stack.enter_context(houvast())
        for name in chosen:
            for row in part(name, options):
                rows.append(row)
                print(row, flush=True)
                _keep(lines, rows)
    print(f"\n{_keep(lines, rows)}")


def part(name: str, options: argparse.Namespace) -> Iterator[Row]:
    """The rows of one part; when it cannot be measured, one that says why, and the next part goes on."""
    try:
        for row in importlib.import_module(PARTS[name]).measure(options):
            yield replace(row, met=None) if options.small else row
    except Exception as error:  # noqa: BLE001  (whatever it is, it is told, and takes nothing else with it)
        said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        yield Row(name, f"could not be measured: {said}")


def _keep(lines: list[str], rows: list[Row]) -> str:
    """Write down what there is until now, so that nothing measured is lost; how many of the figures are met."""
    missed = [row.figure for row in rows if row.met is False]
    summary = f"{sum(row.met is True for row in rows)} met, {len(missed)} not met" + (
        f": {'; '.join(missed)}." if missed else ".")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join([*lines, *map(str, rows), "", summary, ""]), encoding="utf-8")
    return summary


if __name__ == "__main__":
    main()
