"""How long the import takes, and how much memory the running product has (Linux: from /proc)."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.rows import Row, at_most, spread
from bench.served import ENVIRONMENT, PROJECT, NotHereError, ask

REQUESTS = 200
PATHS = ("/nl/", "/nl/cards", "/en/", "/en/k/anger-is-fear", "/nl/search?q=boos", "/sw.js", "/nl/nowhere")


def measure(options: argparse.Namespace) -> Iterator[Row]:
    for number in range(REQUESTS):
        ask(options.port, PATHS[number % len(PATHS)])
    memory = list(_memory(options.master))
    yield from _import(options.rounds or 5)
    if not memory:
        raise NotHereError("There is no /proc here, so memory was not measured.")
    resident, shared_out = (sum(each[kind] for each in memory) / 1000 for kind in ("Rss", "Pss"))
    names = ", ".join(f"{each['name']} {each['Rss'] / 1000:.0f}" for each in memory)
    yield Row(f"master and worker together after {REQUESTS} requests, what they share counted once (Pss)",
              f"{shared_out:.1f} MB", "≤ 60 MB", shared_out <= 60)
    yield Row(f"the same with what they share counted for each (Rss: {names} MB)", f"{resident:.1f} MB")


def _import(rounds: int) -> Iterator[Row]:
    """Whole processes, with and without the import, in turn; the release is there already."""
    bare, whole = [], []
    for _ in range(rounds):
        bare.append(_seconds("pass"))
        whole.append(_seconds("import wsgi"))
    extra = [each - median(bare) for each in whole]
    yield at_most(f"import of wsgi:app, over a bare Python of {spread(bare, 's', 2)}", extra, 0.5, "s", 2)


def _seconds(code: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=ENVIRONMENT, check=True, timeout=600)
    return time.perf_counter() - begin


def _memory(master: int) -> Iterator[dict[str, object]]:
    """Rss and Pss in kB (of 1000 bytes) of every process in the master's session."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(entry.name)) != master:
                continue
            rollup = (entry / "smaps_rollup").read_text()
        except OSError:
            continue
        sizes = {kind: int(re.search(rf"^{kind}:\s+(\d+)", rollup, re.M)[1]) * 1.024 for kind in ("Rss", "Pss")}
        command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        name = "master" if int(entry.name) == master else "tracker" if "tracker" in command else "worker"
        yield {"name": name, **sizes}
