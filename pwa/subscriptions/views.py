"""What readers' devices ask, in JSON: subscribe, compare, choose, mute, join, try, stop; the proof, counts, templates.

A device says who it is by its token alone (Authorization: Bearer …). There are no cookies and no numbers of readers."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, jsonify, request
from msgspec import Struct
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, TooManyRequests, UnsupportedMediaType

from pwa import language as speech
from pwa.security import Network, is_from_elsewhere, network_of
from pwa.subscriptions import asking
from pwa.subscriptions.asking import RefusedError

blueprint = Blueprint("subscriptions", __name__, url_prefix="/api")
Asked = TypeVar("Asked", bound=Struct)


@blueprint.before_request
def refuse_other_sites() -> None:
    """Another site's page cannot ask: its browser says so, and JSON it could only send after asking us first."""
    if is_from_elsewhere():
        raise RefusedError(403, "unclear")


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/key")
def key() -> Response:
    return jsonify(key=_reception().key)


@blueprint.post("/subscription")
def subscribe() -> Response:
    return jsonify(_reception().subscribe(_asked(asking.Subscription), _token(), _network()))


@blueprint.post("/subscription/compare")
def compare() -> Response:
    return jsonify(_reception().compare(_known(), _asked(asking.Address).endpoint))


@blueprint.put("/subscription")
def choose() -> Response:
    return jsonify(_reception().choose(_known(), _asked(asking.Chosen)))


@blueprint.put("/subscription/mute")
def mute() -> Response:
    return jsonify(_reception().mute(_known(), _asked(asking.Days).days))


@blueprint.post("/subscription/groups")
def join() -> Response:
    return jsonify(_reception().join(_known(), _asked(asking.Code).code, _network()))


@blueprint.delete("/subscription/groups/<int:group_id>")
def leave(group_id: int) -> Response:
    return jsonify(_reception().leave(_known(), group_id))


@blueprint.get("/templates")
def templates() -> Response:
    """A school's own, for makers of briefings. The join code comes where a token does, so that it is in no log."""
    return jsonify(_reception().templates(_token(), _network()))


@blueprint.post("/subscription/trial")
def trial() -> Response:
    return jsonify(_reception().trial(_known()))


@blueprint.delete("/subscription")
def stop() -> Response:
    _reception().stop(_known())
    return jsonify({})


@blueprint.post("/proof")
def prove() -> Response:
    return jsonify({"confirmed": True} if _reception().prove(_asked(asking.Nonce).nonce, _network()) else {})


@blueprint.post("/report")
def report() -> Response:
    asked = _asked(asking.Report)
    _reception().report(asked.tip, asked.what, _network())
    return jsonify({})


@blueprint.errorhandler(RefusedError)
def refuse(error: RefusedError) -> tuple[Response, int]:
    with speech.force_locale(speech.of_request()):
        answer = jsonify(reason=error.reason, words=asking.words_for(error.reason))
    if error.wait:
        answer.headers["Retry-After"] = str(error.wait)
    return answer, error.status


@blueprint.errorhandler(HTTPException)
def refuse_in_json(error: HTTPException) -> tuple[Response, int]:
    reasons = {RequestEntityTooLarge: "long", UnsupportedMediaType: "json", TooManyRequests: "often"}
    wait = int(getattr(error, "retry_after", None) or 0)
    return refuse(RefusedError(error.code or 500, reasons.get(type(error), "unclear"), wait))


def _asked(kind: type[Asked]) -> Asked:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    return asking.read(request.get_data(), kind)


def _token() -> str:
    """The device's token, empty when it brings none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" and len(token) < asking.LONGEST_TOKEN else ""


def _known() -> str:
    """The token of a device that must have one."""
    return _token() or _unknown()


def _unknown() -> str:
    raise RefusedError(404, "unknown")


def _network() -> Network:
    """Who asks, for counting."""
    return network_of(request.remote_addr or "")


def _reception() -> Any:
    """The pwa.reception.Reception of this application: its imports take long, so it is made when first asked for."""
    return current_app.extensions["reception"]()
