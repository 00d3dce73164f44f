"""Every error as a page that helps, in the reader's language; never a stack trace, never the reader's own words."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, InternalServerError

from pwa import language

log = logging.getLogger(__name__)


PLAIN = "errors/page.html"  # asks nobody anything


def init_app(app: Flask, page: str = PLAIN) -> None:
    """Every error of this application on the template `page`; a fault of ours on one that nothing can break."""
    app.extensions["error page"] = page
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(Exception, show_unexpected)
    app.after_request(stay_here)


def show(error: HTTPException) -> ResponseReturnValue:
    """A page for a 4xx or 5xx; a static file that is not there is told in plain text, never in HTML."""
    if error.response is not None:
        return error.response
    status = error.code or 500
    headers = {"Cache-Control": "no-store"}
    if error.get_headers() and status == 405:
        headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ["GET", "HEAD"]))
    if request.path.startswith("/static/"):
        return f"{status}\n", status, headers | {"Content-Type": "text/plain; charset=utf-8"}
    spoken = language.of_request()
    with language.force_locale(spoken):
        title, message = words_for(status)
    template = PLAIN if status >= 500 else current_app.extensions["error page"]
    return language.render(spoken, template, title=title, message=message, status=status), status, headers


def stay_here(response: Response) -> Response:
    """A redirect within this site names no host, whatever stands in front of it (TLS, another name)."""
    where = urlsplit(response.headers.get("Location", ""))
    if where.netloc and where.netloc == request.host:
        path = "/" + where.path.lstrip("/")  # after two slashes would come a host
        response.headers["Location"] = urlunsplit(("", "", path, where.query, where.fragment))
    return response


def show_unexpected(error: Exception) -> ResponseReturnValue:
    """What nobody foresaw: into the log with its trace, and a calm page for the reader."""
    where = request.url_rule.rule if request.url_rule else "an unknown address"  # an address may hold a briefing's id
    log.exception("%s %s failed", request.method, where)
    return show(InternalServerError())


def words_for(status: int) -> tuple[str, str]:
    """(title, message) for a status, in the language of now."""
    if status == 404:
        return gettext("This page is not here"), gettext(
            "The address may be old, or a letter may be off. All cards are on the home page."
        )
    if status == 405:
        return gettext("That does not work here"), gettext(
            "This page can be read, not sent to. Go back and try again."
        )
    if status in {413, 414, 431}:
        return gettext("That is too long"), gettext("What was sent is longer than this page can take.")
    if status == 429:
        return gettext("One moment"), gettext("That was too often in a short time. Wait a minute and try again.")
    if status < 500:
        return gettext("That request could not be read"), gettext(
            "Something in the address or in what was sent is not right. Go back and try again."
        )
    return gettext("Something went wrong on our side"), gettext(
        "It isn’t your fault, and nothing of yours is lost. Try again in a minute."
    )
