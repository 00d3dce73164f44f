"""The application, put together."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from click import ClickException
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from pwa import briefings, cli, deck, errors, keys, language, offline, security, subscriptions
from pwa.assets import Assets
from pwa.coaches.cli import coach
from pwa.coaches.door import Door
from pwa.config import PROJECT, Settings, SettingsError, read_settings
from pwa.deck.loading import ContentError, load_deck, load_languages
from pwa.inbound import WholeBodies

if TYPE_CHECKING:
    from pwa.reception import Reception



def create_app(settings: Settings | None = None, *, serve: bool = True) -> Flask:
    """The application, in this order: settings, edges, features, and the ready-made pages in front of it all.

    `serve=False` leaves the pages out, for commands that must run while a card is still broken (see .flaskenv).
    Raises SettingsError or ContentError with a sentence that says what to mend."""
    settings = settings or read_settings()
    app = Flask("pwa", root_path=str(PROJECT), static_folder=None)
    app.config.update(SETTINGS=settings, MAX_CONTENT_LENGTH=security.LONGEST_BODY)
    assets = Assets()
    app.jinja_env.globals.update(assets=assets, icon=assets.icon)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    live = [code for code, spoken in load_languages(settings.content).items() if spoken.live]
    language.init_app(app, live)
    errors.init_app(app)
    security.guard_edges(app, settings.trusted_hosts, lambda: assets.inline)

    app.extensions["deck"] = cache(lambda: load_deck(settings.content))
    deck.init_app(app)
    briefings.init_app(app, assets)
    offline.init_app(app)
    app.extensions["reception"] = cache(partial(_make_reception, settings, live))
    subscriptions.init_app(app)
    app.cli.add_command(cli.keys)
    app.cli.add_command(cli.database)
    app.cli.add_command(cli.worker)
    app.cli.add_command(cli.status)
    app.cli.add_command(cli.tips)
    app.cli.add_command(coach)
    app.wsgi_app = Door(app.wsgi_app, live, partial(_make_desk, settings))  # type: ignore[method-assign]
    app.wsgi_app = WholeBodies(app.wsgi_app, security.LONGEST_BODY)  # type: ignore[method-assign]
    if serve:
        app.config["SECRET_KEY"] = settings.secret_key or keys.secret_key(settings.instance)
        offline.put_in_front(app, settings, assets)
    if settings.proxies:  # only the address of who asks: our own comes from the settings
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, 0, 0)  # type: ignore[method-assign]
    return app


def for_commands() -> Flask:
    """The application for the command line (see .flaskenv), with a sentence for a wrong setting."""
    try:
        return create_app(serve=False)
    except (SettingsError, ContentError) as error:
        raise ClickException(str(error)) from error


def _make_desk(settings: Settings) -> Flask:
    from pwa.desk import make_desk  # what only coaches need takes long to import

    return make_desk(settings)


def _make_reception(settings: Settings, languages: list[str]) -> Reception:
    from pwa.reception import Reception  # the database and the keys, which reading pages never need

    return Reception(settings, languages)
