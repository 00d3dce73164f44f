"""What follows when somebody signs in or out or changes a way in: new tokens, ended sessions, a line in the history."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, redirect, request, session, url_for
from flask_login import user_logged_in, user_logged_out
from flask_security import current_user, password_changed, tf_profile_changed, wan_deleted, wan_registered

from pwa.coaches import audit
from pwa.coaches.accounts import Coach
from pwa.coaches.sessions import ServerSession, end_sessions
from pwa.database import writing

# Steps of signing in. Somebody who is in already would be signed out by them, even by a link on another site.
ON_THE_WAY_IN = {"security.two_factor_token_validation", "security.mf_recovery", "security.tf_select"}
STEPPED_UP = {"security.verify", "security.wan_verify_response"}


def follow_accounts(app: Flask) -> None:
    """New tokens at sign-in, none left at sign-out, the others ended when a way in changed; all written down."""
    engine = app.extensions["engine"]

    def begin(_app: Flask, user: Coach, **_: Any) -> None:
        session.pop("csrf_token", None)
        session.pop("_remember", None)  # the forms take it, and its cookie would outlive every session that is ended
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
