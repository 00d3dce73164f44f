"""Sealed briefings: a substitute is ready in sixty seconds, and the server cannot read a word of it."""

from __future__ import annotations

from functools import cache

from flask import Flask

from pwa.assets import Assets


def init_app(app: Flask, assets: Assets) -> None:
    from pwa.briefings import cli, pages, views

    app.extensions["briefing-pages"] = cache(lambda language: pages.make_pages(app, assets, language))
    app.extensions["briefing-store"] = cache(lambda: views.Store(app.config["SETTINGS"]))
    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.api)
    app.cli.add_command(cli.briefings)
