"""Guesses at the door: counted by network and by account, and never a hard lock."""

from __future__ import annotations

import hashlib

from flask import Flask, Response, abort, g, request, session
from flask_security import current_user

from pwa.coaches.known_devices import KnownDevices
from pwa.coaches.proofs import address_of
from pwa.patience import Patience
from pwa.security import network_of

TRIES = {"security.login", "security.two_factor_token_validation", "security.mf_recovery", "security.verify",
         "security.change_password"}  # fmt: skip
# 20 at once and 30 an hour: at most 50 guesses an hour reach the hash, from one address or for one account
BURST, EVERY = 20, 120.0
REMEMBERED = 180 * 24 * 3600  # seconds that a browser is known after somebody signed in


def be_patient(app: Flask, key: str, *, secure: bool) -> None:
    """Guesses cost: by network and by account, given back when they were right. A passkey works meanwhile, and so does
    the password in a browser where that coach signed in before: it has attempts of its own."""
    patience = Patience(BURST, EVERY)
    app.extensions["invited"] = Patience(BURST, EVERY)  # each looks at a new password, which may take a second
    devices = KnownDevices(key)
    cookie = "__Host-known" if secure else "known"

    @app.before_request
    def count() -> None:
        if request.method != "POST" or request.endpoint not in TRIES:
            return
        who = _who()
        word = request.cookies.get(cookie, "")
        if devices.knows(word, who):
            g.tries = [f"on {hashlib.sha256(word.encode()).hexdigest()}"]
        else:
            networks = network_of(request.remote_addr or "")
            g.tries = [*(f"from {network}" for network in networks), f"for {hashlib.sha256(who.encode()).hexdigest()}"]
        if not patience.take(*g.tries):
            g.pop("tries")
            abort(429)

    @app.after_request
    def give_back(response: Response) -> Response:
        if response.status_code in {302, 429} and "tries" in g:  # it was right, or was not looked at
            patience.give_back(*g.pop("tries"))
        if who := g.pop("signed_in", ""):
            response.set_cookie(cookie, devices.new(who), max_age=REMEMBERED, path="/", secure=secure, httponly=True,
                                samesite="Lax")  # fmt: skip
        return response


def _who() -> str:
    """Whose account somebody tries: they say it on the first form alone, afterwards the session knows it."""
    if request.endpoint == "security.login":
        return address_of(request.form.get("email", "")).casefold()
    known = session.get("tf_user_id")
    coach = current_user if current_user.is_authenticated else known and g.accounts.find_user(fs_uniquifier=str(known))
    return coach.email.casefold() if coach else ""
