"""Houvast: short cue cards for the classroom."""

from __future__ import annotations

from functools import cache

from flask import Flask, abort, request
from werkzeug.wrappers import Response

from pwa import briefings, cli, deck, errors, keys, language, offline, security
from pwa.assets import Assets
from pwa.config import PROJECT, Settings, read_settings
from pwa.deck.loading import load_deck, load_languages

LONGEST_PATH = 2048
LONGEST_HEADERS = 16 * 1024


def create_app(settings: Settings | None = None, *, serve: bool = True) -> Flask:
    """The application, in this order: settings, edges, features, and the ready-made pages in front of it all.

    `serve=False` leaves the pages out, for commands that must run while a card is still broken (see .flaskenv).
    Raises SettingsError or ContentError with a sentence that says what to mend."""
    settings = settings or read_settings()
    app = Flask("pwa", root_path=str(PROJECT), static_folder=None)
    app.config.update(SETTINGS=settings, MAX_CONTENT_LENGTH=64 * 1024)
    assets = Assets()
    app.jinja_env.globals.update(assets=assets, icon=assets.icon)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    live = [code for code, spoken in load_languages(settings.content).items() if spoken.live]
    language.init_app(app, live)
    errors.init_app(app)
    _guard_edges(app, assets)

    app.extensions["deck"] = cache(lambda: load_deck(settings.content))
    deck.init_app(app)
    briefings.init_app(app, assets)
    offline.init_app(app)
    app.cli.add_command(cli.keys)
    app.cli.add_command(cli.database)
    if serve:
        app.config["SECRET_KEY"] = settings.secret_key or keys.secret_key(settings.instance)
        offline.put_in_front(app, settings, assets)
    return app


def _guard_edges(app: Flask, assets: Assets) -> None:
    """What no view needs to look at: host and sizes on the way in, headers on the way out."""
    is_trusted = security.host_check(app.config["SETTINGS"].trusted_hosts)
    fixed = security.headers(assets.import_map_hash)

    @app.before_request
    def refuse_strange_requests() -> None:
        if not is_trusted(request.environ.get("HTTP_HOST", "")):
            abort(400)
        if len(request.path) > LONGEST_PATH:
            abort(414)
        if sum(len(name) + len(value) for name, value in request.headers.items()) > LONGEST_HEADERS:
            abort(431)
        if request.headers.get("Sec-Fetch-Dest") == "serviceworker":
            abort(403)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        return response
