"""A briefing: from the link to the first word, the first time and without a network; and how many words it has."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import CDPSession, Error, Page, Playwright

from bench.browser import FLAGS, PATIENCE, PHONE, driver, keep_offline, phone, throttle
from bench.offline import A_WHILE, ELSEWHERE, EMPTY, EMPTY_PAGES, FIRST_PAINT, HTML, SETTLED
from bench.rows import Row, at_most, ratio
from scripts.browser import find_chromium
from tests.support.badnet import BadNet

TEMPLATES = ("half-day", "week", "support-day")
# Lighthouse's "slow 4G" as it is applied in a browser, where a round trip counts 3.75 times
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 1474.56 * 125, "uploadThroughput": 675 * 125}
# when the name of the person to call was painted, which comes with all that is on the first screen (Element Timing)
READABLE = """new Promise((done) => new PerformanceObserver((list) => {
    const [person] = list.getEntries().filter((entry) => entry.identifier === 'person');
    if (person) setTimeout(() => done(person.renderTime), 300);
}).observe({type: 'element', buffered: true}))"""


def measure(options: argparse.Namespace) -> Iterator[Row]:
    rounds = options.rounds or 7
    with driver() as playwright, tempfile.TemporaryDirectory() as folder:
        net = BadNet(target_port=options.port)
        url = f"http://localhost:{net.port}"
        with phone(playwright, Path(folder) / "maker", url) as page:
            links, words = zip(*(make(page, template, language) for template in TEMPLATES for language in ("nl", "en")),
                               strict=True)
        yield at_most("link opened → briefing readable, first time, slow 4G and 4× CPU",
                      [first_time(playwright, links[0]) for _ in range(rounds)], 2000, "ms")
        yield from again(playwright, Path(folder) / "reader", net, links[0], rounds)
        yield Row(f"words on the page with the default templates (nl and en of {', '.join(TEMPLATES)})",
                  ", ".join(map(str, words)), "≤ 240", max(words) <= 240)


def make(page: Page, template: str, language: str) -> tuple[str, int]:
    """(link, words on its page) of a template with a name, a number and a class filled in."""
    page.goto(f"/{language}/briefings/")
    page.locator(f"[data-template={template}]").tap()
    page.locator("#f-title").fill("Groep 6, lokaal 12")
    page.locator("#f-name").fill("Fatima Yildiz, intern begeleider")
    page.locator("#f-phone").fill("030 123 45 67")
    page.locator("#write [type=submit]").tap()
    page.wait_for_selector("#share:not([hidden])")
    link = page.locator("#address").input_value()
    page.goto(link)
    page.wait_for_selector("#here:not([hidden])")  # the last that comes
    return link, page.evaluate("import('#showing').then((module) => module.wordsShown())")


def first_time(playwright: Playwright, link: str) -> float:
    """ms from the tap on the link to the first frame with the briefing, on a phone that has nothing yet."""
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS, timeout=PATIENCE * 2)
    try:
        page = browser.new_context(viewport=PHONE).new_page()
        page.set_default_timeout(PATIENCE)
        page.goto("data:text/html,<title>x</title>")
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        throttle(session)
        page.goto(link, wait_until="domcontentloaded")
        return float(page.evaluate(READABLE))
    finally:
        browser.close()


def again(playwright: Playwright, profile: Path, net: BadNet, link: str, rounds: int) -> Iterator[Row]:
    url = f"http://localhost:{net.port}"
    with phone(playwright, profile, url) as page:
        keep_offline(page)
        page.goto(link)
        page.wait_for_selector("html[data-kept]", state="attached")
        page.evaluate(EMPTY_PAGES, [[EMPTY], HTML])
    net.mode("refuse")
    readable, empty = [], []
    for _ in range(rounds):
        try:
            with phone(playwright, profile, url) as page:
                empty.append(cold(page, EMPTY, FIRST_PAINT))
            with phone(playwright, profile, url) as page:
                readable.append(cold(page, link, READABLE))
        except Error:  # the browser, not the page
            continue
    yield ratio("briefing opened again, cold and offline, 4× CPU: readable / first paint of an empty page",
                readable, empty, 1.6, unit="ms")


def cold(page: Page, path: str, wait: str) -> float:
    """As in bench.offline: in a process of its own."""
    page.goto(ELSEWHERE)
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    throttle(session)
    page.wait_for_timeout(SETTLED)
    page.goto(path, wait_until="commit")
    page.wait_for_timeout(A_WHILE)
    return float(page.evaluate(wait))
