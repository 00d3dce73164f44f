"""The two pages of a briefing: what they load, what they allow, and what a device must keep to read one."""

from __future__ import annotations

import gzip
import json
import re

import brotli
import pytest
from flask import Flask

from pwa.assets import STATIC, Assets, integrity
from tests.support.house import check_headers, check_page

SCRIPTS = STATIC / "js" / "briefings"
IMPORTED = re.compile(r"""(?:from|import\()\s*['"]#([\w-]+)['"]""")
READER, MAKER = "/nl/b/AAAAAAAAAAAAAAAAAAAAAA", "/nl/briefings/"


@pytest.mark.parametrize("path", [READER, MAKER])
def test_a_page_allows_its_own_import_map_and_nothing_else_inline(server: Flask, path: str) -> None:
    answer = server.test_client().get(path)
    check_headers(answer.headers)
    check_page(answer.text, "nl")
    (written,) = re.findall(r'<script type="importmap">(.*?)</script>', answer.text)
    assert f"script-src 'self' '{integrity(written.encode())}';" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", [READER, MAKER])
def test_a_page_comes_packed_as_the_browser_likes_it(server: Flask, path: str) -> None:
    client = server.test_client()
    plain = client.get(path)
    packed = {name: client.get(path, headers={"Accept-Encoding": name}) for name in ("br", "gzip")}
    assert plain.data == brotli.decompress(packed["br"].data) == gzip.decompress(packed["gzip"].data)
    assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "br;q=0, identity"}).headers
    again = client.get(path, headers={"Accept-Encoding": "br", "If-None-Match": packed["br"].headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert len(packed["br"].data) <= 15_000


def test_the_browser_is_told_ahead_what_a_readers_page_will_ask_for(server: Flask) -> None:
    link = server.test_client().get(READER).headers["Link"]
    assert link == '</api/briefings/AAAAAAAAAAAAAAAAAAAAAA>; rel=preload; as=fetch; crossorigin="anonymous"'
    assert "Link" not in server.test_client().get("/nl/b/AAAA").headers


def test_every_module_is_imported_by_a_name_of_the_map(server: Flask) -> None:
    names = json.loads(Assets().apart_map)["imports"]
    for script in SCRIPTS.glob("*.js"):
        for name in IMPORTED.findall(script.read_text(encoding="utf-8")):
            assert f"#{name}" in names, f"{script.name} imports #{name}"


def test_a_device_keeps_every_file_that_a_reader_may_need(server: Flask) -> None:
    """The joined file imports nothing at first; what it asks for later, and what that asks for, is in the list."""
    joined = Assets().by_name["js/briefings/reader.js"].body.decode()
    assert not re.search(r"^import |;import\{", joined, re.MULTILINE)
    page = server.test_client().get(READER).text
    (listed,) = re.findall(r'<meta name="kept" content="([^"]*)">', page)
    names = json.loads(Assets().apart_map)["imports"]
    wanted, found = set(IMPORTED.findall(joined)), set()
    while wanted - found:
        name = (wanted - found).pop()
        found.add(name)
        source = next(path for path in STATIC.glob(f"**/{name}.js"))
        wanted |= set(IMPORTED.findall(source.read_text(encoding="utf-8")))
    assert {names[f"#{name}"] for name in found} == set(listed.split())


def test_the_deck_and_its_devices_do_without_all_this() -> None:
    assets = Assets()
    assert not re.search(r"briefings|lean-qr|sealing|reader", assets.import_map)


def test_templates_are_looked_over_by_a_command(server: Flask) -> None:
    assert server.test_cli_runner().invoke(args=["briefings", "check"]).output == "3 templates, nothing to mend.\n"


@pytest.mark.parametrize("path", ["/xx/briefings/", "/xx/b/AAAAAAAAAAAAAAAAAAAAAA"])
def test_there_are_no_briefings_in_a_language_that_we_do_not_speak(server: Flask, path: str) -> None:
    assert server.test_client().get(path).status_code == 404
