"""Briefings over HTTP: two pages that are the same for everybody, and an API that takes and gives ciphertext."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from pwa import clock
from pwa.briefings import bodies
from pwa.briefings.bodies import BadBodyError, Note, Save, pack, read_id, unpack
from pwa.briefings.limits import full
from pwa.config import Settings
from pwa.patience import Patience
from pwa.security import is_from_elsewhere, network_of

if TYPE_CHECKING:
    from pwa.briefings.pages import Shell

blueprint = Blueprint("briefings", __name__)
api = Blueprint("briefings-api", __name__, url_prefix="/api/briefings")
log = logging.getLogger(__name__)
DAY = 86_400
SOONEST = 60  # seconds that a new briefing is valid at least
STATUS = {"made": 201, "changed": 200, "noted": 201, "gone": 404, "behind": 409, "full": 507}


class Store:
    """What only writing needs: the database, opened at the first request for it, and the patience of this process."""

    def __init__(self, settings: Settings) -> None:
        from pwa.briefings import keeping  # reading pages need no database, and it takes long to import
        from pwa.database import make_engine

        self.keeping = keeping
        self.engine = make_engine(settings.database_url)
        self.most = settings.briefings
        self.saves, self.notes = full(), full()


@blueprint.get("/<language>/briefings/")
def making(language: str) -> ResponseReturnValue:
    return _page(language, "maker")


@blueprint.get("/<language>/b/<id_>")
def reading(language: str, id_: str) -> ResponseReturnValue:
    """The same page for every id; the browser is told ahead what the page will ask for."""
    answer = _page(language, "reader")
    if read_id(id_):
        answer.headers["Link"] = f'</api/briefings/{id_}>; rel=preload; as=fetch; crossorigin="anonymous"'
    return answer


def _page(language: str, name: str) -> Response:
    if language not in current_app.config["LANGUAGES"]:
        abort(404)
    shell: Shell = current_app.extensions["briefing-pages"](language)[name]
    best = next((name for name in ("br", "gzip") if request.accept_encodings[name] > 0), "")
    answer = Response({"br": shell.brotli, "gzip": shell.gzip}.get(best, shell.body), mimetype="text/html")
    if best:
        answer.headers["Content-Encoding"] = best
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Content-Security-Policy"] = shell.policy
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.set_etag(shell.etag + (f"-{best}" if best else ""))
    answer.make_conditional(request)
    return answer


@api.get("/<id_>")
def fetch(id_: str) -> ResponseReturnValue:
    store = _store()
    found = store.keeping.read(store.engine, _id(id_), _now())
    if not found:
        abort(404)
    revision, expires, sealed = found
    return _json({"revision": revision, "expires": expires, "sealed": pack(sealed)})


@api.put("/<id_>")
def save(id_: str) -> ResponseReturnValue:
    """Make a briefing or change it; only with the token that its id is a digest of."""
    store, now, id_bytes = _store(), _now(), _own_id(id_)
    body: Save = _body(Save)
    sealed = unpack(body.sealed, store.keeping.LEAST_SEALED, store.keeping.MOST_SEALED)
    left = body.expires - now
    if not SOONEST <= left <= store.keeping.LONGEST or not 0 <= body.after < body.revision <= bodies.MOST_REVISIONS:
        raise BadBodyError
    _take(store.saves, max(1, -(-left // DAY)), now)
    done = store.keeping.keep(store.engine, id_bytes, sealed, revision=body.revision, after=body.after,
                              expires_at=body.expires, now=now, most=store.most)  # fmt: skip
    return _done(done)


@api.delete("/<id_>")
def withdraw(id_: str) -> ResponseReturnValue:
    store = _store()
    store.keeping.withdraw(store.engine, _own_id(id_))
    return Response(status=204, headers={"Cache-Control": "no-store"})


@api.post("/<id_>/notes")
def note(id_: str) -> ResponseReturnValue:
    store, now, id_bytes = _store(), _now(), _id(id_)
    _refuse_foreign()
    sealed = unpack(_body(Note).sealed, store.keeping.LEAST_SEALED, store.keeping.MOST_NOTE)
    _take(store.notes, 1, now)
    return _done(store.keeping.note(store.engine, id_bytes, sealed, now=now, most=store.most))


@api.get("/<id_>/notes")
def notes(id_: str) -> ResponseReturnValue:
    store = _store()
    return _json({"notes": [pack(each) for each in store.keeping.notes(store.engine, _own_id(id_), _now())]})


@api.errorhandler(HTTPException)
def say(error: HTTPException) -> ResponseReturnValue:
    """Every refusal in one form; the page on the device has the words for it."""
    status = error.code or 500
    answer = _json({"error": {404: "gone", 409: "behind", 429: "often", 507: "full"}.get(status, "refused")}, status)
    if error.response is not None and "Retry-After" in error.response.headers:
        answer.headers["Retry-After"] = error.response.headers["Retry-After"]
    return answer


@api.errorhandler(BadBodyError)
def say_bad(_error: BadBodyError) -> ResponseReturnValue:
    return _json({"error": "refused"}, 400)


@api.errorhandler(Exception)
def say_later(error: Exception) -> ResponseReturnValue:
    """The database failed. Only its kind goes into the log: its message would repeat what was sent."""
    log.error("Briefings: %s at %s", type(getattr(error, "orig", None) or error).__name__, request.endpoint)
    return _json({"error": "later"}, 503)


def _store() -> Store:
    """The store, rid of what is over: reading is the reminder to clean up."""
    store: Store = current_app.extensions["briefing-store"]()
    store.keeping.erase_expired(store.engine, _now())
    return store


def _now() -> int:
    return int(clock.now().timestamp())


def _id(text: str) -> bytes:
    return read_id(text) or abort(404)


def _own_id(text: str) -> bytes:
    """The id in the address, if the request holds its token; else there is nothing here."""
    _refuse_foreign()
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    token, id_bytes = read_id(given), _id(text)
    store: Store = current_app.extensions["briefing-store"]()
    if scheme != "Bearer" or token is None or store.keeping.id_of(token) != id_bytes:
        abort(404)
    return id_bytes


def _refuse_foreign() -> None:
    """Only our own pages and programs that are no browser."""
    if is_from_elsewhere():
        abort(403)


def _body(kind: type[Any]) -> Any:
    if request.mimetype != "application/json":
        abort(415)
    if (request.content_length or 0) > bodies.LONGEST_BODY:
        abort(413)
    data = request.get_data()
    return bodies.read_body(data, kind) if len(data) <= bodies.LONGEST_BODY else abort(413)


def _take(patience: Patience, cost: int, now: int) -> None:
    wait = patience.wait(*network_of(request.remote_addr or ""), cost=cost, at=now)
    if wait:
        raise TooOftenError(wait)


class TooOftenError(HTTPException):
    code = 429

    def __init__(self, wait: int) -> None:
        super().__init__()
        self.response = Response(status=429, headers={"Retry-After": str(wait)})


def _done(outcome: str) -> Response:
    status = STATUS[outcome]
    return _json({"error": outcome} if status >= 400 else {"done": outcome}, status)


def _json(value: dict[str, Any], status: int = 200) -> Response:
    body = current_app.json.dumps(value)
    return Response(body, status, {"Cache-Control": "no-store"}, mimetype="application/json")
