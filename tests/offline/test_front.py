"""The layer in front: every ready-made page from memory, as HTTP asks it, with all headers."""

from __future__ import annotations

import gzip
import io
import re

import brotli
import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient

from pwa import create_app
from pwa.config import Settings
from tests.support.house import check_headers, check_page

PAGES = ["/nl/", "/en/cards", "/nl/k/keep-recess", "/en/s/anger", "/sw.js", "/en/manifest.webmanifest"]
Answer = tuple[str, dict[str, str], bytes]


def ask(app: Flask, path: str, method: str = "GET", **environ: str) -> Answer:
    """What a WSGI server gets for exactly this; nothing is tidied on the way, as a test client would."""
    given: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        given.append((status, headers))

    full = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SCRIPT_NAME": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost:8000", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), **environ,
    }  # fmt: skip
    result = app.wsgi_app(full, start)
    body = b"".join(result)
    if hasattr(result, "close"):
        result.close()
    ((status, headers),) = given
    return status[:3], dict(headers), body


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_asked_for_again_each_time_and_not_sent_twice(app: Flask, path: str) -> None:
    status, headers, body = ask(app, path)
    assert status == "200"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Content-Length"] == str(len(body))
    assert headers["Vary"] == "Accept-Encoding"
    assert re.fullmatch(r'"[0-9a-f]{24}"', headers["ETag"])
    status, again, nothing = ask(app, path, HTTP_IF_NONE_MATCH=headers["ETag"])
    assert (status, nothing) == ("304", b"")
    assert again["ETag"] == headers["ETag"]
    assert "Content-Length" not in again
    assert "Content-Type" not in again


@pytest.mark.parametrize("known", ["*", " * ", 'W/"x", {etag}', "W/{etag}", '{etag}, W/"y"'])
def test_a_page_that_is_known_in_any_way_of_saying_so_is_not_sent(app: Flask, known: str) -> None:
    etag = ask(app, "/nl/")[1]["ETag"]
    assert ask(app, "/nl/", HTTP_IF_NONE_MATCH=known.replace("{etag}", etag))[0] == "304"


@pytest.mark.parametrize("known", ['"x"', "", "x", '"', "W/", "\x7f"])
def test_a_page_that_is_not_known_is_sent(app: Flask, known: str) -> None:
    assert ask(app, "/nl/", HTTP_IF_NONE_MATCH=known)[0] == "200"


def test_a_head_has_the_headers_and_no_body(app: Flask) -> None:
    _, headers, body = ask(app, "/nl/")
    status, same, nothing = ask(app, "/nl/", "HEAD")
    assert (status, same, nothing) == ("200", headers, b"")
    assert int(headers["Content-Length"]) == len(body)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""), ("identity", ""), ("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"), ("GZIP", "gzip"),
        ("*", "gzip"), ("*;q=0", ""), ("br;q=0", ""), ("br;q=0, gzip", "gzip"), ("br; q=0.000, gzip;q=0.5", "gzip"),
        ("gzip;q=0, br;q=0, *", ""), ("gzip;q=0, *;q=0.5", ""), ("br;q=1.0", "br"), ("deflate", ""), (";;,,;q=", ""),
        ("bread, gzips", ""), ("x" * 9000, ""),
    ],
)  # fmt: skip
def test_the_smallest_encoding_that_is_accepted_is_sent(app: Flask, accepted: str, encoding: str) -> None:
    plain = ask(app, "/nl/")[2]
    status, headers, body = ask(app, "/nl/", HTTP_ACCEPT_ENCODING=accepted)
    assert status == "200"
    assert headers.get("Content-Encoding", "") == encoding
    assert headers["Content-Length"] == str(len(body))
    undo = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding]
    assert undo(body) == plain


@pytest.mark.parametrize("path", PAGES)
def test_each_encoding_has_a_strong_tag_of_its_own(app: Flask, path: str) -> None:
    tags = [ask(app, path, HTTP_ACCEPT_ENCODING=encoding)[1]["ETag"] for encoding in ("", "gzip", "br")]
    assert len(set(tags)) == 3
    assert not any(tag.startswith("W/") for tag in tags)
    # a tag of one encoding does not stand for another
    assert ask(app, path, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=tags[1])[0] == "200"


def test_a_file_that_is_named_by_its_content_is_kept_for_ever(app: Flask) -> None:
    path = app.jinja_env.globals["assets"].url("app.css")  # type: ignore[attr-defined]
    status, headers, _ = ask(app, path)
    assert status == "200"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    [
        "/static/app.0123456789.css",
        "/static/",
        "/static/../pwa/config.py",
        "/static/js/worker/cut.js",
        "/static/icons/outline/flame.svg",
    ],
)
def test_a_file_that_is_not_served_is_told_in_plain_text(app: Flask, path: str) -> None:
    status, headers, body = ask(app, path)
    assert (status, body) == ("404", b"404\n")
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "path",
    ["/nl/", "/en/s/anger", "/nl/m/know", "/nl/k/keep-recess", "/en/search", "/en/safety", "/", "/reset", "/healthz"],
)
def test_a_page_is_read_and_not_sent_to(app: Flask, path: str, method: str) -> None:
    status, headers, body = ask(app, path, method)
    assert status == "405"
    assert {"GET", "HEAD"} <= set(headers["Allow"].split(", "))
    assert headers["Cache-Control"] == "no-store"
    check_page(body.decode(), "en" if path.startswith("/en") else "nl")


@pytest.mark.parametrize("method", ["POST", "BREW", "TRACE", "get", ""])
def test_no_method_is_too_odd_for_a_clear_answer(app: Flask, method: str) -> None:
    assert ask(app, "/nl/", method)[0] in {"400", "404", "405"}


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:8000",
        "localhost@evil.example",
        "local host",
        "",
        "[::1",
        "localhost:x",
    ],
)
@pytest.mark.parametrize("path", ["/nl/", "/reset", "/nl/no-page"])
def test_a_host_that_is_not_ours_is_refused(app: Flask, path: str, host: str) -> None:
    status, headers, body = ask(app, path, HTTP_HOST=host)
    assert status == "400"
    assert headers["Cache-Control"] == "no-store"
    assert b"evil" not in body


@pytest.mark.parametrize("host", ["localhost", "localhost:9", "127.0.0.1:8000", "[::1]", "[::1]:8000", "LOCALHOST"])
def test_a_host_that_is_ours_is_answered_by_both_layers(app: Flask, host: str) -> None:
    assert ask(app, "/nl/", HTTP_HOST=host)[0] == "200"
    assert ask(app, "/healthz", HTTP_HOST=host)[0] == "200"


def test_a_page_does_not_look_at_its_query_and_search_does(app: Flask) -> None:
    plain = ask(app, "/nl/")
    assert ask(app, "/nl/", QUERY_STRING="utm=x&q=boos") == plain
    assert ask(app, "/nl/search")[1]["Cache-Control"] == "no-cache"
    status, headers, body = ask(app, "/nl/search", QUERY_STRING="q=boos")
    assert (status, headers["Cache-Control"]) == ("200", "no-store")
    assert 'value="boos"' in body.decode()


@pytest.mark.parametrize("path", ["/nl/", "/reset", "/healthz", "/no-page", "/nl/search"])
def test_only_the_worker_is_given_as_a_worker(app: Flask, path: str) -> None:
    assert ask(app, path, HTTP_SEC_FETCH_DEST="serviceworker")[0] == "403"
    assert ask(app, "/sw.js", HTTP_SEC_FETCH_DEST="serviceworker")[0] == "200"


@pytest.mark.parametrize(
    "path", ["/", "/nl", "/nl/", "/nl/k/keep-recess", "/sw.js", "/reset", "/healthz", "/robots.txt",
             "/.well-known/security.txt", "/en/no-page", "/static/no.css", "/nl/search?q=boos",
             "/preview/nl/keep-recess.png", "/en/manifest.webmanifest"]
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_every_answer_has_all_security_headers(client: FlaskClient, path: str, method: str) -> None:
    check_headers(client.open(path, method=method).headers)


@pytest.fixture(scope="module")
def failing(app: Flask, settings: Settings) -> FlaskClient:
    """The same application with three more routes, for errors that no page makes; its pages are read back."""
    other = create_app(settings)
    assert other.extensions["release"] == app.extensions["release"]

    @other.get("/<language>/fails")
    def fails(language: str) -> str:
        raise RuntimeError(f"secret of {language}")

    @other.post("/<language>/takes")
    def takes(language: str) -> str:
        return f"{language} {len(request.get_data())}"

    @other.get("/<language>/says/<int:status>")
    def says(language: str, status: int) -> str:
        abort(status)

    return other.test_client()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_unforeseen_error_is_a_calm_page_and_a_line_in_the_log(
    failing: FlaskClient, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = failing.get(f"/{language}/fails")
    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == "no-store"
    assert "secret" not in answer.text
    check_headers(answer.headers)
    check_page(answer.text, language)
    assert "secret of" in caplog.text
    assert "GET /<language>/fails failed" in caplog.text  # the rule: an address may hold the id of a briefing


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 415, 418, 422, 429, 500, 501, 503])
def test_every_status_has_its_page_with_a_way_back_in_either_language(failing: FlaskClient, status: int) -> None:
    seen = []
    for language in ("nl", "en"):
        answer = failing.get(f"/{language}/says/{status}")
        assert answer.status_code == status
        check_headers(answer.headers)
        root = check_page(answer.text, language)
        main = root.all("main")[0]
        assert f"/{language}/" in [link.attributes["href"] for link in main.all("a")]
        seen.append(main.all("h1")[0].text)
    assert seen[0] != seen[1]


def test_a_body_that_is_too_long_is_refused(failing: FlaskClient) -> None:
    assert failing.post("/en/takes", data=b"x" * 64 * 1024).text == "en 65536"
    answer = failing.post("/en/takes", data=b"x" * (64 * 1024 + 1))
    assert answer.status_code == 413
    check_headers(answer.headers)
    check_page(answer.text, "en")


def test_a_path_that_is_too_long_is_refused(client: FlaskClient) -> None:
    assert client.get("/en/" + "a" * 2044).status_code == 404
    answer = client.get("/en/" + "a" * 2045)
    assert answer.status_code == 414
    check_headers(answer.headers)
    check_page(answer.text, "en")
    assert "aaaaaaaaaa" not in answer.text


@pytest.mark.parametrize("header", ["X-Long", "Cookie", "Accept-Language", "Referer", "User-Agent"])
def test_headers_that_are_too_long_are_refused(app: Flask, header: str) -> None:
    answer = app.test_client(use_cookies=False).get("/nl/no-page", headers={header: "a" * 16 * 1024})
    assert answer.status_code == 431
    check_headers(answer.headers)
    check_page(answer.text, "nl")


@pytest.mark.parametrize(
    "cookie", ["=", ";;;", "a", "session=\x01", 'a="', "session=" + "x" * 4000, "é=é", "session=.e30.x.y"]
)
def test_a_broken_cookie_is_nobody_s_trouble(app: Flask, cookie: str) -> None:
    answer = app.test_client(use_cookies=False).get("/nl/search?q=boos", headers={"Cookie": cookie})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
