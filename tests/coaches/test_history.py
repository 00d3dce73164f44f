"""History: what was done, the newest first, and all of the year behind one tap after another."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import insert

from pwa.clock import now
from pwa.coaches import audit
from pwa.coaches.tables import deeds
from pwa.database import writing
from tests.support.coaches import Coming, number_of


def test_what_was_done_earlier_is_on_the_pages_after_the_first(new_coach: Coming, desk: Flask) -> None:
    coach = new_coach()
    row = {"at": now(), "coach_id": number_of(desk, coach), "coach_name": coach.name, "deed": "group-made"}
    with writing(desk.extensions["engine"]) as connection:
        connection.execute(insert(deeds), [row | {"what": f"school {number}"} for number in range(2 * audit.SHOWN)])
    seen, path = [], "/audit"
    while path:
        page = coach.page(path)
        seen += [line.text.partition("school ")[2].split()[0] for line in page.all("li") if "school " in line.text]
        earlier = [link for link in page.all("a", href=True) if link.text == "Earlier"]
        path = earlier[0].attributes["href"].removeprefix("/coach/en") if earlier else ""
    assert seen == [str(number) for number in reversed(range(2 * audit.SHOWN))]
    assert "accepted an invitation" in page.text, "the first thing that this coach did"
    assert not coach.page("/audit?before=1").all("ul", class_="rows")[0].all("li")
    coach.page("/audit?before=99999999999999999999")
