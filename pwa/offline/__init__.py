"""The release: what a device keeps, its worker, its manifests, and the layer that answers from memory."""

from __future__ import annotations

from flask import Flask

from pwa.assets import Assets
from pwa.config import Settings


def init_app(app: Flask) -> None:
    from pwa.offline import cli, views

    app.register_blueprint(views.blueprint)
    app.cli.add_command(cli.offline)


def put_in_front(app: Flask, settings: Settings, assets: Assets) -> None:
    """Open the release and let it answer before Flask does. Raises ContentError when a card cannot be used."""
    from pwa.offline.front import Front
    from pwa.offline.release import open_release

    release = open_release(app, settings, assets)
    app.extensions["release"] = release
    app.wsgi_app = Front(app.wsgi_app, release, settings.trusted_hosts)  # type: ignore[method-assign]
