"""The browsers for the tests: find them, or install them. `python scripts/browser.py`

Ends with 0 when both are there, with 3 when there is no Chromium and with 4 when there is no Firefox, so that the other
tests can go on, and with 1 when one is missing although both must be there (CI=true)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The two pages that the address bar loads ahead take as much work as all the rest of a start. The other features are
# those that Playwright switches off: of two lists a browser reads the last one.
UNUSED = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
          "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "DialMediaRouteProvider",
          "GlobalMediaControls", "HttpsUpgrades", "LensOverlay", "MediaRouter", "PaintHolding",
          "ThirdPartyStoragePartitioning", "BlockOriginHeaderModificationOnRedirect",
          "AvoidCorsURLLoaderRestartOnRedirect", "Translate", "AutoDeElevate", "OptimizationHints",
          "NetworkTimeServiceQuerying", "AimEnabled")  # fmt: skip
# Without a sandbox it runs as root too; without the network's extras only our own server is spoken to.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         f"--disable-features={','.join(UNUSED)}"]  # fmt: skip
PHONE = {"width": 360, "height": 640}
PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
PATIENCE = 900
WITHOUT_CHROMIUM, WITHOUT_FIREFOX = 3, 4


def main() -> None:
    if not (find_chromium() or (install() and find_chromium())):
        give_up(
            "No Chromium was found or could be installed, so the browser tests cannot run: "
            "install Chromium or Google Chrome, or set CHROMIUM to where it is.",
            WITHOUT_CHROMIUM,
        )
    if not (find_firefox() or (install_firefox() and find_firefox())):
        give_up(
            "No Firefox was found or could be installed, so the tests of tips in Firefox cannot run: "
            "install Firefox ESR, or set FIREFOX to where it is.",
            WITHOUT_FIREFOX,
        )


def give_up(why: str, status: int) -> NoReturn:
    print(why, file=sys.stderr)
    sys.exit(1 if os.environ.get("CI") == "true" else status)


def find_chromium() -> str | None:
    """Where Chromium is: CHROMIUM, or on the path, or what Playwright has installed; None when it is nowhere."""
    told = os.environ.get("CHROMIUM")
    if told:
        return shutil.which(told)
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or _playwrights_own()


def find_firefox() -> str | None:
    """Where Firefox is: FIREFOX, or on the path. Playwright's own is changed, and shows no notifications."""
    told = os.environ.get("FIREFOX")
    return shutil.which(told) if told else next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)


def install_firefox() -> bool:
    """Debian's Firefox ESR where we may install it."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and _is_debian()):
        return False
    print("There is no Firefox for the tests of tips yet; installing one, once.", flush=True)
    return _apt("firefox-esr")


def install() -> bool:
    """Debian's own Chromium where we may install it, Playwright's elsewhere; False when neither worked."""
    print("There is no Chromium for the browser tests yet; installing one, once.", flush=True)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and _is_debian() and _apt("chromium", "fonts-noto-core"):
        return True
    with_libraries = ["--with-deps"] if root and shutil.which("apt-get") else []
    return _run(sys.executable, "-m", "playwright", "install", *with_libraries, "chromium")


def _apt(*packages: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return _run("apt-get", "update", "-q", env=environment) and _run(
        "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages, env=environment
    )


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
