"""A coach's browser in front of a desk with a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from pwa.config import Settings
from tests.browser.conftest import SLOW_MACHINE
from tests.browser.test_everybody import AXE, RUN
from tests.support import desk
from tests.support.browsers import listen
from tests.support.server import Server, beside

WIDE = {"width": 1280, "height": 800}
# Whatever can be tapped, but for links within a sentence; a label counts when its input is in it.
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=radio], [type=checkbox], [type=hidden]), label:has(input)')]
  .filter((target) => target.checkVisibility() && !target.matches('.skip, p a:not(.button)'))
  .map((target) => [target, target.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.5 || box.width < 43)
  .map(([target, box]) => `${target.className || target.textContent.trim()} ${Math.round(box.width)}×${Math.round(box.height)}`)"""


@pytest.fixture(scope="session")
def desk_server(instance: Path, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a database of its own; its public address is the one that the browser sees, for passkeys."""
    yield from beside(instance, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def desk_settings(desk_server: Server) -> Settings:
    return desk.settings_of(Path(desk_server.environment["HOUVAST_INSTANCE"]))


@pytest.fixture
def browser(chromium: object, desk_server: Server, complaints: list[str]) -> Iterator[BrowserContext]:
    """A browser at a desk."""
    context = chromium.new_context(viewport=WIDE, base_url=desk_server.url, service_workers="block", reduced_motion="reduce")
    context.set_default_timeout(SLOW_MACHINE)
    listen(context, complaints, desk_server.url)
    yield context
    context.close()


@pytest.fixture(scope="session")
def planner(chromium: object, desk_server: Server, desk_settings: Settings) -> dict[str, object]:
    """An administrator who has been at it for some weeks: what the browser keeps, and the numbers of things."""
    context = chromium.new_context(base_url=desk_server.url, service_workers="block")
    context.set_default_timeout(SLOW_MACHINE)
    page = context.new_page()
    desk.come_in(page, desk_settings, administrator=True, email="planner@school.example")
    group = desk.make_group(page, "Basisschool De Regenboog")
    desk.make_group(page, "De Vlinder")
    desk.offer_template(page, group)
    desk.share(desk_settings, group, "Sanne Smit", "sanne@school.example")
    numbers = desk.some_weeks(desk_settings, group)
    state = context.storage_state()
    context.close()
    return {"state": state, "group": group, **numbers}


def faults(page: Page, rules: dict[str, list[str]] | None = None) -> list[str]:
    """What axe finds on a page of the desk, what is too wide, and what is too small to be tapped."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN, rules or {}) + page.evaluate(SMALL_TARGETS)
    return found
