"""The coach's desk: an application of its own at /coach/<language>/, made when somebody first comes there."""

from __future__ import annotations

from functools import partial

from flask import Flask, Request, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_datetime
from flask_security import current_user
from werkzeug.wrappers import Response

from pwa import errors, keys, language, security
from pwa.assets import Assets
from pwa.coaches import addresses, signin
from pwa.coaches import views as coaches
from pwa.coaches.addresses import here
from pwa.coaches.forms import is_first_fault
from pwa.config import PROJECT, Settings
from pwa.database import make_engine
from pwa.deck.loading import load_deck, load_languages
from pwa.deck.views import day
from pwa.groups import sharing_views
from pwa.groups import views as groups
from pwa.offers import views as offers
from pwa.results import changing, corrections, phone_views
from pwa.results import views as results
from pwa.results.alarms import alarms
from pwa.results.left_out import how_many_ahead
from pwa.tips import views as tips
from pwa.tips.texts import on_screen

# All other pages are for coaches who have signed in. Flask-Security looks after its own.
FOR_ANYBODY = {"coaches.invitation"}
CLOSED = {"security.two_factor_rescue"}  # help by mail, of which there is none; there are recovery codes
FILTERS = {
    "day": day,
    "weekday": lambda date: format_date(date, language.WEEKDAY),
    "dayname": lambda date, width="wide": format_date(date, "EEEE" if width == "wide" else "EEEEEE"),
    "shortday": lambda date: format_date(date, "d MMM"),
    "month": lambda date: format_date(date, "MMMM y"),
    "moment": lambda moment: format_datetime(moment, language.MOMENT),
    "clock": lambda moment, zone: moment.astimezone(zone).strftime("%H:%M:%S").removesuffix(":00"),
}


class OnlyForms(Request):
    """What is sent here is a form. Flask-Security would read JSON on every page, that of an error too, however deep."""

    @property
    def is_json(self) -> bool:
        return False


def make_desk(settings: Settings) -> Flask:
    """The application, in this order: settings, edges, sign-in, pages. Raises SettingsError or ContentError."""
    desk = Flask("pwa.desk", root_path=str(PROJECT), static_folder=None)
    desk.request_class = OnlyForms
    desk.config.update(SETTINGS=settings, MAX_CONTENT_LENGTH=security.LONGEST_BODY, MAX_FORM_PARTS=400,
                       BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam")  # fmt: skip
    assets = Assets()
    desk.jinja_env.globals.update(assets=assets, icon=assets.icon, on_screen=on_screen)
    desk.jinja_env.trim_blocks = desk.jinja_env.lstrip_blocks = True
    spoken = load_languages(settings.content)
    language.init_app(desk, [code for code, known in spoken.items() if known.live])
    errors.init_app(desk, "coaches/error.html")
    desk.register_error_handler(405, addresses.show_its_page)
    security.guard_edges(desk, settings.trusted_hosts, lambda: assets.inline)
    desk.extensions["engine"] = make_engine(settings.database_url)
    desk.extensions["deck"] = load_deck(settings.content)
    desk.jinja_env.filters.update(FILTERS)

    _guard(desk)  # before all others
    secret = settings.secret_key or keys.secret_key(settings.instance)
    desk.extensions["security"] = signin.init_app(desk, secret, secure=settings.url.startswith("https:"))
    for feature in (coaches, groups, sharing_views, offers, tips, results, changing, corrections, phone_views):
        desk.register_blueprint(feature.blueprint)
    shared = {"spoken": spoken, "here": here, "alarms": partial(alarms, desk.extensions["engine"], settings.content),
              "left_out_ahead": partial(how_many_ahead, desk.extensions["engine"], settings.content),
              "is_first_fault": is_first_fault}  # fmt: skip
    desk.context_processor(lambda: {"language": language.of_request(), **shared})
    return desk


def _guard(desk: Flask) -> None:
    """A language in the address, nothing from another site, nobody who has not signed in, nothing kept anywhere."""

    @desk.before_request
    def refuse() -> ResponseReturnValue | None:
        if request.script_root.rsplit("/", 1)[-1] not in desk.config["LANGUAGES"]:
            if request.method not in {"GET", "HEAD"}:
                abort(404)
            return redirect(f"/coach/{language.of_request()}{here()}")
        if request.endpoint in CLOSED:
            abort(404)
        if request.method not in {"GET", "HEAD", "OPTIONS"} and _is_from_elsewhere():
            abort(403)
        if request.mimetype.endswith("json"):
            abort(415)
        ours = request.endpoint and request.blueprint != "security" and request.endpoint not in FOR_ANYBODY
        if ours and not current_user.is_authenticated:
            return redirect(url_for("security.login", next=request.script_root + here()))
        return None

    @desk.after_request
    def keep_nothing(response: Response) -> Response:
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _is_from_elsewhere() -> bool:
    """As far as the browser says so: an old one says only Origin, a very old one nothing (the form token is left)."""
    origin = request.headers.get("Origin")
    elsewhere = origin is not None and origin.partition("://")[2] != request.host  # RFC 6454, 6.2: nothing comes after
    return elsewhere or security.is_from_elsewhere()
