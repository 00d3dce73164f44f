"""Templates of a school, in a real browser: a coach offers one, a teacher begins with it, a substitute reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.browser import PHONE
from tests.support import desk
from tests.support.briefing import PERSON, PHONE_NUMBER, open_maker
from tests.support.browsers import listen
from tests.support.server import Server, beside

HELP = "De groene fluit hangt bij het raam: twee keer blazen."
HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"
Device = Callable[[], Page]


@pytest.fixture(scope="module")
def school_server(instance: Path, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a database of its own; `server` has made its pages."""
    yield from beside(instance, tmp_path_factory.mktemp("school"))


@pytest.fixture
def device(chromium: Browser, school_server: Server, complaints: list[str]) -> Iterator[Device]:
    """A new phone each time, which remembers nothing of the one before."""
    contexts = []

    def new() -> Page:
        context = chromium.new_context(viewport=PHONE, has_touch=True, base_url=school_server.url, locale="en-GB")
        context.set_default_timeout(60_000)
        listen(context, complaints, school_server.url)
        contexts.append(context)
        return context.new_page()

    yield new
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def coach(chromium: Browser, school_server: Server) -> Iterator[Page]:
    """A coach who has come in, at the desk."""
    context = chromium.new_context(base_url=school_server.url, service_workers="block", viewport=PHONE)
    context.set_default_timeout(60_000)
    page = context.new_page()
    desk.come_in(page, desk.settings_of(Path(school_server.environment["HOUVAST_INSTANCE"])))
    yield page
    context.close()


def type_code(page: Page, code: str) -> None:
    page.locator("#of-a-school:not([open]) summary").tap()
    page.locator("#school-code").fill(code)
    page.locator("#with-code button").tap()


def test_a_coach_offers_a_template_a_teacher_begins_with_it_and_a_substitute_reads_it(
    coach: Page, device: Device
) -> None:
    group = desk.make_group(coach, "De Wilgen")
    code = coach.locator(".code-word").inner_text()
    coach.get_by_role("link", name="Templates for briefings").click()
    coach.get_by_role("link", name="Half a day").click()
    coach.locator("#title-nl").fill("Halve dag op De Wilgen")
    coach.locator("#help-nl").fill(HELP)
    coach.locator("#help-en").fill(" ")
    coach.get_by_role("button", name="Offer it").click()
    expect(coach.locator(".entry.wrong .error")).to_have_text("Help, now (English): Please fill this in.")
    expect(coach.locator("#help-nl")).to_have_value(HELP)
    coach.locator("#help-en").fill("The green whistle by the window: blow it twice.")
    coach.get_by_role("button", name="Offer it").click()
    expect(coach.locator(".rows li")).to_have_count(1)
    link = coach.locator("#address").input_value()
    assert link.endswith(f"/briefings/#school={code.replace('-', '')}")

    teacher = open_maker(device())
    type_code(teacher, code.lower().replace("-", " "))
    expect(teacher.locator("#schools h2")).to_have_text("Voorbeelden van De Wilgen")
    teacher.locator("#schools .templates button").tap()
    expect(teacher.locator("#f-help")).to_have_value(HELP)
    expect(teacher.locator("#chosen li")).to_have_count(4)
    teacher.locator("#f-name").fill(PERSON)
    teacher.locator("#f-phone").fill(PHONE_NUMBER)
    teacher.locator("#write [type=submit]").tap()
    expect(teacher.locator("#share")).to_be_visible()

    substitute = device()
    substitute.goto(teacher.locator("#address").input_value())
    expect(substitute.locator(".item.help .text")).to_have_text(HELP)

    other = device()
    other.goto(link)
    expect(other.locator("#schools .templates button")).to_contain_text("Half a day")
    assert "#" not in other.evaluate("location.href")
    other.locator(".languages a").tap()
    expect(other.locator("#schools .templates button")).to_contain_text("Halve dag op De Wilgen")

    coach.goto(f"/coach/en/groups/{group}/templates")
    coach.get_by_role("link", name="Withdraw Half a day").click()
    coach.get_by_role("button", name="Withdraw for good").click()
    expect(coach.locator(".rows li")).to_have_count(0)
    open_maker(other)
    expect(other.locator("#schools .none")).to_be_visible()
    expect(other.locator("#schools .templates button")).to_have_count(0)


def test_a_schools_templates_stay_when_they_cannot_be_fetched_and_go_with_the_code(coach: Page, device: Device) -> None:
    group = desk.make_group(coach, "De Berken")
    desk.offer_template(coach, group, "week", title=HOSTILE[:40], help=HOSTILE)
    code = coach.locator("#address").input_value().rpartition("=")[2]
    teacher = device()
    dialogs: list[str] = []
    teacher.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    type_code(open_maker(teacher), code)
    expect(teacher.locator("#schools .templates b")).to_have_text(HOSTILE[:40])
    teacher.route("**/api/templates", lambda route: route.abort())
    open_maker(teacher)
    expect(teacher.locator("#schools .templates b")).to_have_text(HOSTILE[:40])
    teacher.locator("#schools .templates button").tap()
    expect(teacher.locator("#f-help")).to_have_value(HOSTILE)
    expect(teacher.locator("#f-until")).not_to_have_value("")
    open_maker(teacher)
    type_code(teacher, "ABCDE-FGHJK")
    expect(teacher.locator("#no-school")).to_contain_text("geen internet")
    teacher.unroute("**/api/templates")
    coach.goto(f"/coach/en/groups/{group}")
    coach.locator("summary", has_text="New code").click()
    coach.get_by_role("button", name="Make a new code").click()
    expect(coach.locator(".code-word")).not_to_have_text(code)
    open_maker(teacher)
    expect(teacher.locator("#schools .of-school")).to_have_count(0)
    type_code(teacher, code)
    expect(teacher.locator("#no-school")).to_contain_text("Er is geen groep met deze code.")
    expect(teacher.locator("#schools .of-school")).to_have_count(0)
    assert dialogs == []


def test_a_phone_that_gets_the_tips_of_a_group_has_its_templates_by_itself(coach: Page, device: Device) -> None:
    group = desk.make_group(coach, "De Elzen")
    desk.offer_template(coach, group, "support-day", title="Naast Sam op De Elzen")
    code = coach.locator("#address").input_value().rpartition("=")[2]
    reader = device()
    reader.goto("/healthz")
    # as the worker keeps it for a device that joined, before the school took a new code
    keep = """([group, code]) => caches.open('tips').then((store) => store.put('/-/tips',
        Response.json({token: 'x', groups: [{id: group, name: 'De Elzen'}], codes: {[group]: code, 99: 'ABCDEFGHJK'}})))"""
    reader.evaluate(keep, [group, "ABCDEFGHJM"])
    with reader.expect_response("**/api/templates"):
        open_maker(reader)
    expect(reader.locator("#schools .of-school")).to_have_count(0)
    reader.evaluate(keep, [group, code])  # and after the worker has looked, which it tells
    reader.evaluate("navigator.serviceWorker.dispatchEvent(new MessageEvent('message', {data: {tips: 'came'}}))")
    expect(reader.locator("#schools .templates b")).to_have_text("Naast Sam op De Elzen")
    expect(reader.locator("#schools [data-do=remove]")).to_be_hidden()


def test_a_school_is_removed_from_a_device_by_one_tap(coach: Page, device: Device) -> None:
    group = desk.make_group(coach, "De Linden")
    desk.offer_template(coach, group, "week")
    teacher = device()
    teacher.goto(re.sub(r"^.*?/en/", "/nl/", coach.locator("#address").input_value()))
    teacher.locator("#schools [data-do=remove]").tap()
    expect(teacher.locator("#schools .of-school")).to_have_count(0)
    open_maker(teacher)
    expect(teacher.locator("#begin [data-template]")).to_have_count(3)
    expect(teacher.locator("#schools .of-school")).to_have_count(0)
    teacher.route("**/api/templates", lambda _: None)  # a network that does not answer
    type_code(teacher, "ABCDE-FGHJK")
    expect(teacher.locator("#no-school")).to_have_text("Een ogenblik …")
