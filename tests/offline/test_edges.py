"""Odd input: a clear answer in the reader's language, which never says back what was sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from pwa.clock import now
from tests.conftest import Page
from tests.offline.test_front import ask
from tests.support.house import check_headers, check_page, read


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (None, "nl"), ("", "nl"), ("nl", "nl"), ("en", "en"), ("EN-us", "en"), ("en_GB", "en"),
        ("nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        ("de, en;q=0.5, nl;q=0.3", "en"), ("de-DE, fr", "nl"), ("*", "nl"),
        ("nl;q=0, en;q=0.1", "en"), ("en;q=0, de", "nl"),
        (";;;,,=", "nl"), ("q=1", "nl"), ("en;q=often", "nl"), ("zh-Hant-TW, en;q=0.001", "en"), ("english", "nl"),
        ("\xff\xfe", "nl"), ("x" * 5000, "nl"), ("en," * 3000, "en"), ("../../en", "nl"),
        ("<en>", "nl"), ("en-" + "a-" * 500, "en"),
    ],
)  # fmt: skip
def test_the_first_address_chooses_the_language_that_the_browser_asks_for(
    app: Flask, wanted: str | None, language: str
) -> None:
    environ = {} if wanted is None else {"HTTP_ACCEPT_LANGUAGE": wanted}
    status, headers, _ = ask(app, "/", **environ)
    assert (status, headers["Location"]) == ("302", f"/{language}/")
    assert headers["Vary"] == "Accept-Language"
    assert headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/nl/k/no-card",
        "/nl/s/no-situation",
        "/nl/m/no-moment",
        "/nl/no-page",
        "/nl/k/",
        "/nl/gone",
        "/nl/k/keep-recess/more",
        "/nl/coach",
    ],
)
def test_what_is_not_here_is_told_in_the_language_of_the_address(page: Page, path: str) -> None:
    root = page(path, 404)
    assert root.all("main")[0].all("a")[0].attributes["href"] == "/nl/"


@pytest.mark.parametrize(
    "path",
    [
        "/no-page",
        "/xx/k/keep-recess",
        "/preview/nl/no-card.png",
        "/NL/safety",
        "/favicon.ico",
        "/.env",
        "/wp-login.php",
    ],
)
def test_what_is_nowhere_is_told_in_the_language_of_the_browser(page: Page, path: str) -> None:
    page(path, 404)


HOSTILE = [
    "<script>zq9()</script>", '"><svg onload=zq9()>', "'-zq9()-'", "javascript:zq9()",
    "{{7*7}}zq9", "${zq9}", "%zq9%s%n",
    "../../../etc/zq9",
    "..\\..\\zq9", "zq9\0", "zq9\r\nX-Evil: 1", "\u202ezq9", "\ud800zq9", "zq9' OR 1=1--", "zq9" * 500,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("start", ["/nl/", "/en/k/", "/nl/s/", "/", "/preview/nl/", "/static/"])
def test_a_hostile_path_is_not_said_back(app: Flask, start: str, text: str) -> None:
    path = (start + text).encode("utf-8", "surrogatepass").decode("latin-1")
    status, headers, body = ask(app, path)
    assert status in {"404", "308"}
    assert "X-Evil" not in headers
    if status == "404":
        assert b"zq9" not in body
        assert not any("zq9" in value for value in headers.values())
    else:
        assert "\n" not in headers["Location"]
        assert "<" not in headers["Location"]
        assert b"<script>" not in body
        assert b"<svg" not in body


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_question_is_a_text_in_its_field_and_nowhere_else(client: FlaskClient, text: str) -> None:
    asked = text.encode("utf-8", "surrogatepass")
    answer = client.get("/en/search", query_string="q=" + "".join(f"%{byte:02X}" for byte in asked))
    assert answer.status_code == 200
    root = check_page(answer.text, "en")
    (field,) = root.all("input", name="q")
    assert "zq9" in field.attributes["value"]
    assert len(field.attributes["value"]) <= 200
    (written,) = re.findall(r'<input id="q"[^>]*>', answer.text)
    assert "zq9" not in answer.text.replace(written, "")
    assert "zq9" not in str(answer.headers)


@pytest.mark.parametrize(
    "query",
    ["q", "q=", "q=&q=zq9", "=", "&&&", "q[]=zq9", "%", "q=%", "q=%FF%FE", "x" * 6000, "q=" + "%F0%9F%98%80" * 300],
)
def test_an_odd_query_gets_a_page(app: Flask, query: str) -> None:
    status, _, body = ask(app, "/nl/search", QUERY_STRING=query)
    assert status == "200"
    check_page(body.decode(), "nl")


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/",
        "/\\evil.example",
        "//evil.example/%2f..",
        "/nl//evil.example",
        "///",
        "/.//evil.example",
    ],
)
def test_nobody_is_led_to_another_place(app: Flask, path: str) -> None:
    status, headers, _ = ask(app, path)
    assert status in {"301", "302", "308", "404"}
    location = headers.get("Location", "/")
    assert not location.startswith(("//", "/\\"))
    assert urlsplit(location).hostname in {None, "localhost"}


def test_an_address_without_its_last_slash_leads_home(client: FlaskClient) -> None:
    answer = client.get("/nl")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/nl/")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_way_out_is_never_kept_and_works_without_a_script(page: Page, client: FlaskClient, language: str) -> None:
    page("/reset")
    answer = client.get("/reset", headers={"Accept-Language": language})
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Clear-Site-Data"] == '"cache"'  # and not the storage, where kept cards are
    section = read(answer.text).all("section", id="reset")[0]
    assert f"/{language}/" in [link.attributes["href"] for link in section.all("a")]
    assert section.all("noscript")


def test_a_start_can_be_asked_for_its_health(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"
    check_headers(answer.headers)


def expires(client: FlaskClient) -> datetime:
    answer = client.get("/.well-known/security.txt")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert {"Contact", "Expires"} <= set(fields)
    assert fields["Contact"].startswith(("mailto:", "https://"))
    assert fields["Canonical"] == "http://localhost:8000/.well-known/security.txt"
    return datetime.fromisoformat(fields["Expires"].replace("Z", "+00:00"))


def test_the_notice_for_finders_of_holes_is_valid_for_half_a_year_from_the_start(client: FlaskClient) -> None:
    """RFC 9116, 2.5.5: less than a year."""
    left = expires(client) - now()
    assert timedelta(days=178) < left <= timedelta(days=180)


def test_a_houvast_that_nobody_starts_anew_lets_its_notice_expire(client: FlaskClient) -> None:
    today = expires(client)
    with time_machine.travel(now() + timedelta(days=200), tick=False):
        assert expires(client) == today
        assert expires(client) < now()


def test_our_pages_do_not_depend_on_the_day(client: FlaskClient) -> None:
    with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC), tick=False):
        assert client.get("/nl/k/keep-recess").status_code == 200
        assert client.get("/nl/no-page").status_code == 404


def test_a_redirect_for_a_missing_slash_stays_on_this_site_whatever_stands_in_front(client: FlaskClient) -> None:
    answer = client.get("/nl/briefings?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/nl/briefings/?x=1")
