"""The coach's own phone: connect it, let go of it, send it a test from the composer, and see what became of that."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from pwa import worker
from pwa.coaches import audit, phones
from pwa.coaches.views import engine, me
from pwa.config import Settings
from pwa.database import reading, writing
from pwa.groups import posters
from pwa.groups.codes import new_code, show_code
from pwa.groups.views import load_group
from pwa.language import of_request
from pwa.results import phone
from pwa.security import LARGEST_NUMBER
from pwa.tips.composing import Composition
from pwa.tips.views import card_of_request, composer, load_tip

blueprint = Blueprint("phone", __name__)


@blueprint.get("/phone")
def show() -> ResponseReturnValue:
    """How it is with the phone; `?over`: the page with a code comes here when that is too old."""
    return _page(over="over" in request.args)


@blueprint.post("/phone/code")
def code() -> ResponseReturnValue:
    """A code for one phone, as a QR code to scan with it; shown only now."""
    word = new_code()
    with writing(engine()) as connection:
        phones.new_code(connection, me().id, word)
    return _page(word)


@blueprint.post("/phone/removal")
def let_go() -> ResponseReturnValue:
    with writing(engine()) as connection:
        phones.let_go(connection, me().id)
        audit.note(connection, me(), "phone-removed")
    flash(gettext("The phone is disconnected from your account. On the phone itself nothing has changed."))
    return redirect(url_for("phone.show"))


@blueprint.get("/phone/state")
def state() -> ResponseReturnValue:
    """What pages ask every other second after a test; the words for each state stand in the page."""
    with reading(engine()) as connection:
        own = phones.own_phone(connection, me().id)
    unused = own is not None and own.code_hash is not None  # a phone that is there is the one of before
    return jsonify(
        ready=phone.is_ready(own) and not unused, over=unused and not phones.is_waiting(own),
        state=phone.state_of(own), answer=own.test_answer if own else "",
    )  # fmt: skip


@blueprint.post("/groups/<int:group_id>/tips/test")
def test(group_id: int) -> ResponseReturnValue:
    """Send what stands in the composer to the coach's own phone, in one language; nothing is kept of the words."""
    settings: Settings = current_app.config["SETTINGS"]
    card = card_of_request()
    with writing(engine()) as connection:
        group = load_group(connection, group_id)
        composition = Composition(request.form, group.languages.split())
        language = request.form.get("test", "")
        spoken = language if language in composition.words else next(iter(composition.words))
        own = phones.own_phone(connection, me().id)
        faults = composition.faults_in(spoken)
        sent = None
        if own is not None and phone.is_ready(own) and not faults:
            sent = phone.begin(connection, settings.url, own, spoken, composition.words[spoken], card)
            own = phones.own_phone(connection, me().id)
        composition.faults = faults
        number = request.args.get("changes", type=int)
        changes = load_tip(connection, min(number, LARGEST_NUMBER))[0] if number else None
        page = composer(
            connection, group, composition.words, card, composition, changes, phone=own, tried=spoken,
            state=phone.state_of(own) if sent else "", ready=phone.is_ready(own), said=phone.words(),
        )  # fmt: skip
    if sent:
        worker.make_tasks(settings).trial(*sent)  # after the transaction, so that the number is there
    return page, 422 if faults else 200


def _page(word: str = "", *, over: bool = False) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    with reading(engine()) as connection:
        own = phones.own_phone(connection, me().id)
    address = posters.join_address(settings.url, of_request(), word) if word else ""
    return render_template(
        "results/phone.html", phone=own, ready=phone.is_ready(own), state=phone.state_of(own), words=phone.words(),
        address=address, code=show_code(word), over=over,
        drawn=posters.drawn(address) if address else "",
    )  # fmt: skip
