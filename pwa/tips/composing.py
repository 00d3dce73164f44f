"""From what a coach typed to a tip that may go out, or the reasons why it may not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import format_date, gettext
from msgspec import Struct
from sqlalchemy import Connection, Row
from werkzeug.datastructures import MultiDict

from pwa.clock import now
from pwa.deck.characters import one_line
from pwa.groups.calendar import MARGIN, TIMES, Calendar
from pwa.language import DAY, WEEKDAY
from pwa.tips import dose, texts
from pwa.tips.keeping import HOLD, Texts, moments_left

NOW = "now"
OTHER = "other"  # than the proposed days: it stands in a field of its own
PROPOSED = 10  # school days to choose from
FURTHEST = timedelta(days=400)


class Proposed(Struct, frozen=True):
    """A school day to choose from: why it is not free (None: it is), and whom it is too late for (empty: nobody)."""

    day: date
    refusal: dose.Refusal | None = None
    too_late: str = ""

    @property
    def full(self) -> bool:
        """Whether it cannot be taken, whatever the coach asks for."""
        return self.refusal in ("day", "most")

    @property
    def more(self) -> bool:
        """Whether it can be taken when the coach asks for more than three that week."""
        return self.refusal == "week"

    @property
    def note(self) -> str:
        """What there is to know about it, in words; empty: nothing."""
        return why_not(self.refusal) or self.too_late


class Composition:
    """One filled-in form: its words, its day, for which other groups too, and what is wrong, by field."""

    def __init__(self, form: Mapping[str, str], languages: list[str]) -> None:
        self.also = set(form.getlist("also")) if isinstance(form, MultiDict) else set()
        self.words: Texts = {
            language: (one_line(form.get(f"title-{language}", "")), one_line(form.get(f"body-{language}", "")))
            for language in languages
        }
        self.when = form.get("when", "")
        self.other_day = form.get("day", "")
        self.moments_shown = form.get("moments", "").split()  # of today, that were left when the page was made
        self.more = form.get("more") == "yes"
        self.asks_more = self.more  # whether more than three a week is a question, and so stands on the page
        self.faults: dict[str, str] = {}
        for language, (title, body) in self.words.items():
            for field, said in texts.faults(title, body).items():
                self.faults[f"{field}-{language}"] = said

    @property
    def day_asked(self) -> str:
        """The day as it was sent: a date, or now."""
        return self.other_day if self.when == OTHER else self.when

    def faults_in(self, language: str) -> dict[str, str]:
        """What is wrong with the words in one language."""
        fields = (f"title-{language}", f"body-{language}")
        return {field: said for field, said in self.faults.items() if field in fields}

    def day(self, connection: Connection, group: Row[Any], calendar: Calendar) -> tuple[date, str] | None:
        """(local day, moments) when the tip may go out then, else None and a fault for `when`.

        In the transaction that keeps the tip, so that the dose holds when two coaches schedule at once."""
        chosen = self._two_days() or self._chosen(calendar)
        if isinstance(chosen, str):
            self._refuse(group, chosen)
            return None
        day, moments = chosen
        counts = _counts(connection, group.id, day)
        refusal = dose.refusal(counts, day, usual=dose.MOST if self.more else dose.USUAL)
        if refusal:
            self.asks_more |= refusal == "week"
            free = dose.next_free(calendar, _counts(connection, group.id, day, 60), day)
            after = " " + gettext("The next day with room is %(day)s.", day=format_date(free, WEEKDAY)) if free else ""
            self._refuse(group, why_not(refusal) + after)
            return None
        return day, moments

    def _refuse(self, group: Row[Any], said: str) -> None:
        self.faults["when"] = f"{group.name}: {said}" if self.also else said

    def _two_days(self) -> str:
        if not self.other_day or self.when == OTHER:
            return ""
        return gettext("Two days are chosen. Choose one from the list, or another day.")

    def _chosen(self, calendar: Calendar) -> tuple[date, str] | str:
        at = now()
        today = calendar.today(at)
        if self.when == NOW:
            return refused_now(calendar, at) or (today, NOW)
        try:
            day = date.fromisoformat(self.day_asked)
        except ValueError:
            return gettext("Choose a day.")
        if day < today:
            return gettext("That day is over.")
        if day > today + FURTHEST:
            return gettext("That is more than a year ahead.")
        if off := calendar.day_off(day):
            return day_off_words(off)
        return self._today(day, moments_left(calendar, day, at)) if day == today else (day, " ".join(TIMES))

    def _today(self, day: date, left: list[str]) -> tuple[date, str] | str:
        """The day with what is left of it, unless that was more when the page was made."""
        over = [moment for moment in self.moments_shown if moment not in left]
        if not left:
            return gettext("It is too late for today. Choose a later day.")
        return over_since(over) if over else (day, " ".join(left))


def proposed_days(connection: Connection, group: Row[Any], calendar: Calendar, *, but: str = "") -> list[Proposed]:
    """The next school days to choose from, as if the tips of the batch `but` were not there."""
    at = now()
    today = calendar.today(at)
    left = moments_left(calendar, today, at)
    counts = _counts(connection, group.id, today, 60, but)
    return [
        Proposed(day, dose.refusal(counts, day), too_late(left) if day == today else "")
        for day in calendar.school_days(today if left else today + timedelta(days=1), PROPOSED)
    ]


def too_late(left: list[str]) -> str:
    """Which readers a day still reaches, in words, when one of its moments is over; empty: all."""
    if left == ["evening"]:
        return gettext("only in the evening from now on")
    return gettext("only after school and in the evening from now on") if len(left) < len(TIMES) else ""


def over_since(moments: list[str]) -> str:
    """Which readers of today it became too late for while somebody wrote, in words."""
    if moments == ["before"]:
        return gettext("It is too late for before school now. Schedule it for the others, or choose another day.")
    return gettext("It is too late for after school now. Schedule it for the evening, or choose another day.")


def why_not(refusal: dose.Refusal | None) -> str:
    """The dose guard's reason, in words; empty: none."""
    if refusal == "day":
        return gettext("These readers already get a tip that day, and one a day is the limit.")
    if refusal == "most":
        return gettext("These readers already get five tips that week, and that is the limit.")
    if refusal == "week":
        return gettext("These readers already get three tips that week. More doesn’t help, and makes people stop.")
    return ""


def day_off_words(off: Any) -> str:
    """Why nothing goes out on a day without lessons."""
    from pwa.language import of_request

    if off.kind == "weekend":
        return gettext("That is a weekend: nothing goes out.")
    name = off.name(of_request())
    if off.kind == "study":
        return gettext("That is a study day (%(name)s): nothing goes out.", name=name or "–")
    return gettext("That is a holiday (%(name)s): nothing goes out.", name=name)


def holidays_end(last: date) -> str:
    """What a coach must know who plans beyond the last day whose holidays are known."""
    return gettext("School holidays are known until %(day)s. After that, look for yourself whether there are lessons.",
                   day=format_date(last, DAY))  # fmt: skip


def refused_now(calendar: Calendar, at: datetime) -> str:
    if off := calendar.day_off(calendar.today(at)):
        return day_off_words(off)
    local = at.astimezone(calendar.zone)
    if calendar.is_quiet(local.time()) or calendar.is_quiet((local + HOLD + MARGIN).time()):
        return gettext("These are the quiet hours of this group: nothing goes out now.")
    return ""


def _counts(connection: Connection, group_id: int, day: date, ahead: int = 7, but: str = "") -> Any:
    sharing = dose.groups_sharing(connection, group_id)
    return dose.taken(connection, sharing, day - timedelta(days=7), day + timedelta(days=ahead), but=but)
