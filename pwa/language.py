"""Which language an answer is in, and how a page is rendered in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import current_app, render_template, request
from flask_babel import Babel
from flask_babel import force_locale as force_locale
from werkzeug.datastructures import LanguageAccept

babel = Babel()

# Dates as Dutch and British readers say them; Babel's own long English ones are American.
DAY = "d MMMM y"
WEEKDAY = "EEEE d MMMM y"
MOMENT = "d MMM y, HH:mm"


def init_app(app: Any, languages: Iterable[str]) -> None:
    """Bind Flask-Babel, with the live `languages` in their order."""
    app.config["LANGUAGES"] = list(languages)
    app.config["BABEL_DEFAULT_LOCALE"] = app.config["LANGUAGES"][0]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = f"{app.root_path}/translations"
    babel.init_app(app, locale_selector=of_request)


def without_words(folder: Path, languages: Iterable[str]) -> list[str]:
    """The languages whose catalog was not compiled (GNU gettext, "The Format of GNU MO Files"): Flask-Babel would speak
    English there, and say nothing."""
    return [language for language in languages if not (folder / language / "LC_MESSAGES" / "messages.mo").exists()]


def of_request() -> str:
    """The language in the address, else the best of the browser's, else the first that we have.

    It comes first in an address, or last in the place where the coach's desk stands."""
    languages: list[str] = current_app.config["LANGUAGES"]
    first = request.script_root.rsplit("/", 1)[-1] or request.path.split("/", 2)[1]
    return first if first in languages else best(request.accept_languages, languages)


def best(wanted: LanguageAccept, languages: list[str]) -> str:
    """The first language that the browser asks for and that we have (RFC 9110, 12.5.4), else our first."""
    for value, quality in wanted:
        code = value.replace("_", "-").split("-")[0].lower()
        if quality > 0 and code in languages:
            return code
    return languages[0]


def render(language: str, template: str, **values: Any) -> str:
    """A template in one language; needs an application context."""
    with force_locale(language):
        return render_template(template, language=language, **values)
