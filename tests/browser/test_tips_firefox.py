"""Real Firefox: the page subscribes, the engine encrypts and sends through a real push service, the browser decrypts and
displays, a finger taps, and the card opens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pwa.clock import now
from pwa.database import writing
from pwa.delivery.office import open_office
from pwa.delivery.silence import ask_the_silent
from pwa.subscriptions.tables import subscription_groups, subscriptions
from pwa.worker import make_tasks
from tests.support.push.firefox import Firefox
from tests.support.push.marionette import FirefoxError
from tests.support.push.process import Push
from tests.support.whole import CODE, Whole, eventually

pytestmark = pytest.mark.firefox


def subscribe(firefox: Firefox, whole: Whole, path: str = "/nl/tips") -> None:
    """One tap; the browser allows it; the first message is on the screen, and the page knows."""
    firefox.goto(whole.url + path)
    firefox.click("[data-do=begin]")
    firefox.wait_alert("Tips staan aan")
    firefox.wait_text("#tips-said", "aangekomen")


@pytest.fixture
def school(whole: Whole) -> int:
    return whole.school()


@pytest.fixture
def reader(firefox: Firefox, whole: Whole, school: int) -> Firefox:
    """Somebody who scanned the poster, subscribed and joined; what is on the screen is cleared away."""
    subscribe(firefox, whole, f"/nl/tips#join={CODE}")
    firefox.wait_text("#tips-groups", "De Regenboog")
    firefox.click_alert("Tips staan aan")
    firefox.wait_gone("Tips staan aan")
    return firefox


def test_a_poster_leads_to_a_tip_that_is_shown_tapped_and_opens_its_card(
    reader: Firefox, whole: Whole, school: int
) -> None:
    [row] = whole.rows()
    assert row.confirmed_at
    assert row.expires_at is None
    tip = whole.tip(school, "Pauze blijft")
    whole.send(tip)
    shown = reader.wait_alert("Pauze blijft")
    assert shown["text"] == "Altijd, wat er ook gebeurt."
    reader.click_alert("Pauze blijft")
    reader.wait_tab("/nl/k/keep-recess")
    assert len(reader.tabs()) == 1, "it opens in the window that was there"
    eventually(lambda: whole.counted(tip) == {"accepted": 1, "shown": 1, "opened": 1}, "the counts")
    reader.goto(f"{whole.url}/nl/tips")
    reader.wait_text("#tips-inbox", "Pauze blijft")
    assert reader.exists("#tips-inbox a:not([data-new])"), "it was read"


def test_a_tip_comes_while_no_page_is_open_and_opens_one(reader: Firefox, whole: Whole, school: int) -> None:
    reader.blank()
    whole.send(whole.tip(school, "App dicht"))
    reader.wait_alert("App dicht")
    reader.click_alert("App dicht")
    reader.wait_tab("/nl/k/keep-recess")


def test_who_was_not_seen_for_long_is_asked_on_the_screen_and_a_tap_is_enough_to_stay(
    reader: Firefox, whole: Whole
) -> None:
    reader.blank()
    zone = f"Etc/GMT{(now().hour - 17 + 12) % 24 - 12:+d}"  # where school is over
    long_ago = {"seen_on": now().date() - timedelta(days=70), "timezone": zone, "days": 127}
    office = open_office(whole.settings)

    def is_asked() -> bool:
        """A look that was still on its way says once more that the reader is there, and then nobody is asked."""
        with writing(whole.engine) as connection:
            connection.execute(subscriptions.update().values(long_ago))
        ask_the_silent(office)  # unless the sending process was first, which looks every minute
        return any("Ben je er nog?" in alert["title"] for alert in reader.alerts())

    eventually(is_asked, "the question")
    office.close()
    shown = reader.wait_alert("Ben je er nog?")
    assert shown["text"] == "Open Houvast één keer, dan blijven de tips op deze telefoon komen."
    reader.click_alert("Ben je er nog?")
    reader.wait_tab("/nl/tips")
    eventually(lambda: [row.seen_on for row in whole.rows()] == [now().date()], "seen again")
    assert [row.warned_on for row in whole.rows()] == [None]


def test_a_tip_waits_for_a_browser_that_is_off(reader: Firefox, whole: Whole, school: int) -> None:
    reader.stop()
    whole.send(whole.tip(school, "Telefoon uit"))
    reader.start()
    reader.wait_alert("Telefoon uit")
    reader.click_alert("Telefoon uit")
    reader.wait_tab("/nl/k/keep-recess")


def test_a_correction_takes_the_place_of_the_tip(reader: Firefox, whole: Whole, school: int, push: Push) -> None:
    first = whole.tip(school, "Met een fout", batch="cafe", date=whole.days[0])
    whole.send(first)
    reader.wait_alert("Met een fout")
    whole.send(whole.tip(school, "Zonder fout", batch="cafe", date=whole.days[0], corrects_id=first))
    reader.wait_alert("Zonder fout")
    assert [alert["title"] for alert in reader.alerts()] == ["Zonder fout"]
    reader.goto(f"{whole.url}/nl/tips")
    reader.wait_text("#tips-inbox", "Zonder fout")
    assert "Met een fout" not in reader.text("#tips-inbox")


def test_of_two_for_a_browser_that_is_off_only_the_newer_comes(
    reader: Firefox, whole: Whole, school: int, push: Push
) -> None:
    reader.stop()
    first = whole.tip(school, "Met een fout", batch="cafe", date=whole.days[0])
    whole.send(first)
    whole.send(whole.tip(school, "Zonder fout", batch="cafe", date=whole.days[0], corrects_id=first))
    assert push.report()["replaced_by_topic"] == 1
    reader.start()
    reader.wait_alert("Zonder fout")
    assert [alert["title"] for alert in reader.alerts()] == ["Zonder fout"]


def test_a_tip_that_comes_twice_is_shown_once(reader: Firefox, whole: Whole, school: int, push: Push) -> None:
    """As after a crash of the sender: the same message again, also when the first was sent away."""
    tip = whole.tip(school, "Eenmaal")
    whole.send(tip)
    reader.wait_alert("Eenmaal")
    reader.click_alert("Eenmaal")
    reader.wait_tab("/nl/k/keep-recess")
    office = make_tasks(whole.settings).office()
    [row] = whole.rows()
    again = whole.message(tip, "Eenmaal")
    acknowledged = push.report()["acks"].get("100", 0)
    for _ in range(3):
        assert office.send_one(row.id, again).act == "accepted"
    eventually(lambda: push.report()["acks"].get("100", 0) >= acknowledged + 3, "all three copies")
    eventually(lambda: not reader.alerts(), "an empty screen")
    eventually(lambda: whole.counted(tip).get("opened"), "the counts")
    assert whole.counted(tip)["shown"] == 1


def test_stopping_erases_the_reader_to_the_last_byte(reader: Firefox, whole: Whole) -> None:
    [row] = whole.rows()
    secrets = [row.endpoint.rpartition("/")[2], reader.subscription()["keys"]["auth"]]
    assert whole.holds(secrets[0]), "or this test shows nothing"
    reader.click("[data-do=stop]")
    reader.wait_text("#tips-said", "Gestopt")
    assert whole.rows() == []
    assert whole.rows(subscription_groups) == []
    assert [whole.holds(secret) for secret in secrets] == [[], []]
    assert reader.subscription() is None
    assert reader.js("return caches.has('tips')") is False
    assert reader.shown("[data-do=begin]")


def test_forgetting_everything_in_the_settings_ends_tips_too(reader: Firefox, whole: Whole) -> None:
    reader.goto(f"{whole.url}/nl/settings")
    reader.click("#forget button")
    reader.click("#forget button:not([aria-disabled])")
    reader.wait_text("#forgotten", "Gewist")
    assert whole.rows() == [], "it is not said before it is so"
    assert reader.subscription() is None
    assert reader.js("return Object.keys(localStorage)") == []
    kept = "return (await caches.keys()).filter((name) => !name.startsWith('deck-'))"
    eventually(lambda: reader.js(kept) == [], "nothing kept but the deck")  # it goes last, for it can do the rest again
    assert reader.js("return document.cookie + (await indexedDB.databases()).length") == "0"


def test_a_browser_that_unsubscribed_by_itself_is_erased_at_the_next_tip(
    reader: Firefox, whole: Whole, school: int, push: Push
) -> None:
    def unsubscribed() -> bool:
        reader.goto(f"{whole.url}/robots.txt")  # no page of ours, which would repair it at once
        try:
            reader.js("const {pushManager} = await navigator.serviceWorker.getRegistration('/');"
                      "await (await pushManager.getSubscription())?.unsubscribe();")  # fmt: skip
        except FirefoxError:  # the tap on the welcome led the page back to the tips, only now
            return False
        return True

    eventually(unsubscribed, "a browser without a subscription")
    [path] = push.report()["endpoints"]
    eventually(lambda: push.report()["endpoints"][path]["gone"], "word of it at the push service")
    said = whole.send(whole.tip(school, "Niemand thuis"))
    assert whole.rows() == [], said
    assert push.report()["by_status"].get("410") == 1


def test_a_new_address_is_told_to_the_server_by_the_worker_alone(
    reader: Firefox, whole: Whole, school: int, push: Push
) -> None:
    """The push service forgets the browser: pushsubscriptionchange, with no page open."""
    [before] = whole.rows()
    reader.blank()
    push.post("/forget")
    eventually(lambda: [row.endpoint for row in whole.rows()] != [before.endpoint], "the new address")
    [after] = whole.rows()
    assert (after.id, after.confirmed_at) == (before.id, before.confirmed_at)
    whole.send(whole.tip(school, "Nieuw adres"))
    reader.wait_alert("Nieuw adres")


def test_a_rotated_key_loses_no_tip_and_is_taken_over_at_the_next_start(
    reader: Firefox, whole: Whole, school: int
) -> None:
    [before] = whole.rows()
    whole.flask("keys", "rotate")
    whole.stop()
    whole.start()
    reader.blank()
    whole.send(whole.tip(school, "Oude sleutel"))
    reader.wait_alert("Oude sleutel")
    reader.restart()
    reader.goto(f"{whole.url}/nl/")
    eventually(lambda: whole.rows()[0].key_id != before.key_id, "the new key")
    [after] = whole.rows()
    assert after.id == before.id
    assert after.endpoint != before.endpoint
    whole.send(whole.tip(school, "Nieuwe sleutel"))
    reader.wait_alert("Nieuwe sleutel")


def test_a_row_that_is_lost_is_made_again_at_the_next_start(reader: Firefox, whole: Whole, school: int) -> None:
    whole.lose_readers()
    reader.restart()
    reader.goto(f"{whole.url}/nl/")
    eventually(lambda: [row for row in whole.rows() if row.confirmed_at], "the reader, proved again")
    whole.send(whole.tip(school, "Weer terug"))
    reader.wait_alert("Weer terug")


def test_in_an_emergency_the_bypass_worker_still_brings_tips(reader: Firefox, whole: Whole, school: int) -> None:
    whole.stop()
    whole.start(HOUVAST_WORKER="bypass")
    reader.goto(f"{whole.url}/nl/")
    reader.js("await (await navigator.serviceWorker.ready).update();")
    eventually(lambda: reader.js("return (await caches.keys()).join()") == "tips", "the bypass worker")
    reader.blank()
    whole.send(whole.tip(school, "Noodgeval"))
    reader.wait_alert("Noodgeval")
    reader.click_alert("Noodgeval")
    reader.wait_tab("/nl/k/keep-recess")


def test_the_last_tips_are_read_without_a_server_and_the_doctor_says_what_cannot_be_seen(
    reader: Firefox, whole: Whole, school: int
) -> None:
    whole.send(whole.tip(school, "Zonder netwerk"))
    reader.wait_alert("Zonder netwerk")
    whole.stop()
    reader.restart()
    reader.goto(f"{whole.url}/nl/tips")
    reader.wait_text("#tips-inbox", "Zonder netwerk")
    reader.click("#tips-doctor summary")
    reader.wait_text("[data-check=proved] b", "Nu niet te zien")
    reader.wait_text("[data-check=has] b", "In orde")
    reader.click("#tips-inbox a")
    reader.wait_tab("/nl/k/keep-recess")


def test_the_doctor_says_what_is_missing_and_a_trial_message_shows_that_it_works(
    firefox: Firefox, whole: Whole, school: int
) -> None:
    firefox.goto(f"{whole.url}/nl/tips")
    firefox.click("#tips-doctor summary")
    firefox.wait_text("[data-check=can] b", "In orde")
    firefox.wait_text("[data-check=has] b", "Nog niet")
    subscribe(firefox, whole)
    firefox.click("#tips-doctor summary")
    firefox.wait_text("[data-check=proved] b", "In orde")
    firefox.wait_text("[data-check=group]", "Vul de code van je school in")
    firefox.fill("#tips-code", "KJ4")
    firefox.click_alert("Tips staan aan")
    firefox.wait_gone("Tips staan aan")
    firefox.click("[data-do=trial]")
    firefox.wait_alert("Tips staan aan")
    firefox.wait_text("#tips-said", "aangekomen")
    typed = firefox.js("return document.getElementById('tips-code').value")
    assert typed == "KJ4", "the tap led to the page that was there, and left it as it was"
    firefox.fill("#tips-code", CODE)
    firefox.click("#tips-choices button[type=submit]")
    firefox.wait_text("#tips-said", "Je doet mee")
    firefox.wait_text("[data-check=group] b", "In orde")
    firefox.click("[data-mute='7']")
    firefox.wait_text("[data-check=awake] b", "Nog niet")
    firefox.wait_text("#tips-until", "Stil tot")
    assert whole.rows()[0].muted_until
    firefox.click("[data-mute='0']")
    firefox.wait_text("[data-check=awake] b", "In orde")


def test_a_choice_is_kept_at_once(reader: Firefox, whole: Whole) -> None:
    reader.click("[name=moment][value=evening]")
    eventually(lambda: whole.rows()[0].moment == "evening", "the moment")
    reader.click("[name=days][value='4']")
    eventually(lambda: whole.rows()[0].days == 27, "the days")
    reader.click("[name=language][value=en]")
    eventually(lambda: whole.rows()[0].language == "en", "the language")
    reader.js("const select = document.getElementById('tips-region'); select.value = 'NL-zuid';"
              "select.dispatchEvent(new Event('change', {bubbles: true}));")  # fmt: skip
    eventually(lambda: (whole.rows()[0].country, whole.rows()[0].region) == ("NL", "NL-zuid"), "the region")


def test_a_browser_that_blocks_notifications_is_told_so(firefox: Firefox, whole: Whole) -> None:
    firefox.set_permission(whole.url, False)
    firefox.goto(f"{whole.url}/nl/tips")
    firefox.wait_text("#tips [data-when=no]", "geblokkeerd")
    assert not firefox.shown("[data-do=begin]")
    firefox.click("#tips-doctor summary")
    firefox.wait_text("[data-check=may] b", "Nog niet")


def test_a_wrong_code_is_told_in_words_and_the_reader_is_in(firefox: Firefox, whole: Whole) -> None:
    subscribe(firefox, whole)
    firefox.fill("#tips-code", "ZZZZZ-ZZZZZ")
    firefox.click("#tips-choices button[type=submit]")
    firefox.wait_text("#tips-said", "Er is geen groep met deze code")
    assert len(whole.rows()) == 1
