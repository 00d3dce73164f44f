"""The way out when a device has a deck that does not work: /reset, which keeps pins and the push subscription."""

from __future__ import annotations

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from pwa import language

blueprint = Blueprint("offline", __name__)


@blueprint.get("/reset")
def reset() -> ResponseReturnValue:
    """Never kept by a worker, and whole without a script: the header empties the HTTP cache by itself."""
    spoken = language.of_request()
    page = language.render(spoken, "offline/reset.html", languages=current_app.config["LANGUAGES"])
    return Response(page, headers={"Cache-Control": "no-store", "Clear-Site-Data": '"cache"'})
