"""The manifests: one app, complete in every language, and every file as large as it says."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import LANGUAGES


@pytest.fixture(params=LANGUAGES)
def manifest(client: FlaskClient, request: pytest.FixtureRequest) -> dict[str, Any]:
    answer = client.get(f"/{request.param}/manifest.webmanifest")
    assert answer.content_type == "application/manifest+json"
    made: dict[str, Any] = json.loads(answer.data)
    assert made["lang"] == request.param
    return made


def size(client: FlaskClient, src: str) -> tuple[int, int]:
    """The pixels of a PNG, from its header (PNG, 11.2.2)."""
    answer = client.get(src)
    assert answer.status_code == 200
    assert answer.content_type == "image/png"
    assert answer.data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", answer.data[16:24])
    return width, height


def test_all_languages_are_one_app(client: FlaskClient) -> None:
    made = [json.loads(client.get(f"/{language}/manifest.webmanifest").data) for language in LANGUAGES]
    for same in ("id", "scope", "short_name", "display", "theme_color", "background_color"):
        assert len({one[same] for one in made}) == 1, same
    for different in ("lang", "name", "description", "start_url"):
        assert len({one[different] for one in made}) == len(LANGUAGES), different


def test_it_opens_at_home_in_its_language(client: FlaskClient, manifest: dict[str, Any]) -> None:
    assert manifest["start_url"] == f"/{manifest['lang']}/"
    assert client.get(manifest["start_url"]).status_code == 200
    assert manifest["start_url"].startswith(manifest["scope"])
    assert manifest["display"] == "standalone"
    assert manifest["dir"] == "ltr"


def test_the_icons_are_there_for_every_purpose_and_as_large_as_they_say(
    client: FlaskClient, manifest: dict[str, Any]
) -> None:
    sizes = {}
    for icon in manifest["icons"]:
        if icon["type"] == "image/svg+xml":
            assert client.get(icon["src"]).content_type.startswith("image/svg+xml")
            continue
        assert icon["sizes"] == "{}x{}".format(*size(client, icon["src"]))
        sizes.setdefault(icon["purpose"], set()).add(icon["sizes"])
    assert sizes["any"] >= {"192x192", "512x512"}
    assert "512x512" in sizes["maskable"]
    assert sizes["monochrome"]


def test_the_screenshots_are_narrow_and_wide_and_as_large_as_they_say(
    client: FlaskClient, manifest: dict[str, Any]
) -> None:
    shapes: dict[str, set[tuple[int, int]]] = {"narrow": set(), "wide": set()}
    for shot in manifest["screenshots"]:
        width, height = size(client, shot["src"])
        assert shot["sizes"] == f"{width}x{height}"
        assert 320 <= min(width, height) <= max(width, height) <= 3840
        assert max(width, height) <= 2.3 * min(width, height)
        assert (width < height) == (shot["form_factor"] == "narrow")
        assert shot["label"]
        shapes[shot["form_factor"]].add((width, height))
    assert len(shapes["narrow"]) == len(shapes["wide"]) == 1, "one shape per form factor, or none is shown"


def test_the_shortcuts_lead_to_pages(client: FlaskClient, manifest: dict[str, Any]) -> None:
    home = manifest["start_url"]
    assert [shortcut["url"] for shortcut in manifest["shortcuts"]] == [home, f"{home}pinned", f"{home}safety"]
    for shortcut in manifest["shortcuts"]:
        assert client.get(shortcut["url"]).status_code == 200
        assert shortcut["name"]
        assert [size(client, icon["src"]) for icon in shortcut["icons"]] == [(96, 96)]
