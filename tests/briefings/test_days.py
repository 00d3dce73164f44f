"""A briefing is for a class: it ends on a school day, and never after 31 days."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scripts import evaluate, folder_of_scripts

LAST = """const {lastDay, schoolDays, range} = await import('#days');
const now = new Date(at);
const until = lastDay(days, now);
return [until, schoolDays(until, now), range(now).max];"""

# 2026-11-23 is a Monday.
ENDS = {
    ("2026-11-24T07:30", 1): "2026-11-24",
    ("2026-11-24T16:59", 1): "2026-11-24",
    ("2026-11-24T17:00", 1): "2026-11-25",
    ("2026-11-27T16:30", 1): "2026-11-27",
    ("2026-11-27T21:10", 1): "2026-11-30",
    ("2026-11-28T09:00", 1): "2026-11-30",
    ("2026-11-29T22:00", 1): "2026-11-30",
    ("2026-11-29T22:00", 5): "2026-12-04",
    ("2026-11-23T08:00", 5): "2026-11-27",
    ("2026-11-26T20:00", 5): "2026-12-03",
    ("2026-11-27T20:00", 5): "2026-12-04",
    ("2026-10-23T20:00", 2): "2026-10-27",  # the clock goes back in between
    ("2026-12-31T18:00", 2): "2027-01-04",
    ("2026-11-23T08:00", 23): "2026-12-23",
    ("2026-11-23T08:00", 31): "2026-12-23",
}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of_scripts(tmp_path_factory.mktemp("scripts"))


@pytest.mark.parametrize(("at", "days"), ENDS)
def test_a_briefing_ends_on_a_school_day(scripts: Path, at: str, days: int) -> None:
    until, counted, latest = evaluate(scripts, LAST, at=at, days=days)
    assert until == ENDS[at, days]
    assert counted == min(days, 23)
    assert until <= latest


def test_a_day_is_told_with_its_weekday(scripts: Path) -> None:
    code = "const {inWords} = await import('#days'); return ['nl', 'en'].map((language) => inWords(day, language));"
    assert evaluate(scripts, code, day="2026-11-30") == ["maandag 30 november", "Monday 30 November"]
    assert evaluate(scripts, code, day="") == ["", ""]


LASTS = """const {lasts, dayOf} = await import('#days');
return [lasts(until, new Date(at)), dayOf(new Date(`${until}T18:00`) / 1000)];"""


@pytest.mark.parametrize(
    ("at", "until", "can"),
    [
        ("2026-11-27T17:10", "2026-11-27", True),  # too late for a new one, and it is valid for most of an hour
        ("2026-11-27T18:00", "2026-11-27", False),
        ("2026-11-27T17:10", "2026-11-30", True),
        ("2026-11-27T08:00", "2026-11-26", False),
        ("2026-11-27T08:00", "2027-01-15", False),
    ],
)
def test_a_briefing_that_is_changed_keeps_its_day_until_the_very_end_of_it(
    scripts: Path, at: str, until: str, can: bool
) -> None:
    assert evaluate(scripts, LASTS, at=at, until=until) == [can, until]
