"""From a finger or a key to the frame that shows what it did, on a device four times as slow."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.browser import driver, keep_offline, phone, throttle
from bench.rows import Row, at_most

LISTEN = """() => {
    window.taken = {};
    window.longest = [];
    for (const type of ['click', 'keydown']) addEventListener(type, (event) => {
        if (!event.isTrusted || !window.label) return;
        const label = window.label;
        requestAnimationFrame(() => {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = () => (window.taken[label] ??= []).push(performance.now() - event.timeStamp);
            port2.postMessage(0);  // after this frame is painted
        });
    }, true);
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (entry.interactionId) window.longest.push(entry.duration);
    }).observe({type: 'event', durationThreshold: 16});
}"""
TILE = 'section[data-open] a[href*="/s/"]'
TYPED = "angst"


def measure(options: argparse.Namespace) -> Iterator[Row]:
    rounds = options.rounds or 12
    with (driver() as playwright, tempfile.TemporaryDirectory() as folder,
          phone(playwright, Path(folder) / "profile", f"http://localhost:{options.port}") as page):
        keep_offline(page)
        page.goto("/nl/")
        page.locator("#safety").wait_for(state="attached")  # the sections that home began without
        page.locator(TILE).first.tap()  # the cards come with the first situation that is opened
        page.locator("#main .card").nth(20).wait_for(state="attached")
        page.evaluate("document.querySelector('.brand').click()")
        page.wait_for_selector("#home[data-open]")
        page.evaluate(LISTEN)
        session = page.context.new_cdp_session(page)
        throttle(session)
        tiles = page.locator(TILE)
        for number in range(rounds):
            page.evaluate("window.label = 'tile'")
            tiles.nth(number % tiles.count()).tap()
            page.wait_for_selector('section.place[data-open]')
            _settle(page)
            page.evaluate("window.label = 'cue'")
            cues = page.locator("section[data-open] .cues a")
            cues.nth(number % cues.count()).tap()
            page.wait_for_selector("section.card[data-open]")
            _settle(page)
            page.evaluate("window.label = ''; document.querySelector('.brand').click()")
            page.wait_for_selector("#home[data-open]")
            _settle(page)
        page.locator('.bottom a[href="/nl/search"]').tap()
        page.locator("#q").focus()
        _settle(page)
        page.evaluate("window.label = 'key'")
        for number in range(max(2, rounds // 4)):
            for letter in TYPED:
                page.keyboard.press(letter)
                page.wait_for_timeout(150)
            page.locator("#q").fill("") if number else None
        _settle(page)
        taken, longest = page.evaluate("[window.taken, window.longest]")
    yield at_most("tile tapped → cues painted, 4× CPU", taken.get("tile", []), 60, "ms")
    yield at_most("cue tapped → card painted, 4× CPU", taken.get("cue", []), 64, "ms")
    yield at_most("key typed → results painted, 4× CPU", taken.get("key", []), 32, "ms")
    worst = max(longest, default=0)
    yield Row(f"worst INP (longest of {len(longest)} events over 16 ms)", f"{worst:.0f} ms", "≤ 100 ms", worst <= 100)


def _settle(page: object) -> None:
    """Let idle work end: a person does not tap twice in a moment."""
    page.wait_for_timeout(400)  # type: ignore[attr-defined]
