"""What a coach proves with who they are: codes of an authenticator app, long passwords, passkeys."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import flask_security
import segno
from flask import abort, current_app, g
from flask_babel import gettext
from flask_security import Totp
from markupsafe import Markup
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pwa.coaches import passwords
from pwa.config import Settings
from pwa.patience import Patience


class CodesOnce(Totp):
    """Authenticator codes, each of which works once (RFC 6238, 5.2), and their QR code as SVG."""

    def get_last_counter(self, user: Any) -> int | None:
        return user.totp_counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        user.totp_counter = tmatch.counter
        g.accounts.put(user)

    def generate_qrcode(self, username: str, totp: str) -> str:
        drawn = segno.make(self.get_totp_uri(username, totp), micro=False)
        return Markup(drawn.svg_inline(scale=5, dark="#000", light="#fff", omitsize=True))  # noqa: S704  (ours)


class LongPasswords(flask_security.PasswordUtil):
    """The rules of pwa.coaches.passwords in place of a service on the net."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        plain = self.normalize(password)
        user = kwargs.get("user")
        return password_faults(plain, user.email if user else kwargs.get("email", "")), plain


class OneHashAtATime:
    """A CryptContext of passlib that takes one hash at a time, so that sign-ins do not hold all threads of the server.

    A few wait for their turn, because two coaches may come in the same second; a flood is told 429 at once."""

    LONGEST = 1.0  # seconds that somebody waits; a hash takes a third of one

    def __init__(self, context: Any) -> None:
        self.context = context
        self.busy = threading.Lock()
        self.waits = Patience(20, 2.0)

    def hash(self, *given: Any, **more: Any) -> Any:
        with self._turn():
            return self.context.hash(*given, **more)

    def verify(self, *given: Any, **more: Any) -> Any:
        with self._turn():
            return self.context.verify(*given, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.context, name)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        mine = self.busy.acquire(blocking=False)
        if not mine and not (self.waits.take("") and self.busy.acquire(timeout=self.LONGEST)):
            abort(429)
        try:
            yield
        finally:
            self.busy.release()


class OwnPasskeys(flask_security.WebauthnUtil):
    """Passkeys belong to the public address; behind a proxy that speaks TLS, the request itself says http.

    They stand for password and second step at once, so the device must see who it is; and they may be in the device
    itself, as a fingerprint is, where Flask-Security would take separate keys only."""

    def origin(self) -> str:
        settings: Settings = current_app.config["SETTINGS"]
        return settings.url

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        return UserVerificationRequirement.REQUIRED


def password_faults(password: str, email: str = "") -> list[str] | None:
    """What is wrong with a new password, in words; None: nothing."""
    if len(password) < passwords.SHORTEST:
        return [
            gettext("Use at least %(number)s characters; a few words in a row are fine.", number=passwords.SHORTEST)
        ]
    if len(password) > passwords.LONGEST:
        return [gettext("Use at most %(number)s characters.", number=passwords.LONGEST)]
    if passwords.is_guessable(password, email):
        return [gettext("That is easy to guess. Use a few words that have nothing to do with each other.")]
    return None


def address_of(typed: str) -> str:
    """An address as it is kept and looked up: there are many ways to write one name of a host (IDNA)."""
    with suppress(ValueError):
        typed = current_app.extensions["security"].mail_util.normalize(typed)
    return typed.strip().lower()
