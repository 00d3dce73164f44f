"""Soft warnings, in both languages: what looks like a name, a diagnosis, a citizen number, somebody's own telephone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pwa.briefings.templates import load_templates
from pwa.deck.loading import CONTENT
from pwa.deck.model import Deck
from tests.support.scripts import evaluate, folder_of_scripts

NOTICE = """const {notice} = await import('#noticing');
return texts.map((text) => notice(text).map(({kind, word}) => [kind, word]));"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of_scripts(tmp_path_factory.mktemp("scripts"))


def noticed(scripts: Path, *texts: str) -> list[list[list[str]]]:
    found: list[list[list[str]]] = evaluate(scripts, NOTICE, texts=texts)
    return found


FOUND = {
    "Laat Sem bij het raam zitten.": [["name", "Sem"]],
    "Sem zit bij het raam.": [["name", "Sem"]],
    "let op Yara's werk": [["name", "Yara"]],
    "Zet het kind naast Xaviera.": [["name", "Xaviera"]],
    "Please keep Olivia near the door.": [["name", "Olivia"]],
    "Mohammed gaat eerder weg": [["name", "Mohammed"]],
    "Hij heeft ADHD.": [["diagnosis", "ADHD"]],
    "autisme in de klas": [["diagnosis", "autisme"]],
    "Twee leerlingen zijn dyslectisch.": [["diagnosis", "dyslectisch"]],
    "One child is autistic.": [["diagnosis", "autistic"]],
    "hechtingsstoornis": [["diagnosis", "hechtingsstoornis"]],
    "She has an attachment disorder": [["diagnosis", "attachment disorder"]],
    "krijgt om 12 uur Ritalin": [["diagnosis", "Ritalin"]],
    "een half tablet rilatine of ritaline": [["diagnosis", "rilatine"], ["diagnosis", "ritaline"]],
    "Twee leerlingen met LVB.": [["diagnosis", "LVB"]],
    "geef de medicatie om 12 uur": [["diagnosis", "medicatie"]],
    "BSN 111222333": [["number", "111222333"]],
    "111.222.333": [["number", "111.222.333"]],
    "BSN: 1112.22.333": [["number", "1112.22.333"]],
    "rijksregister 85.07.30-033.28": [["number", "85.07.30-033.28"]],
    "17073003384": [["number", "17073003384"]],
    "Bel moeder: 06-12345678": [["phone", "06-12345678"]],
    "call +31 6 12 34 56 78": [["phone", "+31 6 12 34 56 78"]],
    "gsm 0471 23 45 67": [["phone", "0471 23 45 67"]],
    "mobile 07700 900123": [["phone", "07700 900123"]],
}


def test_what_does_not_belong_is_noticed(scripts: Path) -> None:
    assert dict(zip(FOUND, noticed(scripts, *FOUND), strict=True)) == FOUND


FINE = [
    "De pauze gaat door, wat er ook gebeurt.", "8.30 binnen en kring\n10.15 buiten\n12.00 eten",
    "8:30 binnen\n10:15 buiten", "Juf Anna weet het.",
    "Vraag het aan meester Tom of mevrouw De Vries.", "Mr Smith has the key.", "Om 10.15 uur is er Engels.",
    "Op maandag gym. On Monday we swim.", "Groep 6, lokaal 12", "Leerling op plek 14 gaat om 11.30 uur naar EHBO.",
    "S. zit vooraan.", "We add 12 and 14.", "That is odd, but fine.", "Zet de CD op.", "Kopieer blz. 12 t/m 45.", "112",
    "De code van de deur is 4821.", "Rekenen: taak 123456, dan 234567.", "Is the Chromebook charged?",
    "“Goed zo.” Dan verder.", "- Eerst de jas\n- Dan de tas", "Passen de stoelen niet? Vraag hulp.", "de klas",
    "Tien kinderen eten halal.", "Sinterklaas komt om 9.00 uur.", "2026-11-24", "24-11-2026 tot 27-11-2026",
    "10.30-10.45", "15-10-2026", "8.30 9.00 9.50",
]  # fmt: skip


def test_ordinary_sentences_pass(scripts: Path) -> None:
    assert {text: found for text, found in zip(FINE, noticed(scripts, *FINE), strict=True) if found} == {}


def test_our_own_templates_pass(scripts: Path, deck: Deck) -> None:
    texts = [
        text
        for template in load_templates(CONTENT / "briefings", deck)
        for words in template.words.values()
        for text in words.items().values()
    ]
    assert {text: found for text, found in zip(texts, noticed(scripts, *texts), strict=True) if found} == {}


def test_a_dutch_citizen_number_passes_the_eleven_test(scripts: Path) -> None:
    good = ["111222333", "123456782", "010464554"]
    bad = ["10464554", "111222334", "123456789", "000000000", "12345678", "1234567", "1112223334", "11122233a", ""]
    code = "const {isBsn} = await import('#noticing'); return numbers.map(isBsn);"
    assert evaluate(scripts, code, numbers=good + bad) == [True] * len(good) + [False] * len(bad)


def test_a_belgian_national_number_has_its_check_digits_before_and_since_2000(scripts: Path) -> None:
    good = ["85073003328", "17073003384", "40000095579"]
    bad = ["85073003329", "17073003385", "8507300332", "850730033280", "00000000000", ""]
    code = "const {isNational} = await import('#noticing'); return numbers.map(isNational);"
    assert evaluate(scripts, code, numbers=good + bad) == [True] * len(good) + [False] * len(bad)


def test_a_mobile_number_is_known_in_three_countries(scripts: Path) -> None:
    own = ["06-12345678", "+31 6 12345678", "0031612345678", "0471 23 45 67", "+32 471 23 45 67", "07700 900123",
           "+31 (0)6 12345678", "+32 (0)478 12 34 56", "+44 (0)7700 900123", "0475/12.34.56", "0475123456",
           "0492-52 34 56", "030-1234567 / 06-12345678"]
    school = ["030 123 45 67", "+31 30 1234567", "02 123 45 67", "011 12 34 56", "020 7946 0958", "112",
              "070 123 45 67", "071-5123456", "073 612 34 56", "076-5221800", "045-5741234", "046 4512345",
              "045 574 12 34", "0475-123456", "0492-523456", "0492 - 523456", "(0492) 52 34 56", "071 12 34 56",
              "078 15 15 15", "04 223 45 67",
              "070-1234567 / 070-7654321", "+31 (0)475 123456"]  # fmt: skip
    code = "const {isMobile} = await import('#noticing'); return numbers.map(isMobile);"
    assert evaluate(scripts, code, numbers=own + school) == [True] * len(own) + [False] * len(school)


def test_every_place_is_named_once(scripts: Path) -> None:
    assert noticed(scripts, "Sem en sem, Sem. ADHD, adhd.") == [[["name", "Sem"], ["diagnosis", "ADHD"]]]


def test_a_title_has_names_of_classes_and_rooms_and_still_no_childs(scripts: Path) -> None:
    code = """const {notice} = await import('#noticing');
    return texts.map((text) => notice(text, {titled: true}).map(({word}) => word));"""
    texts = ["Groep 6, Zonnebloemlokaal", "Year 4, Maple room", "Sem (autisme), groep 5"]
    assert evaluate(scripts, code, texts=texts) == [[], [], ["Sem", "autisme"]]
