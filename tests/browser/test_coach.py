"""A coach at the desk in real Chromium: coming in, planning, a passkey; and every page for everybody."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from pwa.clock import now
from pwa.config import Settings
from tests.browser.conftest import PHONE, SLOW_MACHINE
from tests.browser.test_everybody import AXE
from tests.support import desk
from tests.support.browsers import listen
from tests.support.coaches import PASSWORD, code_of
from tests.support.hostile import HOSTILE
from tests.support.server import Server, beside

WIDE = {"width": 1280, "height": 800}
RUN_AXE = """async () => {
  const {violations} = await axe.run(document, {resultTypes: ['violations']});
  const found = violations.map(({id, nodes}) => `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
  const wide = document.documentElement.scrollWidth - innerWidth;
  return wide > 0 ? [...found, `${wide} px too wide`] : found;
}"""
# Whatever can be tapped, but for links within a sentence; a label counts when its input is in it.
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=radio], [type=checkbox], [type=hidden]), label:has(input)')]
  .filter((target) => target.checkVisibility() && !target.matches('.skip, p a:not(.button)'))
  .map((target) => [target, target.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.5 || box.width < 43)
  .map(([target, box]) => `${target.className || target.textContent.trim()} ${Math.round(box.width)}×${Math.round(box.height)}`)"""
A_ROUND = 10  # hostile texts on the pages of one group
INBOX = """async (texts) => {
  const store = await caches.open('tips');
  for (const [at, text] of texts.entries()) {
    const tip = {tip: at + 1, tag: `tip-${at}`, title: text, body: text, lang: 'en', path: text, at, read: false};
    await store.put(`/-/tips/tip-${at}`, Response.json(tip));
  }
}"""


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


def test_from_the_invitation_to_a_tip_that_stands_in_the_month(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    desk.come_in(page, desk_settings, email="first@school.example")
    page.goto("/coach/en/")
    page.get_by_role("link", name="Make a group").click()
    page.locator("#name").fill("De Zwaluw")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("De Zwaluw")

    page.goto("/coach/en/")
    taps = 0
    for role, name in (("link", "New tip for De Zwaluw"), ("link", "Keep playtime, keep moving"), ("button", "Schedule it")):
        page.get_by_role(role, name=name).first.click()
        taps += 1
    expect(page.locator(".state")).to_have_text("held for 60 seconds")
    assert taps <= 6
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"^(1:00|0:\d\d)$"))
    started = page.locator("[data-left]").inner_text()
    expect(page.locator("[data-left]")).not_to_have_text(started)
    expect(page.get_by_role("timer")).to_have_attribute("aria-live", "off")
    page.get_by_role("link", name="Tips", exact=True).click()
    tip = page.locator(".planned")
    while not tip.count():  # the next school day may be in another month
        page.get_by_label("Month after").click()
    expect(tip).to_contain_text("held for 60 seconds")


def test_previews_and_counters_follow_what_is_typed(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    desk.come_in(page, desk_settings, email="typist@school.example")
    group = desk.make_group(page, "De Typemachine")
    page.goto(f"/coach/en/groups/{group}/tips/new")
    page.locator("#title-nl").press_sequentially("Groet bij de deur 👋")
    page.locator("#body-en").fill("x" * 101)
    dutch, english = page.locator('.words[data-language="nl"]'), page.locator('.words[data-language="en"]')
    for screen in (".android", ".iphone"):
        expect(dutch.locator(f"{screen} .shown-title")).to_have_text("Groet bij de deur 👋")
        expect(english.locator(f"{screen} .shown-body")).to_have_text("x" * 101)
    expect(page.locator("#count-title-nl output")).to_have_text("19")
    expect(dutch.locator(".iphone")).to_be_visible()
    expect(page.locator("#count-body-en output")).to_have_text("101")
    expect(english.locator(".long")).to_be_visible()
    expect(dutch.locator(".long")).to_be_hidden()
    page.get_by_role("button", name="Test on my phone").first.click()
    expect(page.locator(".words .error")).to_have_count(1)
    expect(page.locator("#title-nl")).to_have_value("Groet bij de deur 👋")


def test_words_stay_in_the_tab_until_they_are_sent(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    key = desk.come_in(page, desk_settings, email="keeper@school.example")
    other = desk.make_group(page, "De Buren")
    group = desk.make_group(page, "De Bewaarder")
    page.goto(f"/coach/en/groups/{group}/tips/new?card=keep-recess")
    page.locator("#title-nl").fill("Groet bij de deur")
    page.locator(f"[name=also][value='{other}']").check()
    last = page.locator("[name=when]:not([value=now], [value=other])").last
    last.check()
    day = last.get_attribute("value")
    page.get_by_role("button", name="Test on my phone").first.click()
    page.locator(".languages a").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.locator("#title-nl")).to_have_value("Groet bij de deur")
    expect(page.locator('.words[data-language="nl"] .android .shown-title')).to_have_text("Groet bij de deur")
    expect(page.locator(f"[name=also][value='{other}']")).to_be_checked()
    expect(page.locator(f"[name=when][value='{day}']")).to_be_checked()

    browser.clear_cookies()  # the session has ended
    page.get_by_role("button", name="Plan de tip").click()
    page.locator("#email").fill("keeper@school.example")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    page.locator("#code").fill(code_of(key, time.time() + 30))
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page.locator("#title-nl")).to_have_value("Groet bij de deur")
    page.goto(f"/coach/nl/groups/{group}/tips/new")
    expect(page.locator("#title-nl")).to_have_value("")

    page.goto(f"/coach/nl/groups/{group}/tips/new?card=keep-recess")
    page.get_by_role("button", name="Plan de tip").click()
    expect(page.locator("h1")).to_have_text("Groet bij de deur")
    page.goto(f"/coach/nl/groups/{group}/tips/new?card=keep-recess")
    expect(page.locator("#title-nl")).to_have_value("Pak de pauze niet af")
    page.locator("#title-nl").fill("Iets anders")
    page.goto("/coach/nl/account")
    page.get_by_role("button", name="Uitloggen", exact=True).click()
    expect(page.locator("h1")).to_have_text("Inloggen als coach")
    assert page.evaluate("sessionStorage.length") == 0


def test_another_day_is_chosen_by_filling_it_in(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    desk.come_in(page, desk_settings, email="later@school.example")
    group = desk.make_group(page, "De Agenda")
    page.goto(f"/coach/en/groups/{group}/tips/new?card=keep-recess")
    other, day = page.locator("[name=when][value=other]"), page.locator("#day")
    later = (now().date() + timedelta(days=100)).isoformat()
    day.fill(later)
    expect(other).to_be_checked()
    page.reload()
    expect(other).to_be_checked()
    expect(day).to_have_value(later)
    page.locator("[name=when]").first.check()
    expect(day).to_have_value("")
    expect(other).not_to_be_checked()
    page.set_viewport_size(PHONE)
    page.reload()
    expect(page.locator(".android").first).to_be_hidden()
    page.locator(".looks summary").first.click()
    expect(page.locator(".android").first).to_be_visible()
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE) + page.evaluate(SMALL_TARGETS) == []


def test_a_passkey_signs_a_coach_in_without_a_password(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    devices = browser.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})  # fmt: skip
    desk.come_in(page, desk_settings, email="passkey@school.example")
    page.goto("/coach/en/account/passkeys")
    page.locator("#name").fill("Laptop of school")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/coach/en/account")
    page.goto("/coach/en/account/passkeys")
    expect(page.locator(".rows")).to_contain_text("Laptop of school")
    page.goto("/coach/en/account")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in as a coach")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("h1")).to_have_text("Your groups")
    page.goto("/coach/en/account")
    here = page.url.removesuffix("/coach/en/account")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"/coach/en/sign-in?next={here}//coach/en/account")  # which a browser takes for a host named coach
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{here}/coach/en/account")


def test_progress_moves_by_itself_and_without_scripts_by_looking_again(
    browser: BrowserContext, planner: dict[str, object], desk_settings: Settings
) -> None:
    from sqlalchemy import update

    from pwa.database import make_engine, writing
    from pwa.delivery.tables import chunks, runs

    browser.add_cookies(planner["state"]["cookies"])
    page = browser.new_page()
    page.goto(f"/coach/en/tips/{planner['going']}")
    expect(page.locator('[data-number="done"]')).to_have_text("31")
    with writing(make_engine(desk_settings.database_url)) as connection:
        connection.execute(update(chunks).values(done=((1 << 40) - 1).to_bytes(6, "little"), counts='{"accepted": 40}'))
    expect(page.locator('[data-number="done"]')).to_have_text("40")
    expect(page.locator('[data-number="accepted"]')).to_have_text("40")
    assert page.locator("progress").evaluate("bar => bar.value") == 40
    with writing(make_engine(desk_settings.database_url)) as connection:
        connection.execute(update(runs).where(runs.c.tip_id == planner["going"]).values(state="done"))
    expect(page.locator("progress")).to_have_count(0)
    expect(page.locator(".state")).to_have_text("sent")
    with writing(make_engine(desk_settings.database_url)) as connection:
        connection.execute(update(runs).where(runs.c.tip_id == planner["going"]).values(state="open"))


def test_a_link_is_copied_by_its_button_and_without_scripts_there_is_none(
    browser: BrowserContext, planner: dict[str, object]
) -> None:
    browser.add_cookies(planner["state"]["cookies"])
    browser.grant_permissions(["clipboard-read", "clipboard-write"])
    page = browser.new_page()
    page.goto("/coach/en/colleagues")
    page.get_by_role("button", name="Invite a coach").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    link = page.locator("#link").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.evaluate("() => void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Link copied")).to_have_count(0)
    assert page.evaluate("getSelection().toString()") == link
    page.route("**/copying*.js", lambda route: route.abort())
    page.goto(f"/coach/en/groups/{planner['group']}/templates")
    expect(page.locator("#address")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()


def pages(planner: dict[str, object]) -> dict[str, str]:
    group = planner["group"]
    return {
        "desk": "", "group": f"groups/{group}", "edit": f"groups/{group}/edit", "new group": "groups/new",
        "poster": f"groups/{group}/poster", "remove": f"groups/{group}/removal", "coaches": f"groups/{group}/coaches", "choose": f"groups/{group}/tips/choose",
        "templates": f"groups/{group}/templates", "template": f"groups/{group}/templates/new?template=week",
        "own template": f"groups/{group}/templates/1", "compose": f"groups/{group}/tips/new?card=keep-recess", "month": f"tips?group_id={group}", "all months": "tips",
        "sent": f"tips/{planner['sent']}", "going": f"tips/{planner['going']}", "planned": f"tips/{planner['planned']}",
        "correct": f"tips/{planner['sent']}/correction", "programme": f"groups/{group}/programmes/first-20-days",
        "audit": "audit", "colleagues": "colleagues", "account": "account", "phone": "phone",
        "passkeys": "account/passkeys", "password": "account/password", "codes": "account/recovery-codes",
        "second step": "account/second-step", "not here": "nowhere",
    }  # fmt: skip


OUTSIDE = {"sign in": "sign-in", "passkey": "sign-in/passkey", "over": "invitation/none"}


SEEN = [("nl", "light", PHONE), ("nl", "dark", PHONE), ("en", "light", PHONE), ("en", "dark", PHONE),
        ("nl", "dark", WIDE), ("en", "light", WIDE)]  # fmt: skip


@pytest.mark.parametrize(("language", "scheme", "size"), SEEN, ids=str)
def test_axe_finds_nothing_on_any_page_of_the_desk(
    browser: BrowserContext, planner: dict[str, object], language: str, scheme: str, size: dict[str, int]
) -> None:
    page = browser.new_page()
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = {}
    for signed_in, paths in ((False, OUTSIDE), (True, pages(planner))):
        if signed_in:
            browser.add_cookies(planner["state"]["cookies"])
        for name, path in paths.items():
            page.goto(f"/coach/{language}/{path}")
            page.evaluate(AXE)
            found[name] = page.evaluate(RUN_AXE) + page.evaluate(SMALL_TARGETS)
    assert {name: what for name, what in found.items() if what} == {}


def test_what_a_coach_types_is_never_more_than_text(browser: BrowserContext, desk_settings: Settings) -> None:
    """T21: a hundred hostile texts in every field of the desk, on every page that shows them, on the reader's page as well:
    no dialog, and (`browser`) no word of the policy and no request to somebody else. A text of a tip holds three."""
    page = browser.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    desk.come_in(page, desk_settings, email="hostile@school.example", name=HOSTILE[12])
    day = (now().date() + timedelta(days=200)).isoformat()
    for first in range(0, len(HOSTILE), A_ROUND):
        name, study, title, titel, *rest = HOSTILE[first : first + A_ROUND]
        group = desk.make_group(page, name)
        page.locator("#date").fill(day)
        page.locator("form:has(#date) #name").fill(study)
        page.get_by_role("button", name="Add a study day").click()
        expect(page.locator(".rows")).to_contain_text(study)
        page.goto(f"/coach/en/groups/{group}/tips/new")
        words = {"title-en": title, "title-nl": titel, "body-en": " ".join(rest[:3]), "body-nl": " ".join(rest[3:])}
        for field, text in words.items():
            page.locator(f"#{field}").fill(text)
        page.get_by_role("button", name="Schedule it").click()
        expect(page.locator("h1")).to_have_text(title)
        for path in ("", "/poster", "/removal", "/coaches", "/tips/choose", f"/programmes/new-pupil?first={day}"):
            page.goto(f"/coach/en/groups/{group}{path}")
            expect(page.locator("h1")).to_be_visible()
    for path in ("", "tips", "audit", "account", f"groups/{group}/tips/new"):
        page.goto(f"/coach/en/{path}")
        expect(page.locator("h1")).to_be_visible()
    page.goto("/en/")
    page.evaluate(INBOX, HOSTILE)
    page.goto("/en/tips")
    expect(page.locator("#tips-inbox li")).to_have_count(len(HOSTILE))
    assert dialogs == []


def test_a_password_can_be_seen_while_it_is_typed(browser: BrowserContext) -> None:
    page = browser.new_page()
    page.goto("/coach/en/sign-in")
    page.locator("#password").fill("groen fietst 7 nachten")
    expect(page.locator("#password")).to_have_attribute("type", "password")
    page.get_by_label("Show what I type").check()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.get_by_label("Show what I type").uncheck()
    expect(page.locator("#password")).to_have_attribute("type", "password")
    page.route("**/revealing*.js", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_label("Show what I type")).to_be_hidden()


def test_after_signing_out_going_back_shows_nothing(browser: BrowserContext, desk_settings: Settings) -> None:
    page = browser.new_page()
    key = desk.come_in(page, desk_settings, email="leaver@school.example")
    desk.make_group(page, "Geheim Gezelschap")
    page.goto("/coach/en/account")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in as a coach")
    page.goto("/coach/en/")
    expect(page.locator("h1")).to_have_text("Sign in as a coach")
    page.go_back()
    expect(page.get_by_text("Geheim Gezelschap")).to_have_count(0)
    page.goto("/coach/en/sign-in")
    page.locator("#email").fill("leaver@school.example")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("#code").fill(code_of(key, time.time() + 30))  # the app's next one: the last was used
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Geheim Gezelschap")).to_be_visible()
