"""A content file that cannot be used stops the start, with a sentence for the person who edits it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pwa.config import PROJECT
from pwa.deck.loading import CONTENT, ContentError, load_card, load_deck, load_languages
from tests.support.small import replace_once

Break = Callable[[Path], object]
LANGUAGES = load_languages(CONTENT)


def in_file(name: str, old: str, new: str) -> Break:
    return lambda content: replace_once(content / name, old, new)


def in_line(name: str, start: str, line: str, nth: int = 0) -> Break:
    """Replace the nth line that starts so; the words of a card may change, its fields don't."""

    def edit(content: Path) -> None:
        path = content / name
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[[number for number, old in enumerate(lines) if old.startswith(start)][nth]] = line
        path.write_text("\n".join(lines), encoding="utf-8")

    return edit


def as_bytes(name: str, body: bytes) -> Break:
    return lambda content: (content / name).write_bytes(body)


CARD = "cards/keep-recess.toml"
# what is done to the content → what the sentence names, in this order
BREAKS: dict[str, tuple[Break, list[str]]] = {
    "a field is missing": (in_line(CARD, "cue =", "", 1), ["keep-recess.toml: [en]: ", "“cue”"]),
    "a field is unknown": (
        in_line(CARD, "cue =", 'cue = "Run."\nhint = "x"', 0),
        ["keep-recess.toml", "[nl]", "“hint”"],
    ),
    "a list is a text": (
        in_line(CARD, "do =", 'do = "Open the door"', 1),
        ["keep-recess.toml", "[en]", "do:", "a list", "text"],
    ),
    "a text is a number": (
        in_line(CARD, "see =", "see = [1]", 0),
        ["keep-recess.toml", "[nl]", "see", "text", "a whole number"],
    ),
    "say is a text": (in_line(CARD, "say =", 'say = "Come"', 1), ["keep-recess.toml", "[en]", "say", "a table"]),
    "say has a third sentence": (
        in_line(CARD, "say =", 'say = { shout = "No" }', 1),
        ["keep-recess.toml", "[en]", "say", "“shout”"],
    ),
    "a quotation mark is not closed": (in_line(CARD, "cue =", 'cue = "Run'), ["keep-recess.toml", "not TOML", "line"]),
    "a field stands there twice": (in_line(CARD, "cue =", 'cue = "a"\ncue = "b"'), ["keep-recess.toml", "not TOML"]),
    "it was saved in an old encoding": (
        as_bytes(CARD, 'cue = "één"'.encode("latin-1")),
        ["keep-recess.toml", "byte 8", "UTF-8"],
    ),
    "a number has no end": (in_line(CARD, "rank =", "rank = " + "9" * 5000), ["keep-recess.toml", "not TOML"]),
    "the day does not exist": (in_line(CARD, "reviewed =", "reviewed = 2026-02-31"), ["keep-recess.toml", "not TOML"]),
    "the day is a word": (
        in_line(CARD, "reviewed =", 'reviewed = "soon"'),
        ["keep-recess.toml: reviewed: ", "2026-11-22"],
    ),
    "the day has a time": (
        in_line(CARD, "reviewed =", "reviewed = 2026-11-22T10:00:00"),
        ["keep-recess.toml", "a date", "with a time"],
    ),
    "the moment is unknown": (in_line(CARD, "moment =", 'moment = "later"'), ["keep-recess.toml", "moment", "“later”"]),
    "a language is missing": (in_line(CARD, "[en]", "[fy]"), ["keep-recess.toml", "“fy”"]),
    "a language is a text": (as_bytes(CARD, b'en = "x"\n'), ["keep-recess.toml", "[en]", "a table"]),
    "the situation is unknown": (
        in_line(CARD, "situations =", 'situations = ["rain"]'),
        ["keep-recess.toml", "situations", "“rain”"],
    ),
    "a card for now is in no situation": (
        in_line("cards/your-calm-first.toml", "situations =", "situations = []"),
        ["your-calm-first.toml", "situations"],
    ),
    "the passage is unknown": (
        in_line(CARD, "passages =", 'passages = ["page-900"]'),
        ["keep-recess.toml", "passages", "“page-900”"],
    ),
    "the reference is unknown": (
        in_line(CARD, "rank =", 'rank = 1\nreferences = ["nobody-2030"]', 0),
        ["keep-recess.toml"],
    ),
    "the picture is not there": (
        in_line(CARD, "picture =", 'picture = "unicorn"'),
        ["keep-recess.toml", "picture", "“unicorn”"],
    ),
    "an alias is a card": (
        in_line(CARD, "rank =", 'rank = 1\naliases = ["full-head"]'),
        ["keep-recess.toml", "“full-head”", "full-head.toml"],
    ),
    "the file has a capital": (
        lambda content: (content / CARD).rename(content / "cards/Keep-Recess.toml"),
        ["Keep-Recess.toml", "small letters"],
    ),
    "the file has a space": (
        lambda content: (content / CARD).rename(content / "cards/keep recess.toml"),
        ["keep recess.toml", "small letters"],
    ),
    "a tile has no icon": (in_file("situations.toml", 'icon = "flame"', ""), ["situations.toml", "[anger]", "“icon”"]),
    "a tile's icon is not there": (
        in_file("situations.toml", '"flame"', '"unicorn"'),
        ["situations.toml", "[anger]", "“unicorn”"],
    ),
    "a tile has no English": (
        in_file("situations.toml", 'en = "Angry or aggressive"', ""),
        ["situations.toml", "[anger]", "“en”"],
    ),
    "a tile begins with no card": (
        in_file("situations.toml", '"anger-is-fear"', '"nothing"'),
        ["situations.toml", "[anger]", "“nothing”"],
    ),
    "a tile begins with a number": (
        in_file("situations.toml", '["anger-is-fear"]', "3"),
        ["situations.toml", "[anger]", "first"],
    ),
    "a moment is missing": (in_file("moments.toml", "[you]", "[me]"), ["moments.toml", "[you]"]),
    "a line has no number": (
        in_file("helplines.toml", 'number = "1712"', ""),
        ["helplines.toml", "[BE]", "line 2", "“number”"],
    ),
    "a line's number is no text": (
        in_file("helplines.toml", '"1712"\nnl', "1712\nnl"),
        ["helplines.toml", "[BE]", "line 2", "“number”"],
    ),
    "a line belongs to no card": (
        in_file("helplines.toml", '["worried-about-home"]\n\n[[NL', '["gone"]\n\n[[NL'),
        ["helplines.toml", "[NL]", "line 2", "“gone”"],
    ),
    "a country has no lines but a text": (
        as_bytes("helplines.toml", b'[NL]\nnl = "N"\nen = "N"\nlines = "112"\n'),
        ["helplines.toml", "[NL]", "lines:"],
    ),
    "a country is a number": (as_bytes("helplines.toml", b"NL = 112\n"), ["helplines.toml", "[NL]"]),
    "a passage has no English": (
        in_file("sources.toml", ', en = "opening quotations"', ""),
        ["sources.toml", "quotes", "“en”"],
    ),
    "no language is live": (
        as_bytes("languages.toml", b'[nl]\nname = "Nederlands"\nshort = "NL"\nlive = false\n'),
        ["languages.toml", "live"],
    ),
    "a language has no name": (in_file("languages.toml", 'name = "English"', ""), ["languages.toml", "[en]", "“name”"]),
    "there is no list of sources": (
        lambda content: (content / "sources.toml").unlink(),
        ["sources.toml", "no such file"],
    ),
}


@pytest.mark.parametrize(("spoil", "named"), BREAKS.values(), ids=BREAKS)
def test_a_broken_file_is_told_in_a_sentence_that_names_it(content: Path, spoil: Break, named: list[str]) -> None:
    spoil(content)
    with pytest.raises(ContentError) as caught:
        load_deck(content)
    sentence = str(caught.value)
    places = [sentence.find(name) for name in named]
    assert -1 not in places, sentence
    assert places == sorted(places), sentence
    assert sentence.endswith(".")
    assert "Traceback" not in sentence
    assert "`" not in sentence, "a programmer's word"


def test_two_cards_cannot_have_the_same_old_name(content: Path) -> None:
    for name in ("full-head", "keep-recess"):
        in_line(f"cards/{name}.toml", "rank =", 'rank = 1\naliases = ["old-name"]')(content)
    with pytest.raises(
        ContentError, match=r"keep-recess\.toml: the alias “old-name” belongs to full-head\.toml already\."
    ):
        load_deck(content)


def test_a_card_without_a_live_language_is_told_by_name(content: Path) -> None:
    path = content / CARD
    path.write_text(path.read_text(encoding="utf-8").partition("[en]")[0], encoding="utf-8")
    with pytest.raises(ContentError, match=r"^keep-recess\.toml: there is no \[en\] part yet\.$"):
        load_deck(content)


def test_the_start_itself_ends_with_that_sentence_and_no_trace(content: Path, tmp_path: Path) -> None:
    in_line(CARD, "cue =", "", 1)(content)
    environ = os.environ | {"HOUVAST_CONTENT": str(content), "HOUVAST_INSTANCE": str(tmp_path / "instance")}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=PROJECT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "keep-recess.toml: [en]: there is no “cue” yet.\n"


def test_a_small_copy_of_the_deck_loads(content: Path) -> None:
    deck = load_deck(content)
    assert [place.cards[0] for place in deck.situations.values()][:2] == ["anger-is-fear", "full-head"]
    assert all(place.cards for place in deck.moments.values())


def test_the_cards_of_a_moment_stand_by_rank() -> None:
    deck = load_deck()
    for moment in deck.moments.values():
        ranks = [deck.cards[card].facts.rank for card in moment.cards]
        assert ranks == sorted(ranks)


def test_every_card_can_be_found_by_a_tile_or_a_group() -> None:
    deck = load_deck()
    listed = {card for place in [*deck.situations.values(), *deck.moments.values()] for card in place.cards}
    assert listed == set(deck.cards)


def loads_or_says_why(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a-card.toml"
        path.write_bytes(body)
        with suppress(ContentError):
            assert load_card(path, LANGUAGES).id == "a-card"


@examples(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_load_or_are_refused_in_a_sentence(body: bytes) -> None:
    loads_or_says_why(body)


@examples(deadline=None, max_examples=150)
@given(st.text(max_size=400))
def test_any_text_loads_or_is_refused_in_a_sentence(text: str) -> None:
    loads_or_says_why(text.encode("utf-8", "surrogatepass"))


REAL = (CONTENT / "cards" / "how-common.toml").read_text(encoding="utf-8")
VALUES = st.sampled_from(
    [
        "1",
        "-0.0",
        "nan",
        '""',
        "[]",
        "{}",
        "true",
        "[[]]",
        "2026-01-01",
        "07:32:00",
        '{kind="dots"}',
        "[1, [2]]",
        "0x" + "f" * 40,
    ]
)


@examples(deadline=None, max_examples=200)
@given(line=st.integers(0, len(REAL.splitlines()) - 1), value=VALUES)
def test_a_card_with_any_field_spoilt_loads_or_is_refused_in_a_sentence(line: int, value: str) -> None:
    lines = REAL.splitlines()
    lines[line] = f"{lines[line].partition('=')[0]}= {value}"
    loads_or_says_why("\n".join(lines).encode())


@examples(deadline=None, max_examples=100)
@given(start=st.integers(0, len(REAL)), length=st.integers(0, 60), middle=st.text(max_size=20))
def test_a_card_with_any_piece_replaced_loads_or_is_refused_in_a_sentence(start: int, length: int, middle: str) -> None:
    loads_or_says_why((REAL[:start] + middle + REAL[start + length :]).encode("utf-8", "surrogatepass"))
