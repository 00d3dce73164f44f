"""Bytes as they are sent, in brotli: what the first visit loads, and what a device keeps."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Playwright

from bench.browser import FLAGS, PATIENCE, PHONE, driver
from bench.rows import Row
from bench.served import ask, plain
from scripts.browser import find_chromium


def measure(options: argparse.Namespace) -> Iterator[Row]:
    yield from kept(options.port)
    with driver() as playwright:
        for language in ("nl", "en"):
            yield from first_visit(playwright, options.port, language)


def first_visit(playwright: Playwright, port: int, language: str) -> Iterator[Row]:
    """What the page itself asks for on a first visit, with the worker's own fetches left out."""
    home, cards = f"/{language}/", f"/{language}/cards"
    asked: dict[str, str] = {}
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS, timeout=PATIENCE * 2)
    try:
        page = browser.new_context(viewport=PHONE, base_url=f"http://localhost:{port}").new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: asked.setdefault(urlsplit(request.url).path, request.resource_type))
        page.goto(home)
        page.wait_for_load_state("networkidle")
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    finally:
        browser.close()
    sizes = {path: len(ask(port, path).sent) for path in asked}  # type: ignore[attr-defined]
    later = sizes.pop(cards, 0)
    script = sum(size for path, size in sizes.items() if asked[path] == "script")
    total = sum(sizes.values())
    listed = ", ".join(f"{path.rpartition('/')[2] or path} {size}" for path, size in sizes.items())
    yield Row(f"first page {home}, to paint and work, brotli ({listed})",
              f"{total / 1000:.1f} kB in {len(sizes)} requests", "≤ 34 kB", total <= 34_000)
    yield Row(f"of which script, {home}", f"{script / 1000:.1f} kB", "≤ 6 kB", script <= 6_000)
    if later:
        yield Row(f"{cards}, which the page brings in while idle, after it works", f"{later / 1000:.1f} kB, "
                  f"with the above {(total + later) / 1000:.1f} kB")


def kept(port: int) -> Iterator[Row]:
    worker = ask(port, "/sw.js")
    script = plain(worker.sent, worker.headers["Content-Encoding"]).decode()  # type: ignore[attr-defined]
    files = json.JSONDecoder().raw_decode(script.partition("const RELEASE = ")[2])[0]["files"]
    sizes = {path: len(ask(port, path).sent) for path in ("/sw.js", *files)}  # type: ignore[attr-defined]
    total = sum(sizes.values())
    largest = ", ".join(f"{path} {size}" for path, size in sorted(sizes.items(), key=lambda each: -each[1])[:6])
    yield Row(f"everything kept on the device, all languages, brotli (largest: {largest})", f"{total / 1000:.1f} kB",
              "≤ 100 kB", total <= 100_000)
    yield Row("requests for it, the worker itself included", str(len(sizes)), "≤ 20", len(sizes) <= 20)
