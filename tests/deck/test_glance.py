"""The glance linter: for each limit a card that just fits and one that is just over."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from pwa.deck.characters import odd_character
from pwa.deck.glance import Finding, check_deck, check_text, words_in
from pwa.deck.model import Card, Chart, Deck, DotsWords, Facts, Say, Text

FACTS = Facts(
    moment="now", situations=("restless",), rank=1, passages=("quotes",), picture="heart", reviewed=date(2026, 1, 1)
)
GOOD = Text(
    title="Keep recess",
    cue="Let them run first.",
    you="Breathe out slowly.",
    see=("Wriggles all morning",),
    do=("Open the door",),
    say=Say(connect="You need to move.", limit="Then we go on."),
    avoid="Taking recess away",
    why="Moving helps. It gives some room.",
    rehearse="If a child wriggles, then I open the door.",
    words=("recess", "run", "move"),
    alt="A ball",
)
DOTS = DotsWords(charts=(Chart(title="A class", labels=("Secure", "Not"), children=(20, 8)),))


def findings(language: str = "en", moment: str = "now", **changes: object) -> list[Finding]:
    text = replace(GOOD, **changes)
    card = Card(id="a-card", facts=replace(FACTS, moment=moment), texts={language: text})
    return check_text(card, language)


def problems(**changes: object) -> dict[str, str]:
    return {finding.field: finding.problem for finding in findings(**changes)}


def words(number: int) -> str:
    return " ".join(["ab"] * number)


def paragraph(*sentences: int) -> str:
    """Sentences of so many words each."""
    return " ".join(f"{words(number)}." for number in sentences)


def test_a_good_card_has_no_finding() -> None:
    assert findings() == []


WORDS = {
    "title": 5,
    "cue": 9,
    "you": 6,
    "see": 7,
    "do": 8,
    "connect": 10,
    "limit": 10,
    "avoid": 8,
    "alt": 12,
    "words": 3,
}
CHARACTERS = {
    "title": 32,
    "cue": 48,
    "you": 48,
    "see": 48,
    "do": 48,
    "connect": 64,
    "limit": 64,
    "avoid": 48,
    "alt": 80,
    "words": 32,
}


def with_part(field: str, part: str) -> dict[str, object]:
    if field in {"connect", "limit"}:
        return {"say": replace(GOOD.say, **{field: part})}
    if field == "words":
        return {"words": (part, "run", "move")}
    return {field: (part,) if field in {"see", "do"} else part}


def told(field: str) -> str:
    return f"say.{field}" if field in {"connect", "limit"} else field


@pytest.mark.parametrize(("field", "fit"), WORDS.items())
def test_a_part_may_have_so_many_words_and_not_one_more(field: str, fit: int) -> None:
    assert findings(**with_part(field, words(fit))) == []
    assert problems(**with_part(field, words(fit + 1))) == {
        told(field): f"“{words(fit + 1)}” has {fit + 1} words, {fit} fit"
    }


@pytest.mark.parametrize(("field", "fit"), CHARACTERS.items())
def test_a_part_may_have_so_many_characters_and_not_one_more(field: str, fit: int) -> None:
    assert findings(**with_part(field, "é" * fit)) == []
    assert problems(**with_part(field, "é" * (fit + 1))) == {
        told(field): f"“{'é' * (fit + 1)}” has {fit + 1} characters, {fit} fit"
    }


@pytest.mark.parametrize(("field", "fit"), {"see": 2, "do": 3, "words": 10}.items())
def test_a_list_may_have_so_many_items_and_not_one_more(field: str, fit: int) -> None:
    assert findings(**{field: ("ab",) * fit}) == []
    assert problems(**{field: ("ab",) * (fit + 1)}) == {field: f"has more than {fit} items"}


def test_three_search_words_are_asked() -> None:
    assert problems(words=("run", "move")) == {"words": "has 2 search words, 3 to 10 are asked"}
    assert findings(words=("run", "move", "play")) == []


def test_a_face_has_sixty_words_together() -> None:
    full = {
        "title": words(5), "cue": words(9), "you": words(6), "see": (words(7), words(7)), "do": (words(8),),
        "say": Say(connect=words(10)), "avoid": words(8),
    }  # fmt: skip
    assert findings(**full) == []
    assert problems(**full | {"do": (words(8), "ab")}) == {"face": "has 61 words together, 60 fit"}


def test_the_cue_and_what_to_do_have_thirty_words_together() -> None:
    steps = (words(8),) * 3
    assert findings(cue=words(6), do=steps) == []
    assert problems(cue=words(7), do=steps) == {"do": "has, with the cue, 31 words, 30 fit"}


def test_the_reason_has_sixty_words_and_480_characters() -> None:
    assert findings(why=paragraph(10, 10, 10, 10, 10, 10)) == []
    assert problems(why=paragraph(10, 10, 10, 10, 10, 11))["why"].endswith("has 61 words, 60 fit")
    assert findings(why="a" * 479 + ".") == []
    assert problems(why="a" * 480 + ".")["why"].endswith("has 481 characters, 480 fit")


def test_a_sentence_of_the_reason_has_eighteen_words() -> None:
    assert findings(why=paragraph(18, 6)) == []
    assert problems(why=paragraph(19, 5)) == {"why": "has a sentence of 19 words, 18 are enough"}


def test_the_sentences_of_the_reason_have_twelve_words_on_average() -> None:
    assert findings(why=paragraph(12, 12)) == []
    assert problems(why=paragraph(12, 13)) == {"why": "has 12.5 words in a sentence on average, 12 are enough"}


@pytest.mark.parametrize("end", [".", "!", "?", "…", ".”"])
def test_a_sentence_ends_at_its_mark(end: str) -> None:
    assert findings(why=f"{words(12)}{end} {words(12)}{end}") == []


def test_a_dash_or_a_quotation_mark_is_not_a_word() -> None:
    assert words_in("“ One – two, three ” …") == ["One", "two,", "three"]


@pytest.mark.parametrize("field", ["you", "see", "do", "avoid", "rehearse", "say"])
def test_a_card_for_a_moment_has_a_whole_face(field: str) -> None:
    empty: object = () if field in {"see", "do"} else None
    assert problems(**{field: empty})[field].startswith("is missing")


def test_one_sentence_to_say_is_enough_and_none_is_not() -> None:
    assert findings(say=Say(limit="Then we go on.")) == []
    assert problems(say=Say())["say"].startswith("is missing")


def test_a_card_to_know_may_leave_the_face_out_if_it_has_a_picture_or_something_to_do() -> None:
    bare = {"moment": "know", "you": None, "see": (), "do": (), "say": None, "avoid": None, "rehearse": None}
    assert problems(**bare) == {"diagram": "a card to know has a diagram, or something to do"}
    assert findings(**bare | {"do": ("Look again",)}) == []
    assert findings(**bare | {"diagram": DOTS}) == []


@pytest.mark.parametrize("straight", ["I don't", 'A "good" one', "Saying 'later'"])
@pytest.mark.parametrize("field", ["title", "cue", "you", "see", "do", "connect", "limit", "avoid", "alt", "words"])
def test_a_straight_quotation_mark_is_told_with_file_language_and_field(field: str, straight: str) -> None:
    [found] = findings(**with_part(field, straight))
    assert str(found).startswith(f"a-card.toml: [en] {told(field)}: “{straight}” has a straight ")
    assert findings(**with_part(field, "Don’t say ‘later’")) == []


def test_a_straight_quotation_mark_is_found_below_the_fold() -> None:
    spoilt = DotsWords(charts=(Chart(title="Ann's class", labels=("Secure", "Not"), children=(20, 8)),))
    rehearse = "If a child hides, then I don't wait."
    assert set(problems(why="It's fine.", rehearse=rehearse, diagram=spoilt)) == {"why", "rehearse", "diagram"}


@pytest.mark.parametrize(
    ("language", "sentence", "well"),
    [
        ("en", "If a child hides, then I wait.", True),
        ("en", "If a child hides, then we wait.", True),
        ("en", "When a child hides, I wait.", False),
        ("en", "If a child hides, then I wait", False),
        ("nl", "Als een kind zich verstopt, dan wacht ik.", True),
        ("nl", "Wanneer een kind zich verstopt, wacht ik.", False),
        ("nl", "If a child hides, then I wait.", False),
        ("fy", "Ek in oare foarm is goed.", True),  # we know no form for this language
    ],
)
def test_a_rehearsal_is_an_if_with_a_then(language: str, sentence: str, well: bool) -> None:
    fields = [finding.field for finding in findings(language=language, rehearse=sentence)]
    assert fields == ([] if well else ["rehearse"])


def test_a_rehearsal_is_one_sentence() -> None:
    assert problems(rehearse="If a child hides, then I wait. Then I smile.")["rehearse"] == "is more than one sentence"


def deck_of(real: Deck, *cards: Card) -> Deck:
    return replace(real, cards={card.id: card for card in cards})


def both(id_: str, title: str, **facts: object) -> Card:
    text = replace(GOOD, title=title)
    dutch = replace(text, rehearse="Als een kind wiebelt, dan ga ik naar buiten.")
    return Card(id=id_, facts=replace(FACTS, **facts), texts={"nl": dutch, "en": text})


def test_two_cards_have_two_titles(deck: Deck) -> None:
    found = check_deck(deck_of(deck, both("one", "Keep recess"), both("two", "KEEP recess")))
    assert [str(finding) for finding in found] == [
        "two.toml: [nl] title: is the same as in one.toml.",
        "two.toml: [en] title: is the same as in one.toml.",
    ]


def test_a_card_has_at_most_three_situations(deck: Deck) -> None:
    assert check_deck(deck_of(deck, both("one", "One", situations=("a", "b", "c")))) == []
    found = check_deck(deck_of(deck, both("one", "One", situations=("a", "b", "c", "d"))))
    assert [str(finding) for finding in found] == ["one.toml: situations: a card has at most three situations."]


def test_a_finding_is_a_sentence_with_file_language_and_field() -> None:
    assert [str(finding) for finding in findings(title=words(6))] == [
        "a-card.toml: [en] title: “ab ab ab ab ab ab” has 6 words, 5 fit."
    ]


ODD = {
    "NUL": ("a\0b", "U+0000"),
    "a line break": ("a\nb", "U+000A"),
    "a tab": ("a\tb", "U+0009"),
    "delete": ("a\x7fb", "U+007F"),
    "an override of the direction": ("a\u202eb", "direction control U+202E"),
    "an isolate": ("a\u2066b", "direction control U+2066"),
    "a left-to-right mark": ("a\u200eb", "direction control U+200E"),
    "an Arabic letter mark": ("a\u061cb", "direction control U+061C"),
    "a lone surrogate": ("a\ud800b", "U+D800"),
    "a private character": ("a\ue000b", "U+E000"),
    "no character": ("a\uffffb", "U+FFFF"),
    "a space without width": ("a\u200bb", "invisible character U+200B"),
    "a word joiner": ("a\u2060b", "invisible character U+2060"),
    "a byte order mark": ("\ufeffab", "invisible character U+FEFF"),
    "a soft hyphen": ("a\u00adb", "invisible character U+00AD"),
    "a Hangul filler": ("\u3164", "invisible character U+3164"),
    "nothing": ("", "is blank"),
    "a hard space alone": ("\u00a0", "is blank"),
    "a space in front": (" a", "starts or ends with a space"),
    "a space behind": ("a ", "starts or ends with a space"),
    "two spaces": ("a  b", "two spaces"),
    "an accent apart": ("cafe\u0301", "NFC"),
}


@pytest.mark.parametrize(("text", "problem"), ODD.values(), ids=ODD)
def test_an_odd_character_is_told(text: str, problem: str) -> None:
    assert problem in (odd_character(text) or "")


@pytest.mark.parametrize(
    "text", ["Eén kind, één zin.", "‘Ça va?’ – “ja” …", "30 tot 40 %", "0800-2000", "日本語", "😀"]
)
def test_what_people_write_is_not_odd(text: str) -> None:
    assert odd_character(text) is None


@pytest.mark.parametrize("field", ["title", "cue", "you", "see", "do", "connect", "limit", "avoid", "alt", "words"])
def test_an_odd_character_is_found_in_every_part(field: str) -> None:
    assert [finding.field for finding in findings(**with_part(field, "a\u202eb"))] == [told(field)]


def test_an_odd_character_is_found_in_the_parts_below_the_fold() -> None:
    spoilt = DotsWords(charts=(Chart(title="A class", labels=("Secure\0", "Not"), children=(20, 8)),))
    found = problems(why="It\u200b helps.", diagram=spoilt)
    assert set(found) == {"why", "diagram"}


def test_the_real_deck_has_nothing_to_mend(deck: Deck) -> None:
    assert [str(finding) for finding in check_deck(deck)] == []
