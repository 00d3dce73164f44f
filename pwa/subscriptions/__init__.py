"""A reader's push subscription and choices."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from pwa.subscriptions import views

    app.register_blueprint(views.blueprint)
