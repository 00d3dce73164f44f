"""How a coach signs in: Flask-Security, and what it needs to be told to be right here.

The repairs: a Cache-Control that is one, its Dutch words, sessions on the server with a new form token at sign-in,
templates without inline code, no mail, and authenticator codes that work once."""

from __future__ import annotations

import base64
import hmac
from datetime import timedelta

from flask import Flask, g, request
from flask_security import Security
from flask_wtf import CSRFProtect

from pwa.coaches.accounts import Accounts, open_accounts
from pwa.coaches.following import follow_accounts
from pwa.coaches.guesses import be_patient
from pwa.coaches.proofs import CodesOnce, LongPasswords, OneHashAtATime, OwnPasskeys
from pwa.coaches.sessions import Sessions
from pwa.coaches.signin_settings import SETTINGS

FRESH = timedelta(minutes=60)  # after which changing the account asks for the password again
PASSWORDS = {"security.login", "security.verify", "security.change_password"}
LONGEST_FORM = 4096  # bytes; a longer password is more than the hash takes, and would fail there


def init_app(app: Flask, secret: str, *, secure: bool) -> Security:
    """Sign-in for this application, whose `extensions["engine"]` is there already; `secure`: the site is on https."""
    engine = app.extensions["engine"]
    accounts = open_accounts(engine)
    app.config.update(SETTINGS, SECRET_KEY=secret)
    app.config["SECURITY_TOTP_SECRETS"] = {"1": _derived(secret, "totp")}
    app.config["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"] = [_derived(secret, "recovery codes")]
    app.config["SECURITY_FRESHNESS"] = FRESH
    app.config["SECURITY_FRESHNESS_GRACE_PERIOD"] = timedelta(0)
    app.session_interface = Sessions(engine, _derived(secret, "sessions of nobody"), secure=secure)
    _take_short_forms(app)  # before anything reads one
    CSRFProtect(app)
    security = Security(
        app, accounts, totp_cls=CodesOnce, password_util_cls=LongPasswords, webauthn_util_cls=OwnPasskeys
    )  # fmt: skip
    security.pwd_context = OneHashAtATime(security.pwd_context)
    app.extensions["accounts"] = accounts
    _close_after_requests(app, accounts)
    be_patient(app, _derived(secret, "known devices"), secure=secure)
    follow_accounts(app)
    return security


def _derived(secret: str, purpose: str) -> str:
    """A Fernet key of its own for each purpose: the secret key signs, and nothing else."""
    return base64.urlsafe_b64encode(hmac.digest(secret.encode(), f"houvast {purpose}".encode(), "sha256")).decode()


def _take_short_forms(app: Flask) -> None:
    @app.before_request
    def limit() -> None:
        if request.endpoint in PASSWORDS:
            request.max_content_length = LONGEST_FORM


def _close_after_requests(app: Flask, accounts: Accounts) -> None:
    @app.before_request
    def offer_accounts() -> None:
        g.accounts = accounts

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        accounts.db.session.remove()
