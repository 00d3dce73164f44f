"""Every page of the desk for everybody: what axe finds, targets and widths; and what a coach types is only ever text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from pwa.clock import now
from pwa.config import Settings
from tests.browser.conftest import PHONE
from tests.browser.desk.conftest import WIDE, faults
from tests.support import desk
from tests.support.hostile import HOSTILE

BY_SIGHT = {"runOnly": ["color-contrast", "target-size", "scrollable-region-focusable"]}  # what colours and widths change
A_ROUND = 25  # hostile texts on the pages of one group
INBOX = """async (texts) => {
  const store = await caches.open('tips');
  for (const [at, text] of texts.entries()) {
    const tip = {tip: at + 1, tag: `tip-${at}`, title: text, body: text, lang: 'en', path: text, at, read: false};
    await store.put(`/-/tips/tip-${at}`, Response.json(tip));
  }
}"""


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


@pytest.mark.parametrize(("language", "second"), [("nl", PHONE), ("en", WIDE)], ids=str)
def test_axe_finds_nothing_on_any_page_of_the_desk(
    browser: BrowserContext, planner: dict[str, object], language: str, second: dict[str, int]
) -> None:
    """In light on a phone; in dark on a phone (Dutch), or on a wide screen (English)."""
    page = browser.new_page()
    found = {}
    for signed_in, paths in ((False, OUTSIDE), (True, pages(planner))):
        if signed_in:
            browser.add_cookies(planner["state"]["cookies"])
        for name, path in paths.items():
            page.set_viewport_size(PHONE)
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
            page.goto(f"/coach/{language}/{path}")
            found[name] = faults(page)
            page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            page.set_viewport_size(second)
            found[f"{name}, dark, {second}"] = faults(page, BY_SIGHT)
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
        body, other_body, days = rest[:3], rest[3:6], rest[6:]
        group = desk.make_group(page, name)
        desk.have_study_days(desk_settings, group, days)
        page.locator("#date").fill(day)
        page.locator("form:has(#date) #name").fill(study)
        page.get_by_role("button", name="Add a study day").click()
        for each in (study, *days):
            expect(page.locator(".rows")).to_contain_text(each)
        page.goto(f"/coach/en/groups/{group}/tips/new")
        words = {"title-en": title, "title-nl": titel, "body-en": " ".join(body), "body-nl": " ".join(other_body)}
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
