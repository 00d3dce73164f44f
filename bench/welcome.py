"""From the tap on “Turn tips on” to the first message on the screen: server, queue, sender, push service and Firefox on
this one machine, seen from outside, so with what the looking costs."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.rows import Row, at_most
from bench.served import NotHereError
from pwa.config import PROJECT
from scripts.browser import find_firefox
from tests.support.push.firefox import Firefox
from tests.support.push.process import Push
from tests.support.whole import MOZILLA, Whole

TITLE = "Tips staan aan"


def measure(options: argparse.Namespace) -> Iterator[Row]:
    binary = find_firefox()
    if not binary:
        raise NotHereError("There is no Firefox: install it, or set FIREFOX to where it is.")
    with tempfile.TemporaryDirectory() as folder:
        push = Push(Path(folder), "--public", MOZILLA)
        whole = Whole(Path(folder) / "whole", PROJECT / "instance" / "releases", push)
        firefox = None
        try:
            whole.start()
            (Path(folder) / "firefox").mkdir()
            firefox = Firefox(push.ws, profile=str(Path(folder) / "firefox"), locale="nl", binary=binary)
            firefox.goto(f"{whole.url}/nl/tips")
            seconds = [welcome(firefox, whole.url) for _ in range(options.rounds or 5)]
        finally:
            if firefox:
                firefox.close()
            whole.stop()
            push.stop()
    yield at_most("from the tap on “Turn tips on” to the first message on the screen, Firefox, one machine", seconds, 3,
                  "s", 2)  # fmt: skip


def welcome(firefox: Firefox, url: str) -> float:
    """Seconds of one beginning; afterwards the reader has stopped, for the next one."""
    firefox.wait_shown("[data-do=begin]")
    began = time.monotonic()
    firefox.click("[data-do=begin]")
    firefox.wait_alert(TITLE)
    seconds = time.monotonic() - began
    firefox.wait_text("#tips-said", "aangekomen")
    firefox.click_alert(TITLE)
    firefox.wait_gone(TITLE)
    firefox.goto(f"{url}/nl/tips")
    firefox.click("[data-do=stop]")
    firefox.wait_text("#tips-said", "Gestopt")
    return seconds
