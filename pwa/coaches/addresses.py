"""Which page an address belongs to, also one that only takes forms: a language switch and a reload need a page."""

from __future__ import annotations

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed

from pwa import errors

WITHIN = {"/tips/test": "/tips/new"}  # ends of addresses that a button within another page sends to


def here() -> str:
    """This page without its language, for the other one; after a form, the page that the form stands on."""
    return _as_asked(request.path if request.method in {"GET", "HEAD"} else page_of(request.path))


def page_of(path: str) -> str:
    """The address itself when it is a page, else the nearest page above it: forms send to what lies under theirs."""
    adapter = current_app.url_map.bind("")
    for end, page in WITHIN.items():
        if path.endswith(end):
            path = path.removesuffix(end) + page
    while path != "/" and not adapter.test(path, method="GET"):
        path = path.rpartition("/")[0] or "/"
    return path


def show_its_page(error: MethodNotAllowed) -> ResponseReturnValue:
    """Who reads an address that only takes forms, as by loading its answer again, comes to the page of the form."""
    if request.method not in {"GET", "HEAD"}:
        return errors.show(error)
    return redirect(request.script_root + _as_asked(page_of(request.path)))


def _as_asked(path: str) -> str:
    return path + (f"?{request.query_string.decode('latin-1')}" if request.query_string else "")
