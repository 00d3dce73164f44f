"""What becomes of a tip, as a coach sees it: how far it is, outcomes with reasons, and no number under five."""


from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from flask import Flask

from pwa.clock import now
from pwa.database import writing
from pwa.groups.calendar import today_at
from pwa.groups.keeping import FEWEST_SHOWN
from pwa.results.hiding import reported, told
from tests.support import desk as school
from tests.support.coaches import Person, group_of


def test_while_a_tip_goes_out_its_page_tells_how_far_it_is(coach: Person, desk: Flask) -> None:
    group, today = group_of(coach), today_at([], now())
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, today, "sent")
        school.goes_out(connection, number, today, 48, 31)
    page = coach.page(f"/tips/{number}")
    [bar] = page.all("progress")
    assert (bar.attributes["value"], bar.attributes["max"]) == ("31", "48")
    answer = coach.get(f"/tips/{number}/progress").json
    assert answer == {"state": "going", "done": 31, "readers": 48, "numbers": {
        "accepted": "31", "shown": "–", "opened": "–", "expired": "–", "failed": "–"}}  # fmt: skip
    month = coach.page(f"/tips?group_id={group}").text
    assert "going out" in month
    assert "sent" not in month


def test_of_fewer_than_five_readers_no_number_is_told(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        going, gone = (school.tip(connection, group, now().date(), "sent") for _ in range(2))
        school.goes_out(connection, going, now().date(), 4, 3)
        school.went_out(connection, group, gone, now().date(), {"accepted": 3, "expired answer-410": 1, "shown": 2})
    for number in (going, gone):
        page = coach.page(f"/tips/{number}")
        assert not page.all("progress")
        assert not page.all("table")
        assert "fewer than five" in page.text
        answer = coach.get(f"/tips/{number}/progress").json
        assert (answer["done"], answer["readers"], set(answer["numbers"].values())) == (None, None, {"–"})


def test_afterwards_each_outcome_has_its_number_and_each_failure_its_reason(coach: Person, desk: Flask) -> None:
    group = group_of(coach, "De Uitkomst")
    counts = {"accepted": 40, "shown": 30, "opened": 12, "expired answer-410": 6, "failed too-late": 5,
              "failed answer-413": 7, "failed bad-key": 2}  # fmt: skip
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, now().date(), "sent")
        school.went_out(connection, group, number, now().date(), counts)
    page = coach.page(f"/tips/{number}")
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert rows == {"accepted": "40", "shown": "30", "opened": "12", "expired": "6", "failed": "14"}
    why = {item.all("span")[0].text: item.all("b")[0].text for item in page.all("li")}
    assert why["The reader has stopped, or the phone is gone; it is taken off the list."] == "6"
    assert [said for said in why if "answer-413" in said]
    assert why["What the phone gave us as its address or key cannot be used; the phone is skipped."] == "–"
    assert "40 accepted, 30 shown, 12 opened" in coach.page("/").text


def test_a_hidden_number_cannot_be_worked_out_from_the_others(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number, few = (school.tip(connection, group, now().date(), "sent") for _ in range(2))
        counts = {"accepted": 41, "shown": 36, "expired answer-410": 2, "failed too-late": 5}
        school.went_out(connection, group, number, now().date(), counts)
        counts = {"accepted": 4, "shown": 4, "expired answer-410": 6, "failed too-late": 20, "failed bad-key": 22}
        school.went_out(connection, group, few, now().date(), counts)
    page = coach.page(f"/tips/{number}")
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert rows == {"accepted": "41", "shown": "36", "opened": "–", "expired": "–", "failed": "–"}
    assert {item.all("b")[0].text for item in page.all("ul", class_="rows")[-1].all("li")} == {"–"}
    numbers = coach.get(f"/tips/{few}/progress").json["numbers"]
    assert numbers == {"accepted": "–", "shown": "–", "opened": "–", "expired": "–", "failed": "42"}


def test_the_reasons_of_a_number_do_not_tell_a_hidden_one(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, now().date(), "sent")
        counts = {"accepted": 40, "expired answer-410": 6, "failed too-late": 9, "failed answer-500": 7,
                  "failed bad-key": 2}  # fmt: skip
        school.went_out(connection, group, number, now().date(), counts)
    page = coach.page(f"/tips/{number}")
    assert page.all("td", data_number="failed")[0].text == "18"
    why = {item.all("span")[0].text[:30]: item.all("b")[0].text for item in page.all("ul", class_="rows")[-1].all("li")}
    assert sorted(why.values()) == ["6", "9", "–", "–"], why


@pytest.mark.parametrize("least", [0, 1])
def test_whatever_the_numbers_are_two_cases_look_the_same(least: int) -> None:
    """A part between one and four could always be another one, as far as the page and the sum tell."""
    cases = defaultdict(list)
    for one, two in product(range(least, 25), repeat=2):
        parts = {"one": one, "two": two, "three": 24 - one - two}
        if parts["three"] >= least:
            cases[tuple(told(parts, least).items())].append(parts)
    for alike in cases.values():
        for name in alike[0]:
            values = {parts[name] for parts in alike}
            assert len(values) > 1 or values.isdisjoint(range(1, FEWEST_SHOWN)), alike


def test_what_the_numbers_leave_of_the_sum_is_never_under_five() -> None:
    for one, two in product(range(25), repeat=2):
        parts = {"one": one, "two": two, "three": 24 - one - two}
        seen = [total for total in told(parts).values() if total is not None] if parts["three"] >= 0 else []
        assert not seen or 24 - sum(seen) not in range(1, FEWEST_SHOWN), parts


def test_what_phones_said_leaves_no_number_under_five_of_what_was_accepted() -> None:
    """Neither of those who were not heard of, nor between shown and opened; whoever opens a tip saw it, or not."""
    for accepted, fair in product(range(FEWEST_SHOWN, 20), (True, False)):
        cases = defaultdict(list)
        for shown, opened in product(range(accepted + 1), repeat=2):
            if opened <= shown or not fair:
                said = reported(accepted, {"shown": shown, "opened": opened})
                cases[tuple(said.items())].append((shown, opened, accepted - shown, accepted - opened, shown - opened))
        for alike in cases.values():
            for values in map(set, zip(*alike, strict=True)):
                assert len(values) > 1 or {abs(value) for value in values}.isdisjoint(range(1, FEWEST_SHOWN)), alike


def test_where_fewer_than_five_did_not_get_it_the_number_of_readers_is_not_told(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        few, five = (school.tip(connection, group, now().date(), "sent") for _ in range(2))
        counts = {"accepted": 47, "shown": 44, "opened": 20, "expired answer-410": 1}
        school.went_out(connection, group, few, now().date(), counts)
        school.went_out(connection, group, five, now().date(), counts | {"expired answer-410": 2, "failed too-late": 3})
    page = coach.page(f"/tips/{few}")
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert rows == {"accepted": "47", "shown": "–", "opened": "20", "expired": "–", "failed": "–"}
    assert "48" not in page.all("caption")[0].text
    answer = coach.get(f"/tips/{few}/progress").json
    assert (answer["readers"], answer["done"]) == (None, None)
    assert "Of 52 readers" in coach.page(f"/tips/{five}").text


@pytest.mark.parametrize(("done", "told"), [(0, 0), (3, None), (5, 5), (43, 43), (45, None)])
def test_while_it_goes_out_neither_who_has_it_nor_who_waits_is_told_under_five(
    coach: Person, desk: Flask, done: int, told: int | None
) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        number = school.tip(connection, group, now().date(), "sent")
        school.goes_out(connection, number, now().date(), 48, done)
    answer = coach.get(f"/tips/{number}/progress").json
    assert (answer["done"], answer["readers"]) == (told, 48)
    page = coach.page(f"/tips/{number}")
    assert page.all("output", data_number="done")[0].text == ("–" if told is None else str(told))
    assert page.all("progress")[0].attributes.get("value") == (None if told is None else str(told))
    assert answer["numbers"]["accepted"] == (str(told) if told else "–")


def test_a_week_adds_up_what_its_tips_tell(coach: Person, desk: Flask) -> None:
    large, small = group_of(coach), group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        for group, accepted in ((large, 41), (large, 3), (small, 3), (small, 4)):
            number = school.tip(connection, group, now().date(), "sent")
            school.went_out(connection, group, number, now().date(), {"accepted": accepted, "shown": accepted})
    week = coach.page(f"/tips?group_id={large}").all("table", class_="numbers")[0].all("tr")[-1]
    assert [cell.text for cell in week.all("td")] == ["41", "41", "–"]
    assert "Nothing to show yet." in coach.page(f"/tips?group_id={small}").text


def test_what_is_reported_beyond_what_was_accepted_is_left_out_and_said(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        fair, forged = (school.tip(connection, group, now().date(), "sent") for _ in range(2))
        school.went_out(connection, group, fair, now().date(), {"accepted": 40, "shown": 40, "opened": 12})
        school.went_out(connection, group, forged, now().date(), {"accepted": 40, "shown": 41, "opened": 41})
    for number, doubted in ((fair, False), (forged, True)):
        page = coach.page(f"/tips/{number}")
        assert page.all("table")[0].all("tr")[1].all("td")[0].text == "40"
        assert ("More was reported" in page.text) is doubted


def test_who_did_not_get_a_stopped_tip_is_no_failure_and_never_told_under_five(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        many, few, alone = (school.tip(connection, group, now().date(), "cancelled") for _ in range(3))
        counts = {"accepted": 31, "expired answer-410": 5, "failed timeout": 6, "failed cancelled": 17}
        school.went_out(connection, group, many, now().date(), counts)
        school.went_out(connection, group, few, now().date(), {"accepted": 31, "failed cancelled": 4})
        school.went_out(connection, group, alone, now().date(), {"accepted": 1, "failed cancelled": 3})
    page = coach.page(f"/tips/{many}")
    rows = {row.all("span")[0].text: row.all("td")[0].text for row in page.all("table")[0].all("tr")}
    assert (rows["failed"], rows["not sent"]) == ("6", "17")
    page = coach.page(f"/tips/{few}")
    assert page.all("td", data_number="unsent")[0].text == "–"
    page = coach.page(f"/tips/{alone}")
    assert not page.all("table")
    assert "stopped while going out" in page.text


def test_only_a_page_with_reasons_sends_the_coach_to_them(coach: Person, desk: Flask) -> None:
    group = group_of(coach)
    with writing(desk.extensions["engine"]) as connection:
        well, badly = (school.tip(connection, group, now().date(), "sent") for _ in range(2))
        school.went_out(connection, group, well, now().date(), {"accepted": 40})
        school.went_out(connection, group, badly, now().date(), {"accepted": 40, "failed too-late": 5})
    for number, has_reasons in ((well, False), (badly, True)):
        page = coach.page(f"/tips/{number}")
        assert ("see why below" in page.text) is has_reasons
        assert bool([title for title in page.all("h2") if title.text == "Why"]) is has_reasons
