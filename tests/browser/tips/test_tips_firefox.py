"""Real Firefox: the page subscribes, the engine encrypts and sends through a real push service, the browser decrypts and
displays, a finger taps, and the card opens."""

from __future__ import annotations

import pytest

from pwa.worker import make_tasks
from tests.support.push.firefox import Firefox
from tests.support.push.marionette import FirefoxError
from tests.support.push.process import Push
from tests.support.whole import Whole, eventually

pytestmark = pytest.mark.firefox


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
    reader.blank()  # and now with no page that is open
    whole.send(whole.tip(school, "App dicht"))
    reader.wait_alert("App dicht")
    reader.click_alert("App dicht")
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


def test_a_tip_waits_for_a_browser_that_is_off_and_of_a_tip_and_its_correction_the_newer_comes(
    reader: Firefox, whole: Whole, school: int, push: Push
) -> None:
    reader.stop()
    whole.send(whole.tip(school, "Telefoon uit"))
    first = whole.tip(school, "Met een fout", batch="cafe", date=whole.days[0])
    whole.send(first)
    whole.send(whole.tip(school, "Zonder fout", batch="cafe", date=whole.days[0], corrects_id=first))
    assert push.report()["replaced_by_topic"] == 1
    reader.start()
    reader.wait_alert("Telefoon uit")
    reader.wait_alert("Zonder fout")
    assert sorted(alert["title"] for alert in reader.alerts()) == ["Telefoon uit", "Zonder fout"]
    reader.click_alert("Telefoon uit")
    reader.wait_tab("/nl/k/keep-recess")


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
    said = whole.flask("tips", "send", str(whole.planned(whole.tip(school, "Niemand thuis"))))
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
