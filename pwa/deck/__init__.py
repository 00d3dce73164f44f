"""The deck: content files → frozen `Deck` → pages; the glance linter; `flask cards`."""

from __future__ import annotations

from flask import Flask

from pwa.clock import now


def init_app(app: Flask) -> None:
    from pwa.deck import cli, views

    app.config["STARTED"] = now()
    app.register_blueprint(views.blueprint)
    filters = {"day": views.day, "weekday": views.weekday, "kind": views.diagram_kind, "tied": views.tied}
    app.jinja_env.filters.update(filters, lookup=lambda key, table: table[key])
    app.cli.add_command(cli.cards)
