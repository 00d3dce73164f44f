"""How a coach signs in: Flask-Security's settings, and what it needs to be told to be right here.

The repairs: a Cache-Control that is one, its Dutch words, sessions on the server with a new form token at sign-in,
templates without inline code, no mail, and authenticator codes that work once."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import flask_security
import segno
from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_babel import gettext
from flask_login import user_logged_in, user_logged_out
from flask_security import (
    Security,
    Totp,
    current_user,
    password_changed,
    tf_profile_changed,
    wan_deleted,
    wan_registered,
)
from flask_wtf import CSRFProtect
from markupsafe import Markup
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pwa.clock import now
from pwa.coaches import audit, passwords
from pwa.coaches.accounts import Accounts, Coach, open_accounts
from pwa.coaches.patience import KnownDevices, Patience
from pwa.coaches.sessions import ServerSession, Sessions, end_sessions
from pwa.config import PROJECT, Settings
from pwa.database import writing

# Addresses of Flask-Security under /coach/<language>, and the templates of this project for them.
SETTINGS: dict[str, Any] = {
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_VERIFY_URL": "/again",
    "SECURITY_CHANGE_URL": "/account/password",
    "SECURITY_TWO_FACTOR_SETUP_URL": "/account/second-step",
    "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-step",
    "SECURITY_TWO_FACTOR_RESCUE_URL": "/second-step/help",
    "SECURITY_TWO_FACTOR_SELECT_URL": "/second-step/which",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/second-step/recovery-code",
    "SECURITY_WAN_REGISTER_URL": "/account/passkeys",
    "SECURITY_WAN_DELETE_URL": "/account/passkeys/remove",
    "SECURITY_WAN_SIGNIN_URL": "/sign-in/passkey",
    "SECURITY_WAN_VERIFY_URL": "/again/passkey",
    "SECURITY_LOGIN_USER_TEMPLATE": "coaches/sign_in.html",
    "SECURITY_LOGOUT_USER_TEMPLATE": "coaches/sign_out.html",
    "SECURITY_VERIFY_TEMPLATE": "coaches/again.html",
    "SECURITY_CHANGE_PASSWORD_TEMPLATE": "coaches/password.html",
    "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "coaches/second_step_setup.html",
    "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "coaches/second_step.html",
    "SECURITY_TWO_FACTOR_SELECT_TEMPLATE": "coaches/second_step_which.html",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "coaches/recovery_codes.html",
    "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "coaches/recovery_code.html",
    "SECURITY_WAN_REGISTER_TEMPLATE": "coaches/passkeys.html",
    "SECURITY_WAN_SIGNIN_TEMPLATE": "coaches/passkey.html",
    "SECURITY_WAN_VERIFY_TEMPLATE": "coaches/again_passkey.html",
    "SECURITY_POST_LOGIN_VIEW": "results.desk",
    "SECURITY_POST_LOGOUT_VIEW": "security.login",
    "SECURITY_POST_CHANGE_VIEW": "coaches.account",
    "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "coaches.account",
    "SECURITY_WAN_POST_REGISTER_VIEW": "coaches.account",
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_REQUIRED": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "SECURITY_WEBAUTHN": True,
    "SECURITY_WAN_RP_NAME": "Houvast",
    "SECURITY_WAN_ALLOW_USER_HINTS": False,  # a list of somebody's passkeys tells that the account exists
    "SECURITY_TOTP_ISSUER": "Houvast",
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},  # no second key that must never be lost
    "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST,
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFC",
    "SECURITY_DATETIME_FACTORY": now,
    # Without these, changing a password fails after it was changed, because there is no mail.
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_CACHE_CONTROL": {"private": None, "no-store": None},
    "SECURITY_I18N_DIRNAME": ["builtin", str(PROJECT / "translations")],
    "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
}
FRESH = 60  # minutes after which changing the account asks for the password again
TRIES = {"security.login", "security.two_factor_token_validation", "security.mf_recovery", "security.verify"}
# 20 at once and 30 an hour: at most 50 guesses an hour reach the hash, from one address or for one account
BURST, EVERY = 20, 120.0
REMEMBERED = 180 * 24 * 3600  # seconds that a browser is known after somebody signed in
# Steps of signing in. Somebody who is in already would be signed out by them, even by a link on another site.
ON_THE_WAY_IN = {"security.two_factor_token_validation", "security.two_factor_rescue", "security.mf_recovery",
                 "security.tf_select"}  # fmt: skip
STEPPED_UP = {"security.verify", "security.wan_verify_response"}


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


def init_app(app: Flask, secret: str, *, secure: bool) -> Security:
    """Sign-in for this application, whose `extensions["engine"]` is there already; `secure`: the site is on https."""
    engine = app.extensions["engine"]
    accounts = open_accounts(engine)
    app.config.update(SETTINGS, SECRET_KEY=secret)
    app.config["SECURITY_TOTP_SECRETS"] = {"1": _derived(secret, "totp")}
    app.config["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"] = [_derived(secret, "recovery codes")]
    app.config["SECURITY_FRESHNESS"] = _minutes(FRESH)
    app.config["SECURITY_FRESHNESS_GRACE_PERIOD"] = _minutes(0)
    app.session_interface = Sessions(engine, secure=secure)
    CSRFProtect(app)
    security = Security(
        app, accounts, totp_cls=CodesOnce, password_util_cls=LongPasswords, webauthn_util_cls=OwnPasskeys
    )  # fmt: skip
    app.extensions["accounts"] = accounts
    _close_after_requests(app, accounts)
    _be_patient(app, secret, secure)
    _follow_accounts(app)
    return security


def _minutes(number: int) -> Any:
    from datetime import timedelta

    return timedelta(minutes=number)


def _derived(secret: str, purpose: str) -> str:
    """A Fernet key of its own for each purpose: the secret key signs, and nothing else."""
    return base64.urlsafe_b64encode(hmac.digest(secret.encode(), f"houvast {purpose}".encode(), "sha256")).decode()


def _close_after_requests(app: Flask, accounts: Accounts) -> None:
    @app.before_request
    def offer_accounts() -> None:
        g.accounts = accounts

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        accounts.db.session.remove()


def _be_patient(app: Flask, secret: str, secure: bool) -> None:
    """Guesses cost: by address and by account, given back when they were right. A passkey works meanwhile, and so does
    the password in a browser where that coach signed in before: it has attempts of its own."""
    patience = Patience(BURST, EVERY)
    devices = KnownDevices(_derived(secret, "known devices"))
    cookie = "__Host-known" if secure else "known"

    @app.before_request
    def count() -> None:
        if request.method != "POST" or request.endpoint not in TRIES:
            return
        who = request.form.get("email", "").strip().casefold() or _half_signed_in()
        word = request.cookies.get(cookie, "")
        if devices.knows(word, who):
            g.tries = [f"on {hashlib.sha256(word.encode()).hexdigest()}"]
        else:
            g.tries = [f"from {request.remote_addr}", f"for {hashlib.sha256(who.encode()).hexdigest()}"]
        if not patience.take(*g.tries):
            g.pop("tries")
            abort(429)

    @app.after_request
    def give_back(response: Response) -> Response:
        if response.status_code == 302 and "tries" in g:  # onward: what was typed was right
            patience.give_back(*g.pop("tries"))
        if who := g.pop("signed_in", ""):
            response.set_cookie(cookie, devices.new(who), max_age=REMEMBERED, path="/", secure=secure, httponly=True,
                                samesite="Lax")  # fmt: skip
        return response


def _half_signed_in() -> str:
    """The address of who has given the password and not the second step, or has to give the password again."""
    known = session.get("tf_user_id") or session.get("_user_id")
    coach = g.accounts.find_user(fs_uniquifier=str(known)) if known else None
    return coach.email if coach else ""


def _follow_accounts(app: Flask) -> None:
    """New tokens at sign-in, none left at sign-out, the others ended when a way in changed; all written down."""
    engine = app.extensions["engine"]

    def begin(_app: Flask, user: Coach, **_: Any) -> None:
        session.pop("csrf_token", None)
        g.pop("csrf_token", None)
        _own().coach_id = user.id
        _own().renewed = True
        g.signed_in = user.email
        _write_down(user, "signed-in")

    def end(_app: Flask, **_: Any) -> None:
        _own().ended = True

    @app.before_request
    def turn_back() -> Any:
        is_in = request.endpoint in ON_THE_WAY_IN and current_user.is_authenticated
        return redirect(url_for("results.desk")) if is_in else None

    @app.after_request
    def renew(response: Response) -> Response:
        """Who has just shown once more who it is goes on under a new token."""
        if request.endpoint in STEPPED_UP and request.method == "POST" and response.status_code == 302:
            _own().renewed = True
        return response

    def changed(deed: str) -> Any:
        def follow(_app: Flask, user: Any, **_: Any) -> None:
            end_sessions(engine, user.id, but=_own().token)
            _own().renewed = True
            _own().modified = True
            _write_down(user, deed)

        return follow

    def _write_down(user: Any, deed: str) -> None:
        app.extensions["accounts"].commit()  # its changes first: two transactions of one request must not meet
        with writing(engine) as connection:
            audit.note(connection, user, deed)

    app.extensions["followers"] = [  # signals hold no reference of their own
        _connect(user_logged_in, app, begin), _connect(user_logged_out, app, end),
        *(_connect(signal, app, changed(deed)) for signal, deed in (
            (password_changed, "password"), (tf_profile_changed, "second-step"),
            (wan_registered, "passkey-added"), (wan_deleted, "passkey-removed"),
        )),
    ]  # fmt: skip


def _connect(signal: Any, app: Flask, follow: Any) -> Any:
    signal.connect(follow, sender=app)
    return follow


def _own() -> ServerSession:
    return session._get_current_object()  # type: ignore[attr-defined]
