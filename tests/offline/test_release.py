"""The release: made once for one state of the files, read back whole, and never half."""

from __future__ import annotations

import os
import re
import sys
from errno import ENOSPC
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns
from subprocess import run

import msgspec
import pytest
from msgspec.structs import replace

from pwa import create_app
from pwa.config import PROJECT, Settings, SettingsError, read_settings
from pwa.deck.loading import ContentError, load_deck
from pwa.language import without_words
from pwa.offline.release import KEEP_RELEASES, Release, fingerprint
from pwa.prepare import check_what_names_cards
from tests.support.small import CARDS, copy_content, replace_once


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("release")


@pytest.fixture(scope="module")
def here(folder: Path) -> Settings:
    content = copy_content(folder / "content", CARDS)
    return read_settings({"HOUVAST_CONTENT": str(content), "HOUVAST_INSTANCE": str(folder / "instance")})


@pytest.fixture(scope="module")
def first(here: Settings) -> Release:
    return made(here)


def made(settings: Settings) -> Release:
    release: Release = create_app(settings).extensions["release"]
    return release


def kept(settings: Settings) -> Path:
    return settings.instance / "releases" / f"{fingerprint(settings)}.msgpack"


def changed(here: Settings, tmp_path: Path, why: str) -> Settings:
    content = copy_content(tmp_path / "content", CARDS)
    old = load_deck(content).cards["keep-recess"].texts["en"].why
    replace_once(content / "cards/keep-recess.toml", old, why)
    return read_settings({"HOUVAST_CONTENT": str(content), "HOUVAST_INSTANCE": str(here.instance)})


def test_the_same_files_make_the_same_release(here: Settings, first: Release, tmp_path: Path) -> None:
    content = copy_content(tmp_path / "content", CARDS)
    elsewhere = read_settings({"HOUVAST_CONTENT": str(content), "HOUVAST_INSTANCE": str(tmp_path / "instance")})
    assert fingerprint(elsewhere) == fingerprint(here)
    again = made(elsewhere)
    assert again.digest == first.digest
    assert again == first


def test_a_changed_card_makes_another_release(here: Settings, first: Release, tmp_path: Path) -> None:
    after = made(changed(here, tmp_path, "Running about gives room."))
    assert after.digest != first.digest
    assert after.answers.keys() == first.answers.keys()
    different = {path for path in after.answers if after.answers[path] != first.answers[path]}
    # the page itself, the pages that bring the card along, the document with all cards, and the list in the worker
    places = {f"/en/s/{name}" for name in load_deck(here.content).cards["keep-recess"].facts.situations}
    assert different == {"/en/k/keep-recess", "/en/cards", "/sw.js", *places}


def test_a_setting_that_stands_on_a_page_makes_another_release(here: Settings) -> None:
    names = {"HOUVAST_CONTENT": str(here.content), "HOUVAST_INSTANCE": str(here.instance)}
    others = [
        {"HOUVAST_URL": "https://houvast.example.org"},
        {"HOUVAST_WORKER": "bypass"},
        {"HOUVAST_CONTACT": "mailto:a@b.example"},
        {"HOUVAST_OPERATOR": "De Vlinder"},
        {"HOUVAST_SOURCE": "https://git.example/houvast"},
    ]
    assert len({fingerprint(read_settings(names | other)) for other in [{}, *others]}) == 1 + len(others)


def test_a_second_start_reads_the_release_back_and_renders_nothing(here: Settings, first: Release) -> None:
    marked = replace(first, digest="it was read back")
    kept(here).write_bytes(msgspec.msgpack.encode(marked))
    try:
        assert made(here) == marked
    finally:
        kept(here).write_bytes(msgspec.msgpack.encode(first))


@pytest.mark.parametrize("spoil", ["half", "nothing", "other"])
def test_a_release_that_was_not_written_whole_is_made_again(here: Settings, first: Release, spoil: str) -> None:
    whole = msgspec.msgpack.encode(first)
    kept(here).write_bytes(
        {"half": whole[: len(whole) // 2], "nothing": b"", "other": msgspec.msgpack.encode({"digest": 3})}[spoil]
    )
    assert made(here) == first
    assert kept(here).read_bytes() == whole
    assert not list(kept(here).parent.glob("*.half"))


def test_only_the_newest_releases_are_kept(here: Settings, first: Release) -> None:
    releases = kept(here).parent
    for number in range(KEEP_RELEASES + 2):
        (releases / f"{number:024}.msgpack").write_bytes(b"old")
    kept(here).unlink()
    made(here)
    assert kept(here) in releases.glob("*.msgpack")
    assert len(list(releases.glob("*.msgpack"))) == KEEP_RELEASES


def test_a_broken_card_stops_the_start_and_leaves_no_release(tmp_path: Path) -> None:
    content = copy_content(tmp_path / "content", CARDS)
    (content / "cards/keep-recess.toml").write_text("nl = 3\n", encoding="utf-8")
    settings = read_settings({"HOUVAST_CONTENT": str(content), "HOUVAST_INSTANCE": str(tmp_path / "instance")})
    with pytest.raises(ContentError, match=r"^keep-recess\.toml: \[nl\]: "):
        create_app(settings)
    assert not list(tmp_path.rglob("*.msgpack"))


def test_a_card_that_does_not_fit_stops_the_start(here: Settings, tmp_path: Path) -> None:
    settings = changed(here, tmp_path, "Too " * 61 + "long.")
    with pytest.raises(
        ContentError, match=re.compile(r"^keep-recess\.toml: \[en\] why: .* has 62 words, 60 fit\.$", re.MULTILINE)
    ):
        create_app(settings)


def test_a_renamed_card_that_a_briefing_still_names_stops_the_start(tmp_path: Path) -> None:
    content = copytree(PROJECT / "pwa" / "content", tmp_path / "content")
    card = (content / "cards" / "small-promises.toml").rename(content / "cards" / "little-promises.toml")
    card.write_text(f'aliases = ["small-promises"]\n{card.read_text(encoding="utf-8")}', encoding="utf-8")
    settings = read_settings({"HOUVAST_CONTENT": str(content), "HOUVAST_INSTANCE": str(tmp_path / "instance")})
    with pytest.raises(ContentError, match="there is no “small-promises”"):
        check_what_names_cards(settings, create_app(settings, serve=False))


@pytest.mark.parametrize("name", ["translations/nl/LC_MESSAGES/messages.mo", "requirements/run.txt"])
def test_words_that_were_compiled_and_packages_that_are_newer_make_a_release_of_their_own(
    here: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for folder in ("translations", "requirements"):
        copytree(PROJECT / folder, tmp_path / folder)
    monkeypatch.setattr("pwa.offline.release.PROJECT", tmp_path)
    before = fingerprint(here)
    (tmp_path / name).write_bytes(b"others")
    assert fingerprint(here) != before


def test_a_release_that_cannot_be_kept_is_told_and_leaves_no_half(
    here: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_half: Path, _place: Path) -> None:
        raise OSError(ENOSPC, "No space left on device")

    settings = read_settings({"HOUVAST_CONTENT": str(here.content), "HOUVAST_INSTANCE": str(tmp_path)})
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SettingsError, match=r"The pages cannot be kept in .*releases \(No space left"):
        create_app(settings)
    assert list((tmp_path / "releases").iterdir()) == []


def test_no_release_holds_a_page_for_the_worker_alone(first: Release) -> None:
    assert not any(path.endswith("/gone") for path in first.answers)


def test_a_language_whose_words_were_not_compiled_is_named(tmp_path: Path) -> None:
    compiled = tmp_path / "nl" / "LC_MESSAGES"
    compiled.mkdir(parents=True)
    (compiled / "messages.mo").touch()
    assert without_words(tmp_path, ["nl", "en"]) == ["en"]


def test_a_release_without_words_is_refused(here: Settings, tmp_path: Path) -> None:
    """In a process of its own, on a copy of the project without a compiled catalog."""
    for name in ("pwa", "templates", "static", "translations"):
        copytree(PROJECT / name, tmp_path / name, ignore=ignore_patterns("*.mo", "__pycache__"))
    environment = os.environ | {"HOUVAST_CONTENT": str(here.content), "HOUVAST_INSTANCE": str(tmp_path / "instance")}
    done = run([sys.executable, "-c", "import wsgi"], cwd=copy2(PROJECT / "wsgi.py", tmp_path / "wsgi.py").parent,
               env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "make translations" in done.stderr
