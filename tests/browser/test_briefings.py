"""A briefing from one phone to another, in both browsers: made, shared, read, kept, changed, withdrawn, over, answered."""

from __future__ import annotations

import base64
import contextlib
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Playwright, expect

from pwa.config import Settings
from pwa.database import upgrade
from tests.support.badnet import BadNet
from tests.support.browsers import BROWSERS, open_phone
from tests.support.sealing import fresh, id_of, pack, seal, unpack
from tests.support.server import Server

DAY = 86_400
WORD = "Zonnebloemlokaal"  # stands in the text and nowhere else
PERSON, PHONE_NUMBER = "Directeur Vergeetmeniet", "030 123 45 67"
Phone = Callable[[str], Page]


@pytest.fixture(scope="module")
def database(settings: Settings) -> Path:
    """The tables, in the database of the server that all tests share."""
    upgrade(settings)
    return settings.instance / "houvast.db"


@pytest.fixture
def net(server: Server, database: Path) -> Iterator[BadNet]:
    """A network of this test's own."""
    made = BadNet(target_port=server.port)
    yield made
    made.mode("refuse")


@pytest.fixture(params=BROWSERS)
def browser_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def phones(playwright: Playwright, browser_name: str, tmp_path: Path, net: BadNet) -> Iterator[Phone]:
    """A phone by name, switched on (again): a cold start with what its profile holds."""
    on: dict[str, BrowserContext] = {}

    def switch_on(name: str) -> Page:
        if name in on:
            on.pop(name).close()
        on[name] = context = open_phone(playwright, browser_name, tmp_path / name, f"http://localhost:{net.port}")
        context.set_default_timeout(60_000)
        page = context.pages[0] if context.pages else context.new_page()
        if browser_name == "chromium":
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.clearBrowserCache")
        return page

    yield switch_on
    for context in on.values():
        context.close()


def make(page: Page, template: str = "half-day", taps: Callable[[Locator], None] = Locator.click) -> str:
    """From the maker's page to the reader's link, as a teacher does it."""
    taps(page.locator(f"[data-template={template}]"))
    taps(page.locator("#f-title"))
    page.keyboard.type(f"Groep 6, {WORD}")
    taps(page.locator("#f-name"))
    page.keyboard.type(PERSON)
    taps(page.locator("#f-phone"))
    page.keyboard.type(PHONE_NUMBER)
    taps(page.locator("#write [type=submit]"))
    expect(page.locator("#share")).to_be_visible()
    return page.locator("#address").input_value()


def open_maker(page: Page, language: str = "nl") -> Page:
    page.goto(f"/{language}/briefings/")
    expect(page.locator("html[data-ready]")).to_be_attached()
    return page


def read(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator("#items")).to_be_visible()
    expect(page.locator("h1")).to_contain_text(WORD)


def keep(page: Page) -> None:
    """Until the device has it all, the worker included."""
    expect(page.locator("html[data-kept]")).to_be_attached()
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")


def kept_paths(page: Page) -> list[str]:
    paths: list[str] = page.evaluate("""async () => !(await caches.has('briefings')) ? [] :
        (await (await caches.open('briefings')).keys()).map((request) => new URL(request.url).pathname)""")
    return paths


def test_a_briefing_goes_from_one_phone_to_another_and_stays_there_without_a_network(
    phones: Phone, net: BadNet
) -> None:
    link = make(open_maker(phones("maker")))
    reader = phones("reader")
    read(reader, link)
    expect(reader.locator("[data-item]")).to_have_count(9)
    expect(reader.locator("#phone")).to_have_attribute("href", "tel:0301234567")
    expect(reader.locator(".person")).to_have_text(PERSON)
    expect(reader.locator("#until")).to_contain_text("18:00")
    keep(reader)
    for mode in ("refuse", "hang"):
        net.mode(mode)
        reader = phones("reader")
        read(reader, link)
        reader.locator(".card-here summary").first.click()
        expect(reader.locator(".card-here[open] .do dd").first).to_be_visible()
        reader.locator(".languages a").click()
        expect(reader.locator("html")).to_have_attribute("lang", "en")
        expect(reader.locator(".card-here b").first).to_have_text("Start at the door")
        expect(reader.locator(".item.help .text")).to_have_attribute("lang", "nl")


def test_a_reader_sees_a_change_at_once_and_a_withdrawn_briefing_never_again(phones: Phone, net: BadNet) -> None:
    maker = phones("maker")
    link = make(open_maker(maker))
    reader = phones("reader")
    read(reader, link)
    keep(reader)
    maker.locator("#done").click()
    maker.locator("#list [data-do=change]").click()
    maker.locator("#f-help").fill("Bel meteen.")
    maker.locator("#write [type=submit]").click()
    expect(maker.locator("#address")).to_have_value(link)
    reader.goto("about:blank")
    reader.goto(link)
    expect(reader.locator(".item.help .text")).to_have_text("Bel meteen.")
    expect(reader.locator("#changed")).to_be_visible()
    keep(reader)
    maker.locator("#done").click()
    withdraw = maker.locator("#list [data-do=withdraw]")
    withdraw.click()
    expect(withdraw).to_contain_text("Tik nog eens")
    withdraw.click()
    expect(maker.locator("#mine")).to_be_hidden()
    reader.goto("about:blank")
    reader.goto(link)
    expect(reader.locator("[data-state=gone]")).to_be_visible()
    expect(reader.locator("#items")).to_be_hidden()
    assert WORD not in reader.locator("body").inner_text()
    assert WORD not in reader.content()
    reader.wait_for_function("caches.has('briefings').then((there) => !there)")
    net.mode("refuse")
    reader = phones("reader")
    with contextlib.suppress(Error):  # Chromium asks the network by itself, and shows a page of its own
        reader.goto(link, wait_until="commit")
    expect(reader.locator("body")).not_to_contain_text(WORD)


def test_a_briefing_that_is_over_is_gone_from_the_device_with_and_without_a_network(phones: Phone, net: BadNet) -> None:
    link = make(open_maker(phones("maker")))
    reader = phones("reader")
    read(reader, link)
    keep(reader)
    net.mode("refuse")
    reader = phones("reader")
    reader.clock.set_fixed_time(time.time() + 2 * DAY)
    reader.goto(link)
    expect(reader.locator("[data-state=gone], [data-state=later]").filter(visible=True)).to_be_visible()
    assert WORD not in reader.content()
    reader.wait_for_function("caches.has('briefings').then((there) => !there)")


def test_it_disappears_from_the_screen_in_the_minute_that_it_is_over(phones: Phone, net: BadNet) -> None:
    link = make(open_maker(phones("maker")))
    reader = phones("reader")
    reader.clock.install()
    read(reader, link)
    keep(reader)
    reader.clock.fast_forward(2 * DAY * 1000)
    expect(reader.locator("[data-state=gone]")).to_be_visible()
    assert WORD not in reader.content()


def test_houvast_itself_sweeps_away_what_is_over(phones: Phone) -> None:
    link = make(open_maker(phones("maker")))
    reader = phones("reader")
    read(reader, link)
    keep(reader)
    reader.evaluate("""async () => {
        const cache = await caches.open('briefings');
        for (const request of await cache.keys()) {
            const answer = await cache.match(request);
            if (!answer.headers.has('x-until')) continue;
            const headers = new Headers(answer.headers);
            headers.set('x-until', '1000');
            await cache.put(request, new Response(await answer.text(), {headers}));
        }
    }""")
    assert any(path.startswith("/api/") for path in kept_paths(reader))
    reader = phones("reader")
    reader.goto("/nl/")
    reader.wait_for_function("""async () => !(await (await caches.open('briefings')).keys())
        .some((request) => /\\/(api|b)\\//.test(request.url))""")


def test_a_note_comes_back_in_three_taps_and_only_the_maker_reads_it(phones: Phone, net: BadNet) -> None:
    maker = phones("maker")
    link = make(open_maker(maker))
    reader = phones("reader")
    read(reader, link)
    form = reader.locator("#note-back")
    expect(form).to_be_visible()
    form.locator("label", has_text="Goed").click()
    form.locator("label", has_text="Een kaart").click()
    form.locator("#words").fill("S. had het lastig na de pauze. " * 10)
    assert len(form.locator("#words").input_value()) <= 310
    form.locator("[type=submit]").click()
    expect(reader.locator("[data-note=sent]")).to_be_visible()
    maker.locator("#done").click()
    note = maker.locator("#list .notes li")
    expect(note).to_contain_text("Het ging goed. Wat hielp: een kaart. S. had het lastig na de pauze.")
    assert len(note.inner_text()) < 200


def test_a_note_without_a_network_waits_sealed_and_goes_later(phones: Phone, net: BadNet) -> None:
    maker = phones("maker")
    link = make(open_maker(maker))
    reader = phones("reader")
    read(reader, link)
    keep(reader)
    net.mode("refuse")
    reader = phones("reader")
    read(reader, link)
    reader.locator("#note-back label", has_text="Lastig").click()
    reader.locator("#note-back label", has_text="Een collega").click()
    reader.locator("#words").fill("Vergeetmijnietje")
    reader.locator("#note-back [type=submit]").click()
    expect(reader.locator("[data-note=waiting]")).to_be_visible()
    assert "Vergeetmijnietje" not in reader.evaluate("JSON.stringify(localStorage)")
    net.mode("pass")
    reader = phones("reader")
    reader.goto(link)
    expect(reader.locator("[data-note=sent]")).to_be_visible()
    maker.locator("#done").click()
    expect(maker.locator("#list .notes li")).to_contain_text("Vergeetmijnietje")


def test_the_makers_link_lets_another_device_change_it_and_the_readers_does_not(phones: Phone) -> None:
    maker = phones("maker")
    link = make(open_maker(maker))
    own = maker.locator("#own").input_value()
    assert re.fullmatch(r"http://localhost:\d+/nl/briefings/#[\w-]{22}\.[\w-]{22}", own)
    other = phones("other")
    other.goto(own)
    expect(other.locator("#list h3")).to_contain_text(WORD)
    assert "#" not in other.evaluate("location.href")
    other.locator("#list [data-do=change]").click()
    other.locator("#f-avoid").fill("Niet rennen.")
    other.locator("#write [type=submit]").click()
    expect(other.locator("#address")).to_have_value(link)
    id_, key = link.rpartition("/")[2].split("#")
    for token in (key, id_):
        status = other.evaluate("""([id, token]) => fetch(`/api/briefings/${id}`, {method: 'DELETE',
            headers: {authorization: `Bearer ${token}`}}).then((answer) => answer.status)""", [id_, token])
        assert status == 404
    maker.locator("#done").click()
    maker.locator("#list [data-do=change]").click()
    maker.locator("#write [type=submit]").click()
    expect(maker.locator("#refused")).to_contain_text("op een ander toestel veranderd")


def test_ready_in_sixty_seconds_shows_one_item_at_a_time(phones: Phone) -> None:
    link = make(open_maker(phones("maker")))
    reader = phones("reader")
    read(reader, link)
    expect(reader.locator("#paper")).not_to_have_attribute("hidden", "")
    reader.locator("#sixty").click()
    seen = []
    for _ in range(9):
        (shown,) = [item for item in reader.locator("[data-item]").all() if item.is_visible()]
        seen.append(shown.get_attribute("data-item"))
        reader.locator("[data-step='1']").click()
    assert seen == ["call", "help", "rhythm", "cards", "attention", "toilet", "avoid", "neighbour", "note"]
    expect(reader.locator("#steps")).to_be_hidden()
    expect(reader.locator(".item:visible")).to_have_count(9)


def test_no_key_and_no_plain_text_reaches_the_server(
    playwright: Playwright, browser_name: str, instance: Path, tmp_path: Path, database: Path
) -> None:
    """Every byte from both browsers, the database, and the log of a server that logs every request."""
    server = Server(instance, HOUVAST_DATABASE_URL=f"sqlite:///{tmp_path / 'own.db'}")
    server.log = tmp_path / "server.log"
    upgrade(_settings_of(server))
    server.start()
    net = BadNet(target_port=server.port)
    net.heard = bytearray()
    contexts = [open_phone(playwright, browser_name, tmp_path / name, f"http://localhost:{net.port}") for name in "ab"]
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


# What follows is the page's own doing, the same in every browser: it is seen in one.


@pytest.fixture
def tab(chromium: Browser, server: Server, database: Path) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 640}, has_touch=True, base_url=server.url)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def put(page: Page, text: dict[str, object], revision: int = 1, ahead: int = DAY) -> str:
    """A briefing sealed apart from our scripts; its path and key."""
    page.goto("/healthz")
    token, key = fresh(), fresh()
    id_ = id_of(token)
    expires = int(time.time()) + ahead
    body = {"revision": revision, "after": 0, "expires": expires,
            "sealed": seal(text | {"expires": expires}, key, f"text {revision}", id_)}  # fmt: skip
    status = page.evaluate("""([id, token, body]) => fetch(`/api/briefings/${id}`, {method: 'PUT', body: JSON.stringify(body),
        headers: {authorization: `Bearer ${token}`, 'content-type': 'application/json'}}).then((answer) => answer.status)""",
        [id_, token, body])  # fmt: skip
    assert status == 201
    return f"/nl/b/{id_}#{key}"


PLAIN = {"title": {"lang": "nl", "text": WORD}, "person": {"name": PERSON, "phone": PHONE_NUMBER},
         "parts": {"help": {"lang": "nl", "text": "Bel"}}, "cards": [], "made": 0}  # fmt: skip


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


def test_a_briefing_is_made_in_ten_taps_at_most_from_the_settings_on(tab: Page) -> None:
    taps = 0

    def tap(target: Locator) -> None:
        nonlocal taps
        target.tap()
        taps += 1

    tab.goto("/nl/")
    expect(tab.locator("html[data-ready]")).to_be_attached()
    tap(tab.locator(".settings-link"))
    tap(tab.locator('#settings a[href="/nl/briefings/"]'))
    expect(tab.locator("html[data-ready]")).to_be_attached()
    counter = "addEventListener('pointerdown', (event) => event.isTrusted && (window.touched = (window.touched ?? 0) + 1), true)"
    tab.evaluate(counter)
    make(tab, taps=tap)
    tap(tab.locator("#share [data-do=copy]"))
    assert tab.evaluate("window.touched") == taps - 2
    assert taps <= 10


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


def test_a_name_is_noticed_while_writing_and_an_initial_or_a_seat_offered(tab: Page) -> None:
    open_maker(tab).locator("[data-template=half-day]").tap()
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill("06 12345678")
    area = tab.locator("#f-avoid")
    area.fill("Zet Sem niet naast Yara. BSN 111222333.")
    area.blur()
    warnings = tab.locator("[data-for=avoid] li")
    expect(warnings).to_have_count(3)
    expect(warnings.nth(2)).to_contain_text("burgerservicenummer")
    expect(tab.locator("[data-for=phone] li")).to_contain_text("iemands eigen telefoon")
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    tab.locator("#f-phone").blur()
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#write [type=submit]")).to_contain_text("Toch delen")
    expect(tab.locator("#share")).to_be_hidden()
    warnings.first.locator("[data-do=initial]").tap()
    expect(area).to_have_value("Zet S. niet naast Yara. BSN 111222333.")
    warnings.first.locator("[data-do=seat]").tap()
    expect(area).to_have_value("Zet S. niet naast de leerling op plek …. BSN 111222333.")
    area.fill("Zet S. vooraan.")
    area.blur()
    expect(warnings).to_have_count(0)
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share")).to_be_visible()


def test_words_and_seconds_are_counted_while_writing(tab: Page) -> None:
    open_maker(tab, "en").locator("[data-template=half-day]").tap()
    before = int(re.match(r"\d+", tab.locator("#count").inner_text())[0])  # type: ignore[index]
    tab.locator("#f-avoid").fill("word " * 200)
    count = tab.locator("#count").inner_text()
    words, seconds = map(int, re.findall(r"\d+", count))
    assert words > before + 100
    assert seconds == round(words / 4)
    expect(tab.locator("#long")).to_be_visible()


def test_cards_are_chosen_by_situation_and_by_search_and_there_are_five_at_most(tab: Page) -> None:
    open_maker(tab, "en").locator("[data-template=half-day]").tap()
    tab.locator("#choose summary").tap()
    tab.locator("#by-situation").select_option("anger")
    shown = tab.locator("#pick li:visible")
    assert 0 < shown.count() < 25
    tab.locator("#by-situation").select_option("")
    tab.locator("#by-word").fill("woede")  # words of the other language find it too
    expect(tab.locator("#pick [data-card=anger-is-fear]")).to_be_visible()
    tab.locator("#pick [data-card=anger-is-fear]").tap()
    expect(tab.locator("#chosen li")).to_have_count(5)
    tab.locator("#by-word").fill("")
    expect(tab.locator("#pick [data-card=full-head]")).to_be_disabled()
    tab.locator("#pick [data-card=keep-recess]").tap()
    expect(tab.locator("#chosen li")).to_have_count(4)
    expect(tab.locator("#pick [data-card=full-head]")).to_be_enabled()


def test_the_language_of_each_part_is_marked(tab: Page) -> None:
    open_maker(tab, "nl").locator("[data-template=half-day]").tap()
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    tab.locator("#f-help").fill("Send a child with the red card.")
    tab.locator("[name=help-lang]").select_option("en")
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share")).to_be_visible()
    tab.goto(tab.locator("#address").input_value())
    expect(tab.locator(".item.help .text")).to_have_attribute("lang", "en")
    expect(tab.locator(".item.rhythm .text")).to_have_attribute("lang", "nl")


def test_a_draft_stays_on_the_device_and_the_last_one_can_be_used_again(tab: Page) -> None:
    open_maker(tab).locator("[data-template=half-day]").tap()
    tab.locator("#f-title").fill("Groep 8")
    open_maker(tab)
    tab.locator("#go-on").tap()
    expect(tab.locator("#f-title")).to_have_value("Groep 8")
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share")).to_be_visible()
    first = tab.locator("#address").input_value()
    open_maker(tab)
    expect(tab.locator("#draft")).to_be_hidden()
    tab.locator("#copy-last").tap()
    expect(tab.locator("#f-title")).to_have_value("Groep 8")
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share")).to_be_visible()
    assert tab.locator("#address").input_value() != first, "another briefing, with a key of its own"
    tab.locator("#done").tap()
    expect(tab.locator("#list article")).to_have_count(2)


def test_what_is_older_than_thirty_days_is_marked(tab: Page) -> None:
    make(open_maker(tab))
    expect(tab.locator("#list [data-state=old]")).to_be_hidden()
    tab.clock.set_fixed_time(time.time() + 31 * DAY)
    open_maker(tab)
    expect(tab.locator("#list [data-state=old]")).to_be_visible()
    expect(tab.locator("#list [data-state=over]")).to_be_visible()
    expect(tab.locator("#list [data-do=change]")).to_be_hidden()


def test_a_briefing_made_in_the_evening_is_for_tomorrow(tab: Page) -> None:
    for hour, days in ((7, 0), (16, 0), (17, 1), (22, 1)):
        tab.clock.set_fixed_time(f"2026-11-24T{hour:02}:30:00")
        open_maker(tab).locator("[data-template=half-day]").tap()
        expect(tab.locator("#f-until")).to_have_value(f"2026-11-{24 + days}")
        tab.evaluate("localStorage.clear()")


def test_without_a_network_the_draft_stays_and_says_so(tab: Page) -> None:
    open_maker(tab).locator("[data-template=half-day]").tap()
    tab.locator("#f-title").fill("Groep 8")
    tab.locator("#f-name").fill(PERSON)
    tab.locator("#f-phone").fill(PHONE_NUMBER)
    tab.route("**/api/**", lambda route: route.abort())
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#refused")).to_contain_text("Nu geen netwerk")
    tab.unroute("**/api/**")
    tab.locator("#write [type=submit]").tap()
    expect(tab.locator("#share")).to_be_visible()


def test_forgetting_everything_leaves_nothing_of_a_briefing(tab: Page) -> None:
    link = make(open_maker(tab))
    read(tab, link)
    keep(tab)
    tab.goto("/nl/settings")
    expect(tab.locator("html[data-ready]")).to_be_attached()
    tab.locator("#forget button").tap()
    tab.locator("#forget button").tap()
    expect(tab.locator("#forgotten")).to_be_visible()
    tab.wait_for_function("caches.has('briefings').then((there) => !there)")
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


def test_nobody_else_is_asked_for_anything(tab: Page, server: Server) -> None:
    asked: list[str] = []
    tab.context.on("request", lambda request: asked.append(request.url))
    link = make(open_maker(tab))
    read(tab, link)
    keep(tab)
    assert asked
    assert [url for url in asked if not url.startswith(server.url)] == []
    assert [url for url in asked if "#" in url and "/b/" not in url and "/briefings/" not in url] == []
