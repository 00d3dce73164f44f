"""Forms of groups: the school itself, and its study days."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import permutations
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, EmailField, SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, ValidationError

from pwa.coaches.forms import at_most, plain_text, required, tidy
from pwa.groups.regions import REGIONS

Span = tuple[date, date]
WAKING = (time(7), time(20))  # quiet hours may be longer than these leave, never shorter


class GroupForm(FlaskForm):
    """A school. Choices of languages come from the deck: each one first, and the others after it."""

    name = StringField(_("Name of the school or team"), [required(), at_most(80), plain_text], filters=[tidy])
    languages = SelectField(_("Languages"))
    region = SelectField(
        _("School holidays"), choices=[SelectChoice(key, said) for key, (_country, _zone, said) in REGIONS.items()]
    )
    quiet_from = TimeField(_("No tips from"), [required()], default=WAKING[1])
    quiet_till = TimeField(_("until"), [required()], default=WAKING[0])

    def validate_quiet_from(self, field: Any) -> None:
        if field.data and not WAKING[0] < field.data <= WAKING[1]:
            raise ValidationError(gettext("Tips never go out between eight in the evening and seven in the morning."))

    def validate_quiet_till(self, field: Any) -> None:
        if not field.data or not self.quiet_from.data or self.quiet_from.errors:
            return  # one fault of the two is told at a time: it may be the same sentence
        if field.data < WAKING[0]:
            raise ValidationError(gettext("Tips never go out between eight in the evening and seven in the morning."))
        if field.data >= self.quiet_from.data:
            raise ValidationError(gettext("That leaves no time for tips."))

    def columns(self) -> dict[str, Any]:
        """What is kept, by column."""
        country, zone, _said = REGIONS[self.region.data]
        return {
            "name": self.name.data, "languages": self.languages.data, "country": country, "timezone": zone,
            "holiday_region": self.region.data, "quiet_from": self.quiet_from.data, "quiet_till": self.quiet_till.data,
        }  # fmt: skip


def mixes(languages: list[str]) -> list[str]:
    """What a group may speak, the first language for readers whose own it is not: all of these, two of them, or one."""
    whole = [" ".join([first, *(code for code in languages if code != first)]) for first in languages]
    pairs = [" ".join(pair) for pair in permutations(languages, 2)]
    return list(dict.fromkeys([*whole, *pairs, *languages]))


class StudyDayForm(FlaskForm):
    """One of the days of `span`, the first and the last that may become one."""

    date = DateField(_("Day"), [required()])
    name = StringField(_("What is it? (optional)"), [at_most(80), plain_text], filters=[tidy])

    def __init__(self, span: Span, **values: Any) -> None:
        self.span = span
        super().__init__(**values)

    def validate_date(self, field: Any) -> None:
        first, last = self.span
        if field.data and not first <= field.data <= last:
            raise ValidationError(gettext("Choose a day from today on, within two years."))


def span_of_study_days(today: date) -> Span:
    """From a local day on, two years."""
    return today, today + timedelta(days=730)


class ShareForm(FlaskForm):
    """A colleague, by the address that they sign in with."""

    email = EmailField(_("E-mail address"), [required(), at_most(254), Email(_("This is not an e-mail address."))],
                       filters=[lambda text: text.strip().lower() if text else text])  # fmt: skip


def as_date(text: str) -> date | None:
    """2026-11-24 as a day, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
