"""A cold start without a network, against an empty page that comes out of the same worker's cache."""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Error, Page, Playwright

from bench.browser import driver, keep_offline, phone, throttle
from bench.rows import Row, ratio
from tests.support.badnet import BadNet

EMPTY = "/nl/about"
ELSEWHERE = "data:text/html,<title>x</title>"
TARGETS = {"empty": EMPTY, "home": "/nl/", "card": "/nl/k/anger-is-fear"}
NETWORKS = {"refuse": "dead network", "hang": "network that never answers"}
EMPTY_PAGES = """async ([paths, html]) => {
    const name = (await caches.keys()).find((name) => name.startsWith('deck-'));
    const cache = await caches.open(name);
    const headers = {'Content-Type': 'text/html; charset=utf-8'};
    for (const path of paths) await cache.put(path, new Response(html, {headers}));
}"""
HTML = ('<!doctype html><html lang=nl><meta charset=utf-8><title>x</title><link rel=icon href="data:,">'
        "<h1>Leeg</h1>")
FIRST_PAINT = """() => new Promise((done) => {
    new PerformanceObserver((list) => {
        const paint = list.getEntriesByName('first-contentful-paint')[0];
        if (paint) done(paint.startTime);
    }).observe({type: 'paint', buffered: true});
})"""
A_WHILE = 1200  # ms after the beginning of a page, in which it is left alone: a look into it takes time from its paint
SETTLED = 5000  # ms; a browser that has just started loads pages of its own, and they take a core
Starts = dict[tuple[str, str], list[float]]


def measure(options: argparse.Namespace) -> Iterator[Row]:
    paints: Starts = defaultdict(list)
    work: Starts = defaultdict(list)
    with driver() as playwright, tempfile.TemporaryDirectory() as folder:
        net = BadNet(target_port=options.port)
        try:
            lost = _rounds(playwright, Path(folder) / "profile", net, options.rounds or 5, paints, work)
        finally:
            net.mode("refuse")
    for what, name in (("home", "home"), ("card", "shared link to a card")):
        yield ratio(f"cold start offline, 4× CPU, first paint: {name} / empty page", paints["refuse", what],
                    paints["refuse", "empty"], 1.5, unit="ms")
    for what, limit in (("home", 2.4), ("card", 2.8)):
        yield ratio(f"main-thread CPU of that start, about 1 s beyond the paint: {what} / empty page",
                    work["refuse", what], work["refuse", "empty"], limit, unit="ms")
    for what in ("home", "card"):
        yield _as_fast(f"first paint of {what}: never answers / dead network", paints["hang", what],
                       paints["refuse", what])
    if lost:
        yield Row("starts that were lost and not counted", str(lost))


def _rounds(playwright: Playwright, profile: Path, net: BadNet, rounds: int, paints: Starts, work: Starts) -> int:
    url = f"http://localhost:{net.port}"
    with phone(playwright, profile, url) as page:
        keep_offline(page)
        page.evaluate(EMPTY_PAGES, [[EMPTY], HTML])
    lost = 0
    for _ in range(rounds):
        for mode in NETWORKS:
            net.mode(mode)
            for what, path in TARGETS.items():
                try:
                    with phone(playwright, profile, url) as page:
                        paint, busy = cold_start(page, path)
                except Error:  # the browser, not the page: noted, not measured
                    lost += 1
                    continue
                paints[mode, what].append(paint)
                work[mode, what].append(busy)
    return lost


def cold_start(page: Page, path: str) -> tuple[float, float]:
    """First paint and main-thread CPU of one visit, in ms. It begins on a page of another
    site, so that the process that shows ours is a new one, as it is after a tap on the home screen."""
    page.goto(ELSEWHERE)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    throttle(session)
    page.wait_for_timeout(SETTLED)
    before = _busy(session.send("Performance.getMetrics"))
    page.goto(path, wait_until="commit")
    page.wait_for_timeout(A_WHILE)
    after = _busy(session.send("Performance.getMetrics"))
    return float(page.evaluate(FIRST_PAINT)), after - before


def _busy(answer: dict[str, list[dict[str, float]]]) -> float:
    return 1000 * next(metric["value"] for metric in answer["metrics"] if metric["name"] == "TaskDuration")


def _as_fast(figure: str, hanging: list[float], dead: list[float]) -> Row:
    row = ratio(figure, hanging, dead, 1.2, unit="ms")
    met = None if row.met is None else abs(median(hanging) / median(dead) - 1) <= 0.2
    return Row(figure, row.measured, "within 20 %", met)
