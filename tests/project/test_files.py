"""The repository itself: catalogs, pictures, third-party files, templates, migrations."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from pwa.assets import STATIC, Assets
from pwa.config import PROJECT
from pwa.database import MIGRATIONS
from tests.conftest import LANGUAGES

TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))


def in_the_code() -> set[str | tuple[str, ...]]:
    """Every message that a module or a template has."""
    with (PROJECT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found: set[str | tuple[str, ...]] = set()
    for folder in ("pwa", "templates"):
        here = [(pattern.removeprefix(f"{folder}/"), how) for pattern, how in methods if pattern.startswith(folder)]
        assert here, f"babel.cfg does not look at {folder}"
        of_here = {pattern.removeprefix(f"{folder}/"): given for pattern, given in options.items()}
        for _, _, message, _, _ in extract_from_dir(PROJECT / folder, here, of_here):
            found.add(message)
    return found


def catalog(language: str) -> Catalog:
    with (PROJECT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    """A message, or its singular and its plural."""
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_has_every_message_of_the_code_and_no_other(language: str) -> None:
    messages = in_the_code()
    assert len(messages) > 50
    assert {message.id for message in catalog(language) if message.id} == messages


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_has_no_gap_no_guess_and_no_lost_placeholder(language: str) -> None:
    for message in catalog(language):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        for said, meant in zip(forms(message.string), forms(message.id), strict=True):
            assert said, message.id
            assert re.findall(r"%\(\w+\)s", said) == re.findall(r"%\(\w+\)s", meant), message.id


def test_the_english_catalog_says_what_the_code_says() -> None:
    assert {message.id: message.string for message in catalog("en") if message.id} == {
        message: message for message in in_the_code()
    }


def test_the_catalogs_are_compiled(client: FlaskClient) -> None:
    """`make` does it; without it a Dutch page speaks English."""
    for language in LANGUAGES:
        said = str(catalog(language)["Go to the text"].string)  # type: ignore[union-attr]
        assert said in client.get(f"/{language}/").text


def printed() -> Iterator[tuple[str, str]]:
    """Every text that is read by people: of the catalogs and of the content, with where it stands."""
    for path in (PROJECT / "translations").rglob("*.po"):
        with path.open("rb") as file:
            yield from ((path.name, said) for message in read_po(file) if message.id for said in forms(message.string))
    for path in (PROJECT / "pwa" / "content").rglob("*.toml"):
        yield from ((path.name, said) for said in texts_in(tomllib.loads(path.read_text(encoding="utf-8"))))


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_in(each)


def test_quotation_marks_and_times_are_written_as_docs_adding_a_card_says() -> None:
    texts = list(printed())
    assert len(texts) > 2000
    assert [text for text in texts if re.search(r"""['"“”„]|\b\d{1,2}\.[0-5]\d\b""", text[1])] == []


def named_icons() -> Iterator[tuple[str, str]]:
    for path in [*TEMPLATES, *(PROJECT / "pwa" / "content").rglob("*.toml")]:
        text = path.read_text(encoding="utf-8")
        for first, second in re.findall(
            r"""icon\(["']([^"']+)["']|^(?:icon|picture) = "([^"]+)\"""", text, re.MULTILINE
        ):
            yield first or second, path.name


def test_every_picture_that_is_named_is_there_and_no_other() -> None:
    named = dict(named_icons())
    there = {path.stem for path in (STATIC / "icons" / "outline").glob("*.svg")}
    assert {name: path for name, path in named.items() if name not in there} == {}
    assert there - set(named) == set(), "run scripts/vendor.py"


def test_every_picture_can_be_drawn_in_one_colour() -> None:
    assets = Assets()
    for path in (STATIC / "icons" / "outline").glob("*.svg"):
        drawn = assets.icon(path.stem)
        assert len(re.findall(r'<path d="M[^"]+"/>', drawn)) == 1, f"{path.name} is not one path"
        assert drawn.count("M") >= path.read_text(encoding="utf-8").count("<path d="), f"a part of {path.name} is lost"
        assert not re.search(r"<script|\son|href|style=|fill=\"#", drawn), path.name


def test_every_third_party_file_is_listed_with_its_licence_and_digest() -> None:
    listed = tomllib.loads((PROJECT / "scripts" / "vendored.toml").read_text(encoding="utf-8"))
    for name, entry in listed.items():
        assert set(entry) == {"package", "version", "integrity", "licence"}, name
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", entry["integrity"]), name
        assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"]), name
    vendor = STATIC / "vendor"
    theirs = {"lean-qr": vendor, "icons": STATIC / "icons/outline", "font": STATIC / "fonts"}
    assert set(listed) == set(theirs)
    for folder in theirs.values():
        assert [path for path in folder.iterdir() if path.name.endswith("LICENSE")], folder.name
    vendored = {"lean-qr.js", "lean-qr.LICENSE"}
    assert {path.name for path in (STATIC / "vendor").iterdir()} == vendored
    assert all(
        path.name.startswith(("atkinson-hyperlegible-next-", "LICENSE")) for path in (STATIC / "fonts").iterdir()
    )


FORBIDDEN = {
    "a value that is not escaped": r"\|\s*safe\b|Markup\(|autoescape",
    "a script in the page": r"<script(?![^>]*\b(?:src=|type=\"importmap\"))",
    "a handler in the markup": r"<[^>]*\son[a-z]+\s*=",
    "a style in the markup": r"<[^>]*\sstyle\s*=|<style",
    "an address of somebody else": r"""(?:src|href|action)=["'](?:https?:)?//""",
    "an attribute without quotation marks": r"""\s[a-z-]+=\{\{""",
}


@pytest.mark.parametrize("what", FORBIDDEN)
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(PROJECT / "templates").as_posix())
def test_no_template_has(path: Path, what: str) -> None:
    assert re.findall(FORBIDDEN[what], path.read_text(encoding="utf-8")) == []


def test_no_script_makes_markup_or_code_from_text() -> None:
    for path in STATIC.glob("js/**/*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|document\.write|insertAdjacentHTML|\.outerHTML\s*=", text), (
            path.name
        )
        assert "importScripts" not in text, path.name


def test_the_migrations_have_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_nothing_that_is_ours_names_the_machine_that_it_was_made_on() -> None:
    folders = ("pwa", "templates", "translations", "static/js", "static/css", "docs", "scripts")
    for path in (path for folder in folders for path in (PROJECT / folder).rglob("*")):
        if path.suffix in {".py", ".html", ".js", ".css", ".toml", ".po", ".md"}:
            assert not re.search(r"(?<![\w.])/(?:root|Users)/\w", path.read_text(encoding="utf-8")), path.name
