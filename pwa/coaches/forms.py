"""Forms of accounts: accepting an invitation, and what one field may hold."""

from __future__ import annotations

from typing import Any

from flask import current_app, g
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Email, Length, ValidationError

from pwa.coaches.proofs import address_of, password_faults
from pwa.deck.characters import before_odd, one_line


def required() -> DataRequired:
    return DataRequired(_("Please fill this in."))


def at_most(number: int) -> Length:
    return Length(max=number, message=_("Use at most %(max)d characters."))


def plain_text(_form: Any, field: Any) -> None:
    """One line of ordinary characters."""
    if said := odd_words(field.data or ""):
        raise ValidationError(said)


def odd_words(text: str) -> str:
    """Where in a text there is a character that cannot be shown, in words; empty: nowhere."""
    place = before_odd(text)
    if place is None:
        return ""
    if not place:
        return gettext("It begins with a character that cannot be shown. Type the beginning again by hand.")
    return gettext(
        "After ‘%(words)s’ comes a character that cannot be shown. Type it again there by hand.", words=place
    )  # fmt: skip


def tidy(text: str | None) -> str | None:
    """As it was meant, however it was pasted."""
    return one_line(text) if text else text


def as_looked_up(password: str | None) -> str | None:
    """One and the same however a keyboard composes its letters."""
    plain: str = current_app.extensions["security"].password_util.normalize(password or "")
    return plain


def is_first_fault(faults: Any) -> bool:
    """Whether these, of one field, are the first on the page: it has the focus, for a phone shows little at once.

    To be asked for each field once, in the order of the page."""
    if not faults or "first_fault" in g:
        return False
    g.setdefault("first_fault", True)
    return True


class NameForm(FlaskForm):
    """What others see of somebody."""

    name = StringField(_("Your name"), [required(), at_most(80), plain_text], filters=[tidy])


class AcceptForm(NameForm):
    """An account: who you are, and a password."""

    email = EmailField(_("E-mail address"), [required(), at_most(254), Email(_("This is not an e-mail address."))],
                       filters=[lambda text: address_of(text) if text else text])  # fmt: skip
    password = PasswordField(_("Password"), [required()], filters=[as_looked_up])

    def validate_password(self, field: Any) -> None:
        faults = password_faults(field.data or "", self.email.data or "")
        if faults:
            raise ValidationError(faults[0])
