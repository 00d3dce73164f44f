"""Real Firefox: what a reader of tips chooses, asks, stops and finds again, and how the address is kept right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pwa.clock import now
from pwa.database import writing
from pwa.delivery.office import open_office
from pwa.delivery.silence import ask_the_silent
from pwa.subscriptions.tables import subscription_groups, subscriptions
from tests.browser.tips.conftest import subscribe
from tests.support.push.firefox import Firefox
from tests.support.whole import CODE, Whole, eventually

pytestmark = pytest.mark.firefox


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


def test_a_choice_is_kept_at_once_and_stopping_erases_the_reader_to_the_last_byte(reader: Firefox, whole: Whole) -> None:
    reader.click("[name=moment][value=evening]")
    eventually(lambda: whole.rows()[0].moment == "evening", "the moment")
    reader.click("[name=days][value='4']")
    eventually(lambda: whole.rows()[0].days == 27, "the days")
    reader.click("[name=language][value=en]")
    eventually(lambda: whole.rows()[0].language == "en", "the language")
    reader.js("const select = document.getElementById('tips-region'); select.value = 'NL-zuid';"
              "select.dispatchEvent(new Event('change', {bubbles: true}));")  # fmt: skip
    eventually(lambda: (whole.rows()[0].country, whole.rows()[0].region) == ("NL", "NL-zuid"), "the region")
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


def test_a_row_that_is_lost_is_made_again_at_the_next_start(reader: Firefox, whole: Whole, school: int) -> None:
    whole.lose_readers()
    reader.restart()
    reader.goto(f"{whole.url}/nl/")
    eventually(lambda: [row for row in whole.rows() if row.confirmed_at], "the reader, proved again")
    whole.send(whole.tip(school, "Weer terug"))
    reader.wait_alert("Weer terug")


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
