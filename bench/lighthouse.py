"""Lighthouse, mobile: simulated slow 4G and a CPU four times as slow."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median

from bench.rows import Row, at_most
from bench.served import PROJECT, NotHereError
from scripts.browser import find_chromium

PROGRAM = PROJECT / "bench" / "node_modules" / ".bin" / "lighthouse"
PAGES = ("/nl/", "/en/", "/nl/k/anger-is-fear", "/en/k/anger-is-fear")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
AUDITS = (("LCP", "largest-contentful-paint", 1.3, "s", 2), ("TBT", "total-blocking-time", 10, "ms", 0),
          ("CLS", "cumulative-layout-shift", 0.01, "", 3))
TRIES = 2  # before the last one


def measure(options: argparse.Namespace) -> Iterator[Row]:
    if not PROGRAM.exists():
        raise NotHereError("Lighthouse is not here; install Node.js 20 or newer, and run make bench.")
    with tempfile.TemporaryDirectory() as folder:
        for path in PAGES:
            yield from _page(f"http://localhost:{options.port}{path}", path, Path(folder), options.rounds or 3)


def _page(url: str, path: str, folder: Path, rounds: int) -> Iterator[Row]:
    reports = [_patiently(url, folder / "report.json") for _ in range(rounds)]
    scores = {name: median(round(100 * (each["categories"][name]["score"] or 0)) for each in reports)
              for name in CATEGORIES}
    failed = sorted({f"{name}: {reference['id']}" for each in reports for name in CATEGORIES
                     for reference in each["categories"][name]["auditRefs"]
                     if reference["weight"] and (each["audits"][reference["id"]]["score"] or 0) < 0.9
                     and each["audits"][reference["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual")})
    measured = " / ".join(f"{score:g}" for score in scores.values()) + (f" ({', '.join(failed)})" if failed else "")
    yield Row(f"Lighthouse {path}: {', '.join(CATEGORIES)} (n={rounds})", measured, "100 / 100 / 100 / 100",
              min(scores.values()) >= 100)
    for name, audit, limit, unit, digits in AUDITS:
        values = [each["audits"][audit]["numericValue"] / (1000 if unit == "s" else 1) for each in reports]
        yield at_most(f"{name} {path}", values, limit, unit, digits)


def _patiently(url: str, file: Path) -> dict[str, dict[str, dict[str, object]]]:
    """A report; a trace that Chromium did not begin (NO_NAVSTART) says nothing of the page and is taken anew."""
    for _ in range(TRIES):
        with suppress(NotHereError):
            return _report(url, file)
    return _report(url, file)


def _report(url: str, file: Path) -> dict[str, dict[str, dict[str, object]]]:
    command = [str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={file}",
               "--chrome-flags=--headless --no-sandbox --disable-gpu", f"--only-categories={','.join(CATEGORIES)}"]
    environment = os.environ | {"CHROME_PATH": find_chromium() or ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=400, cwd=file.parent)
    if done.returncode:
        raise NotHereError(f"Lighthouse gave up: {done.stderr.strip()[-300:]}")
    report = json.loads(file.read_text(encoding="utf-8"))
    if report.get("runtimeError"):
        raise NotHereError(f"Lighthouse gave up: {report['runtimeError']}")
    return report
