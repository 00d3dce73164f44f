"""The browser for the tests: find one, or install one. `python scripts/browser.py`

Ends with 0 when there is a browser, with 3 when there is none and the other tests can go on, and with 1 when there is
none although there must be (CI=true)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without a sandbox it runs as root too; without the network's extras only our own server is spoken to.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
PHONE = {"width": 360, "height": 640}
PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
PATIENCE = 900
GO_ON_WITHOUT = 3


def main() -> None:
    if find_chromium() or (install() and find_chromium()):
        return
    print(
        "No Chromium was found or could be installed, so the browser tests cannot run: "
        "install Chromium or Google Chrome, or set CHROMIUM to where it is.",
        file=sys.stderr,
    )
    sys.exit(1 if os.environ.get("CI") == "true" else GO_ON_WITHOUT)


def find_chromium() -> str | None:
    """Where Chromium is: CHROMIUM, or on the path, or what Playwright has installed; None when it is nowhere."""
    told = os.environ.get("CHROMIUM")
    if told:
        return shutil.which(told)
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or _playwrights_own()


def install() -> bool:
    """Debian's own Chromium where we may install it, Playwright's elsewhere; False when neither worked."""
    print("There is no Chromium for the browser tests yet; installing one, once.", flush=True)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and _is_debian():
        packages = ["chromium", "fonts-noto-core"]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        if _run("apt-get", "update", "-q", env=environment) and _run(
            "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages, env=environment
        ):
            return True
    with_libraries = ["--with-deps"] if root and shutil.which("apt-get") else []
    return _run(sys.executable, "-m", "playwright", "install", *with_libraries, "chromium")


def _is_debian() -> bool:
    """Debian itself: the package of that name in Ubuntu is only a pointer to a snap."""
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return False
    return "ID=debian" in release.splitlines() and shutil.which("apt-get") is not None


def _playwrights_own() -> str | None:
    # in a process of its own: tests that ask may have a Playwright running, and there can be only one
    asked = subprocess.run([sys.executable, "-c", PLAYWRIGHTS_OWN], capture_output=True, text=True, timeout=PATIENCE)
    return shutil.which(asked.stdout.strip()) if asked.returncode == 0 else None


def _run(*command: str, env: dict[str, str] | None = None) -> bool:
    """Without what it says when all goes well; with its last lines when it doesn't."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=env)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return False
    if done.returncode:
        print("\n".join((done.stdout + done.stderr).strip().splitlines()[-5:]), file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    main()
