"""Search on the server, as a browser without scripts uses it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from pwa.deck.finding import find_cards, fold
from pwa.deck.model import Deck
from tests.conftest import Page
from tests.support.asked import ASKED


def test_every_card_is_found_by_its_title_in_every_language(deck: Deck) -> None:
    for card in deck.cards.values():
        for language in deck.live():
            assert card in find_cards(deck, language, card.texts[language].title)


def test_every_card_is_found_by_each_of_its_search_words_in_either_language(deck: Deck) -> None:
    for card in deck.cards.values():
        for text in card.texts.values():
            for word in text.words:
                assert card in find_cards(deck, "en", word)


def test_every_card_is_found_by_the_name_of_its_situation(deck: Deck) -> None:
    for place in deck.situations.values():
        for language in deck.live():
            found = find_cards(deck, language, place.names[language])
            in_it = [card for card in deck.cards.values() if place.id in card.facts.situations]
            assert [card.id for card in in_it if card not in found] == []


def test_case_and_accents_do_not_matter(deck: Deck) -> None:
    assert fold("Één CAFÉ") == "een cafe"
    plain = find_cards(deck, "nl", "een")
    assert plain
    assert plain == find_cards(deck, "nl", "ÉÉN") == find_cards(deck, "nl", "e\u0301en")


def test_an_apostrophe_may_be_straight_curly_or_left_out(deck: Deck) -> None:
    for language, word in (("en", "can’t do it"), ("en", "doesn’t understand"), ("nl", "ib’er"), ("nl", "zo’n band")):
        found = find_cards(deck, language, word)
        assert found
        assert find_cards(deck, language, word.replace("’", "'")) == found
    assert find_cards(deck, "en", "wont listen")[0] == find_cards(deck, "en", "won't listen")[0]


@pytest.mark.parametrize(("language", "query"), [(language, query) for language in ASKED for query in ASKED[language]])
def test_what_a_teacher_types_in_a_hurry_is_found_at_the_top(deck: Deck, language: str, query: str) -> None:
    first = [card.id for card in find_cards(deck, language, query)[:3]]
    assert set(first) & set(ASKED[language][query].split()), first


@pytest.mark.parametrize(("language", "query"), [("nl", "stelen"), ("en", "stealing"), ("en", "stelen")])
def test_who_looks_for_stealing_is_not_told_first_to_make_no_diagnosis(deck: Deck, language: str, query: str) -> None:
    """Its Dutch title has “stelt”, which sounds like “steelt”."""
    assert find_cards(deck, language, query)[0].id == "look-behind"


@pytest.mark.parametrize("query", ["wants to kill himself", "wants to be dead", "hurting himself", "dead"])
def test_who_fears_for_a_life_sees_that_card_first(deck: Deck, query: str) -> None:
    assert find_cards(deck, "en", query)[0].id == "talk-of-not-living"


def test_a_card_with_every_word_goes_before_one_with_most_of_them(deck: Deck) -> None:
    both = find_cards(deck, "en", "left out")
    assert both[0].id == "everyone-wants-to-belong"
    assert len(both) < len(find_cards(deck, "en", "left"))
    assert find_cards(deck, "en", "recess xyzzy") == find_cards(deck, "en", "recess")
    assert find_cards(deck, "en", "xyzzy plugh") == []


def test_a_typing_error_is_forgiven_in_a_name_and_not_in_running_text(deck: Deck) -> None:
    assert "keep-recess" in [card.id for card in find_cards(deck, "nl", "schoolplien")]
    assert find_cards(deck, "nl", "oogoogte") == []


def test_a_hit_in_the_title_comes_first(deck: Deck) -> None:
    titles = [card.texts["en"].title.casefold() for card in find_cards(deck, "en", "anger")]
    hits = ["anger" in title for title in titles]
    assert hits[0]
    assert hits == sorted(hits, reverse=True)


@pytest.mark.parametrize("query", ["", " ", "\0", "%", "\u202e", "xyzzy", "a" * 5000, "\ud800"])
def test_an_odd_question_finds_nothing_or_something_and_never_fails(deck: Deck, query: str) -> None:
    assert isinstance(find_cards(deck, "nl", query), list)


def test_the_search_page_shows_what_was_found_and_what_was_asked(page: Page) -> None:
    root = page("/en/search?q=recess")
    assert [field.attributes["value"] for field in root.all("input", name="q")] == ["recess"]
    assert "/en/k/keep-recess" in [link.attributes["href"] for link in root.all("main")[0].all("a")]
    assert "hidden" in root.all(id="none")[0].attributes


def test_the_search_page_says_that_nothing_was_found(page: Page) -> None:
    root = page("/nl/search?q=xyzzy")
    assert "hidden" not in root.all(id="none")[0].attributes
    assert root.all(class_="cues")[0].all("li") == []
    ways = {link.attributes["href"] for link in root.all("main")[0].all("a")}
    assert {"/nl/", "/nl/cards", "/nl/safety"} <= ways, "a way on"


def test_an_answer_to_a_question_is_kept_by_nobody(client: FlaskClient) -> None:
    assert client.get("/nl/search?q=boos").headers["Cache-Control"] == "no-store"


def test_what_was_asked_is_shown_as_text(page: Page) -> None:
    asked = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    root = page(f"/en/search?q={quote(asked)}")
    assert root.all("input", name="q")[0].attributes["value"] == asked
    assert root.all("img") == []
