"""A reader's push subscription and choices."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from pwa.groups.regions import REGIONS
    from pwa.subscriptions import views

    app.jinja_env.globals["regions"] = REGIONS
    app.register_blueprint(views.blueprint)
