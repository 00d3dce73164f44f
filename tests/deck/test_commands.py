"""`flask cards …`, on a copy of the content."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from pwa import create_app
from pwa.config import read_settings
from pwa.deck.loading import load_card, load_deck, load_languages
from tests.support.small import CARDS, replace_once


@pytest.fixture
def runner(content: Path, tmp_path: Path) -> FlaskCliRunner:
    """As `flask` starts it: without the pages, which a broken card would stop."""
    settings = read_settings({"HOUVAST_CONTENT": str(content), "HOUVAST_INSTANCE": str(tmp_path / "instance")})
    return create_app(settings, serve=False).test_cli_runner()


def test_a_good_deck_has_nothing_to_mend(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["cards", "check"])
    assert done.output == f"{len(CARDS)} cards in nl, en: nothing to mend.\n"
    assert done.exit_code == 0


def test_every_unreadable_card_is_told_at_once(runner: FlaskCliRunner, content: Path) -> None:
    for name in ("full-head", "keep-recess"):
        (content / f"cards/{name}.toml").write_text("nl = 3", encoding="utf-8")
    done = runner.invoke(args=["cards", "check"])
    assert [line.split(":")[0] for line in done.output.splitlines()] == ["full-head.toml", "keep-recess.toml"]
    assert done.exit_code == 1


def test_a_card_that_is_too_long_is_told(runner: FlaskCliRunner, content: Path) -> None:
    path = content / "cards/keep-recess.toml"
    title = load_deck(content).cards["keep-recess"].texts["en"].title
    replace_once(path, f'title = "{title}"', 'title = "one two three four five six"')
    done = runner.invoke(args=["cards", "check"])
    assert done.output == "keep-recess.toml: [en] title: “one two three four five six” has 6 words, 5 fit.\n"
    assert done.exit_code == 1


def test_what_stands_between_files_is_told_without_a_trace(runner: FlaskCliRunner, content: Path) -> None:
    replace_once(content / "situations.toml", '"anger-is-fear"', '"nothing"')
    done = runner.invoke(args=["cards", "check"])
    assert done.output == "Error: situations.toml: [anger] first: no card “nothing” is in this situation.\n"
    assert done.exit_code == 1


def test_borrowed_words_are_told(runner: FlaskCliRunner, content: Path, tmp_path: Path) -> None:
    why = load_deck(content).cards["keep-recess"].texts["en"].why
    (tmp_path / "book.txt").write_text(f"Once upon a time.\n{why}\n", encoding="utf-8")
    done = runner.invoke(args=["cards", "check", "--against", str(tmp_path / "book.txt")])
    assert done.output.startswith("keep-recess.toml: [en] why: repeats “")
    assert done.exit_code == 1


def test_a_new_card_has_every_field_to_fill_in_and_says_what_is_missing(runner: FlaskCliRunner, content: Path) -> None:
    done = runner.invoke(args=["cards", "new", "wait-a-while"])
    assert done.exit_code == 0
    assert "flask cards check" in done.output
    path = content / "cards/wait-a-while.toml"
    card = load_card(path, load_languages(content))
    assert set(card.texts) == {"nl", "en"}
    checked = runner.invoke(args=["cards", "check"])
    assert checked.exit_code == 1
    told = checked.output.splitlines()
    assert len(told) > 10
    assert all(line.startswith("wait-a-while.toml: ") for line in told)
    for field in ("title", "cue", "you", "see", "do", "say", "avoid", "why", "rehearse", "words", "alt"):
        assert any(f"[en] {field}: " in line or f"[en] {field}." in line for line in told), field


@pytest.mark.parametrize("name", ["Wait", "../wait", "wait--now", "-wait", "wait/now", "één", "", "wait\n"])
def test_a_card_cannot_have_an_odd_name(runner: FlaskCliRunner, content: Path, name: str) -> None:
    before = sorted(content.parent.rglob("*.toml"))
    done = runner.invoke(args=["cards", "new", "--", name])
    assert done.output.startswith("Error: A card's name has small letters")
    assert done.exit_code == 1
    assert sorted(content.parent.rglob("*.toml")) == before


def test_a_card_that_is_there_is_never_overwritten(runner: FlaskCliRunner, content: Path) -> None:
    before = (content / "cards/keep-recess.toml").read_bytes()
    done = runner.invoke(args=["cards", "new", "keep-recess"])
    assert done.output == "Error: keep-recess.toml is there already.\n"
    assert (content / "cards/keep-recess.toml").read_bytes() == before


def test_a_language_begins_as_a_draft_that_readers_do_not_see(runner: FlaskCliRunner, content: Path) -> None:
    done = runner.invoke(args=["cards", "add-language", "fy", "Frysk"])
    assert done.output.startswith(f"{len(CARDS)} cards wait for their [fy] words.")
    deck = load_deck(content)
    assert deck.live() == ["nl", "en"]
    assert all("fy" in card.texts for card in deck.cards.values())
    assert runner.invoke(args=["cards", "check"]).exit_code == 0


def test_a_draft_says_what_is_missing_in_every_card(runner: FlaskCliRunner, content: Path) -> None:
    runner.invoke(args=["cards", "add-language", "fy", "Frysk"])
    (content / "cards/full-head.toml").write_text(
        (content / "cards/full-head.toml").read_text(encoding="utf-8").partition("\n[fy]")[0], encoding="utf-8"
    )
    done = runner.invoke(args=["cards", "check", "--language", "fy"])
    assert done.exit_code == 1
    told = {line.split(":")[0] for line in done.output.splitlines()}
    assert told == {f"{card}.toml" for card in CARDS}
    assert "full-head.toml: [fy] part: is not there yet." in done.output


def test_a_language_that_was_begun_is_not_begun_twice(runner: FlaskCliRunner, content: Path) -> None:
    runner.invoke(args=["cards", "add-language", "fy", "Frysk"])
    before = {path: path.read_bytes() for path in content.rglob("*.toml")}
    done = runner.invoke(args=["cards", "add-language", "fy", "Frysk"])
    assert done.output.startswith("0 cards wait")
    assert {path: path.read_bytes() for path in content.rglob("*.toml")} == before


@pytest.mark.parametrize(
    ("code", "name"),
    [("FY", "Frysk"), ("f", "Frysk"), ("frys", "Frysk"), ("f]", "Frysk"), ("fy", 'F"rysk'), ("fy", "F\nrysk")],
)
def test_a_language_has_a_plain_code_and_name(runner: FlaskCliRunner, content: Path, code: str, name: str) -> None:
    before = {path: path.read_bytes() for path in content.rglob("*.toml")}
    done = runner.invoke(args=["cards", "add-language", code, name])
    assert done.output.startswith("Error: A language's ")
    assert {path: path.read_bytes() for path in content.rglob("*.toml")} == before


def test_an_unknown_language_is_told(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["cards", "check", "--language", "fy"])
    assert done.output == "Error: languages.toml has no [fy] part.\n"
