"""Node, for what the device runs: the machine's own, or the one that Playwright brings along."""

from __future__ import annotations

import shutil
import subprocess

from playwright._impl._driver import compute_driver_executable


def node() -> str:
    """The path of node."""
    return shutil.which("node") or str(compute_driver_executable()[0])


def run(*arguments: str, stdin: str = "") -> str:
    """What node writes; a failure shows what it complained about."""
    done = subprocess.run(
        [node(), *arguments], input=stdin, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
