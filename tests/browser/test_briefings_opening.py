"""A briefing is opened: what is wrong with it, what paper shows, what a device keeps. The same in every browser, seen in one."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from pwa.config import Settings
from pwa.database import upgrade
from tests.support.badnet import BadNet
from tests.support.briefing import (
    DAY,
    PERSON,
    PHONE_NUMBER,
    PLAIN,
    WORD,
    browser_name,
    database,
    keep,
    make,
    open_maker,
    put,
    read,
    tab,
    wait_until,
)
from tests.support.browsers import open_phone
from tests.support.sealing import fresh, pack, seal, unpack
from tests.support.server import Server

__all__ = ["browser_name", "database", "tab"]  # fixtures


def test_a_wrong_key_says_so_and_offers_to_scan_again(tab: Page) -> None:
    right = put(tab, PLAIN)
    for key in (fresh(), "", "half", right[-22:-1]):
        tab.goto("about:blank")
        tab.goto(right[: right.index("#") + 1] + key)
        expect(tab.locator("[data-state=key]")).to_contain_text("Scan de QR-code opnieuw")
        assert WORD not in tab.content()
    tab.locator("#link").fill(f"http://localhost/nl{right.removeprefix('/nl')}")
    tab.locator("#again button").tap()
    expect(tab.locator("h1")).to_have_text(WORD)


@pytest.mark.parametrize("how", ["altered", "truncated", "of another revision", "of another briefing", "empty", "huge"])
def test_a_text_that_is_not_what_was_sealed_is_told_and_not_shown(tab: Page, how: str) -> None:
    """The network gives something else than what was sealed, as a server that was taken over would."""
    path = put(tab, PLAIN)
    id_, key = path.removeprefix("/nl/b/").split("#")
    sealed = seal(PLAIN | {"expires": int(time.time()) + DAY}, key, "text 1", id_)
    data = unpack(sealed)
    given = {
        "altered": pack(data[:400] + bytes([data[400] ^ 1]) + data[401:]),
        "truncated": sealed[:900],
        "of another revision": seal(PLAIN, key, "text 2", id_),
        "of another briefing": seal(PLAIN, key, "text 1", fresh()),
        "empty": "",
        "huge": "A" * 3_000_000,
    }[how]
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    answer = {"revision": 1, "expires": int(time.time()) + DAY, "sealed": given}
    tab.route("**/api/briefings/*", lambda route: route.fulfill(json=answer))
    tab.goto(path)
    state = "key" if how == "huge" else "damaged"
    expect(tab.locator(f"[data-state={state}], [data-state=damaged]").filter(visible=True)).to_be_visible()
    assert WORD not in tab.content()
    assert errors == []


def test_an_old_text_again_does_not_replace_the_new_one_on_the_device(tab: Page) -> None:
    path = put(tab, PLAIN, revision=5)
    tab.goto(path)
    expect(tab.locator("html[data-kept]")).to_be_attached()
    id_, key = path.removeprefix("/nl/b/").split("#")
    old = PLAIN | {"title": {"lang": "nl", "text": "Oude tekst"}, "expires": int(time.time()) + DAY}
    answer = {"revision": 4, "expires": int(time.time()) + DAY, "sealed": seal(old, key, "text 4", id_)}
    tab.route("**/api/briefings/*", lambda route: route.fulfill(json=answer))
    tab.reload()
    expect(tab.locator("html[data-kept]")).to_be_attached()
    expect(tab.locator("h1")).to_have_text(WORD)


@pytest.mark.parametrize("odd", ["a list", "numbers", "markup", "nothing", "a later expiry", "a strange telephone"])
def test_a_text_that_was_sealed_by_somebody_else_does_no_harm(tab: Page, odd: str) -> None:
    """Whoever has the key may seal what they like: it is text, and never more."""
    text: dict[str, object] = {
        "a list": PLAIN | {"cards": [1, None, {"texts": {"nl": 3}}, {"id": "x", "texts": {"nl": {"do": "x"}}}]},
        "numbers": {"title": 7, "parts": 8, "person": 9, "cards": 10},
        "markup": PLAIN | {"title": {"lang": "nl", "text": "<img src=x onerror=alert(1)>"}},
        "nothing": {},
        "a later expiry": PLAIN,
        "a strange telephone": PLAIN | {"person": {"name": "x", "phone": "javascript:alert(1)//0301234567;ext=1"}},
    }[odd]
    dialogs: list[str] = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    tab.goto(put(tab, text))
    expect(tab.locator("[data-state=opening]")).to_be_hidden()
    assert dialogs == []
    assert tab.locator("#briefing img").count() == 0
    assert re.fullmatch(r"tel:\+?\d*", tab.locator("#phone").get_attribute("href") or "tel:")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("template", ["half-day", "week", "support-day"])
def test_a_template_is_read_in_sixty_seconds_and_printed_on_one_a5_that_a_phone_can_scan(
    tab: Page, template: str, language: str
) -> None:
    import io

    import pypdfium2
    import zxingcpp
    from PIL import Image

    open_maker(tab, language)
    link = make(tab, template)
    tab.goto(link)
    expect(tab.locator("#paper")).not_to_have_attribute("hidden", "")
    words = tab.evaluate("import('#showing').then((module) => module.wordsShown())")
    assert 100 < words <= 240
    seconds = int(re.search(r"\d+", tab.locator("#time").inner_text())[0])  # type: ignore[index]
    assert seconds <= 60
    expect(tab.locator("#sixty")).to_have_text({"nl": "Klaar in 60 seconden", "en": "Ready in 60 seconds"}[language])
    paper = pypdfium2.PdfDocument(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    assert len(paper) == 1
    width, height = (size / 72 * 25.4 for size in paper[0].get_size())
    assert (round(width), round(height)) == (148, 210)
    text = paper[0].get_textpage().get_text_range()
    assert WORD in text
    assert PHONE_NUMBER in text
    sharp = paper[0].render(scale=150 / 72).to_pil()
    (code,) = zxingcpp.read_barcodes(sharp)
    assert code.text == link
    # from an arm's length, with a poor camera: a module is hardly three pixels wide, and grey
    far = sharp.resize((sharp.width * 5 // 12, sharp.height * 5 // 12), Image.Resampling.BILINEAR).rotate(4, fillcolor="white")
    (code,) = zxingcpp.read_barcodes(far)
    assert code.text == link


def test_on_paper_the_code_covers_nothing_whatever_the_maker_left_empty(tab: Page) -> None:
    words = {"lang": "nl", "text": "Genoeg woorden om op een half vel een paar regels mee te vullen. " * 2}
    names = ("attention", "toilet", "avoid", "neighbour")
    tab.goto(put(tab, {**PLAIN, "parts": dict.fromkeys(names, words)}))
    expect(tab.locator("#paper")).not_to_have_attribute("hidden", "")
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 484, "height": 718})  # what an A5 has inside its margins
    covered = tab.evaluate("""() => {
        const code = document.querySelector('#paper').getBoundingClientRect();
        return [...document.querySelectorAll('h1, .facts, .item :is(h2, .person, .text, a)')].filter((part) => {
            const {top, bottom, left, right} = part.getBoundingClientRect();
            return right > left && top < code.bottom && bottom > code.top && left < code.right && right > code.left;
        }).map((part) => part.textContent);
    }""")
    assert covered == []
    assert tab.evaluate("document.querySelector('#paper').getBoundingClientRect().top") >= 0
    assert tab.locator(".item.neighbour").bounding_box()["width"] > 470, "under the code the sheet is used"


def test_the_code_on_the_makers_screen_is_the_link(tab: Page) -> None:
    import io

    import zxingcpp
    from PIL import Image

    link = make(open_maker(tab))
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        shot = Image.open(io.BytesIO(tab.locator(".qr").screenshot()))
        (code,) = zxingcpp.read_barcodes(shot)
        assert code.text == link


def test_forgetting_everything_leaves_nothing_of_a_briefing(tab: Page) -> None:
    link = make(open_maker(tab))
    keep(tab)
    read(tab, link)
    keep(tab)
    tab.goto("/nl/settings")
    expect(tab.locator("html[data-ready]")).to_be_attached()
    tab.locator("#forget button").tap()
    tab.locator("#forget button").tap()
    expect(tab.locator("#forgotten")).to_be_visible()
    for name in ("briefings", "maker"):
        wait_until(tab, f"caches.has('{name}').then((there) => !there)")
    assert [key for key in tab.evaluate("Object.keys(localStorage)") if "houvast" in key] == []
    assert tab.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_what_a_device_keeps_of_a_read_briefing_is_ciphertext_and_no_key(tab: Page) -> None:
    link = make(open_maker(tab))
    tab.evaluate("localStorage.clear()")
    read(tab, link)
    keep(tab)
    dump = tab.evaluate("""async () => {
        const cache = await caches.open('briefings');
        const texts = await Promise.all((await cache.keys()).map(async (request) => request.url + await (await cache.match(request)).text()));
        return texts.join('\\n') + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie;
    }""")
    assert "/api/briefings/" in dump
    for secret in (link.partition("#")[2], WORD, PERSON, PHONE_NUMBER):
        assert secret not in dump


def test_a_briefing_that_was_kept_starts_in_the_chosen_colours_and_follows_a_new_choice(tab: Page) -> None:
    path = put(tab, PLAIN)
    tab.evaluate("localStorage['houvast.theme'] = '\"dark\"'")
    tab.goto(path)
    keep(tab)
    html = tab.evaluate("async () => (await caches.match(location.pathname, {cacheName: 'briefings'})).text()")
    assert '<html data-theme="dark"' in html
    assert "houvast.theme" not in html, "nothing to look up before the paint"
    tab.evaluate("localStorage['houvast.theme'] = '\"light\"'")
    tab.context.set_offline(True)
    tab.reload()
    expect(tab.locator("h1")).to_have_text(WORD)
    expect(tab.locator("html")).to_have_attribute("data-theme", "light")
    tab.context.set_offline(False)
    tab.reload()
    wait_until(tab, """caches.match(location.pathname, {cacheName: 'briefings'}).then((page) => page.text())
        .then((html) => html.includes('<html data-theme="light"'))""")


def test_nobody_else_is_asked_for_anything(tab: Page, server: Server) -> None:
    asked: list[str] = []
    tab.context.on("request", lambda request: asked.append(request.url))
    link = make(open_maker(tab))
    read(tab, link)
    keep(tab)
    assert asked
    assert [url for url in asked if not url.startswith(server.url)] == []
    assert [url for url in asked if "#" in url and "/b/" not in url and "/briefings/" not in url] == []


def test_no_key_and_no_plain_text_reaches_the_server(
    playwright: Playwright, browser_name: str, instance: Path, tmp_path: Path, database: Path,
    used_firefox: Callable[[Path], Path],
) -> None:  # fmt: skip
    """Every byte from both browsers, the database, and the log of a server that logs every request."""
    server = Server(instance, HOUVAST_DATABASE_URL=f"sqlite:///{tmp_path / 'own.db'}")
    server.log = tmp_path / "server.log"
    upgrade(_settings_of(server))
    server.start()
    net = BadNet(target_port=server.port)
    net.heard = bytearray()
    url = f"http://localhost:{net.port}"
    contexts = [open_phone(playwright, browser_name, tmp_path / name, url, used_firefox) for name in "ab"]
    try:
        maker, reader = (context.pages[0] if context.pages else context.new_page() for context in contexts)
        link = make(open_maker(maker))
        own = maker.locator("#own").input_value()
        read(reader, link)
        keep(reader)
        reader.locator("#note-back label", has_text="Goed").click()
        reader.locator("#note-back label", has_text="Een kaart").click()
        reader.locator("#words").fill("Boterbloempje")
        reader.locator("#note-back [type=submit]").click()
        expect(reader.locator("[data-note=sent]")).to_be_visible()
        maker.locator("#done").click()
        expect(maker.locator("#list .notes li")).to_contain_text("Boterbloempje")
        reader.locator(".back").click()
        reader.wait_for_url("**/nl/")
    finally:
        for context in contexts:
            context.close()
        server.stop()
        net.mode("refuse")
    id_, key = link.rpartition("/")[2].split("#")
    token = own.rpartition("#")[2].partition(".")[0]
    places = {"the wire": bytes(net.heard), "the database": (tmp_path / "own.db").read_bytes(),
              "the log": server.log.read_bytes()}  # fmt: skip
    assert id_.encode() in places["the wire"], "the wire was listened to"
    assert unpack(id_) in places["the database"]
    assert f"/nl/b/{id_}".encode() in places["the log"]
    for place, data in places.items():
        for secret in ways_to_write(key):
            assert secret not in data, f"the key is in {place}"
        for word in (WORD, PERSON, "Vergeetmeniet", PHONE_NUMBER, "0301234567", "Boterbloempje"):
            for written in (word.encode(), base64.b64encode(word.encode())[:-4], word.encode("utf-16-le"), word.encode().hex().encode()):
                assert written not in data, f"{word} is in {place}"
    for place in ("the database", "the log"):
        for secret in ways_to_write(token):
            assert secret not in places[place], f"the maker's token is in {place}"


def ways_to_write(secret: str) -> list[bytes]:
    raw = unpack(secret)
    return [secret.encode(), raw, raw.hex().encode(), base64.b64encode(raw).rstrip(b"="), raw.hex().upper().encode()]


def _settings_of(server: Server) -> Settings:
    from pwa.config import read_settings

    return read_settings(server.environment)
