"""A coach's desk for tests: the real application behind its door, and coaches who came in by invitation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from pwa.coaches.door import Door
from pwa.coaches.signin_settings import SETTINGS
from pwa.coaches.tables import coaches
from pwa.config import Settings
from pwa.database import reading
from pwa.desk import make_desk
from tests.support.house import Element, check_headers, check_page, read

PASSWORD = "vier losse woorden samen"  # noqa: S105  (of nobody)
WORDS = {"title-nl": "Groet bij de deur", "body-nl": "Zeg ieder kind gedag.",
         "title-en": "Greet at the door", "body-en": "Say hello to every child."}  # fmt: skip  (of a tip)
COST = "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"


def make_light_desk(settings: Settings) -> Flask:
    """One whose passwords take next to no work, for tests in which people come in; test_hashing has the real one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SETTINGS, COST, {**dict.fromkeys(SETTINGS[COST], 1), "argon2__memory_cost": 8})
        return make_desk(settings)


def code_of(key: str, at: float) -> str:
    """The six digits of an authenticator app at a moment (RFC 6238)."""
    secret = base64.b32decode(key.replace("-", "").replace(" ", "").upper())
    digest = hmac.digest(secret, (int(at) // 30).to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


class Person:
    """Somebody at a browser: it keeps cookies, and sends forms with the token of the page that they came from."""

    def __init__(self, desk: Flask, language: str = "en") -> None:
        door = Door(Response("elsewhere", 404), ["nl", "en"], lambda: desk)
        self.client = Client(door)
        self.language = language
        self.key = self.email = self.name = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(f"/coach/{self.language}{path}", **more)

    def page(self, path: str, status: int = 200) -> Element:
        """A page that keeps the rules of the house."""
        answer = self.get(path)
        assert answer.status_code == status, f"{path} answers {answer.status}"
        check_headers(answer.headers)
        assert answer.headers["Cache-Control"] == "private, no-store"
        return check_page(answer.text, self.language)

    def post(self, path: str, *, on: str | None = None, **fields: str) -> TestResponse:
        """Fill in the form that is on a page (`on`, else the path itself) and send it."""
        token = read(self.get(path if on is None else on).text).all("input", name="csrf_token")
        assert token, f"no form on {on or path}"
        return self.client.post(
            f"/coach/{self.language}{path}", data={"csrf_token": token[0].attributes["value"], **fields}
        )

    def code(self, ahead: int = 0) -> str:
        """What the authenticator app shows, `ahead` steps from now."""
        return code_of(self.key, time.time() + 30 * ahead)

    def accept(self, link: str, email: str, name: str = "A coach") -> TestResponse:
        """From the invitation to being signed in, as a person does it; the answer to the last form."""
        path = re.sub(r"^.*/coach", "", link)
        answer = self.post(path, name=name, email=email, password=PASSWORD)
        assert answer.status_code == 302, answer.text
        answer = self.post("/account/second-step", setup="authenticator")
        self.key = read(answer.text).all(class_="key-word")[0].text
        return self.post_from(answer, "/second-step", code=self.code())

    def post_from(self, page: TestResponse, path: str, **fields: str) -> TestResponse:
        token = read(page.text).all("input", name="csrf_token")[0].attributes["value"]
        return self.client.post(f"/coach/{self.language}{path}", data={"csrf_token": token, **fields})


Coming = Callable[..., Person]


def form_token(person: Person, on: str = "/sign-in") -> str:
    """What a form of this page is sent with."""
    return read(person.get(on).text).all("input", name="csrf_token")[0].attributes["value"]


def group_of(person: Person, name: str = "De Vlinder", **fields: str) -> int:
    """A group that this person makes; its number."""
    values = {"name": name, "languages": "nl en", "region": "NL-midden", "quiet_from": "20:00", "quiet_till": "07:00"}
    answer = person.post("/groups/new", **{**values, **fields})
    assert answer.status_code == 302, answer.text
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def number_of(desk: Flask, person: Person) -> int:
    """Of the account."""
    with reading(desk.extensions["engine"]) as connection:
        return int(connection.scalar(select(coaches.c.id).where(coaches.c.email == person.email)) or 0)


def invited_by(person: Person, to: str, on: str) -> str:
    """The path that an invitation leads to."""
    link = read(person.post(to, on=on).text).all("input", id="link")[0].attributes["value"]
    return re.sub("^.*/coach", "", link)


def bytes_on_disk(folder: Path) -> bytes:
    """Everything that the files of a folder hold."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
