"""From what a coach typed to a template, and what is wrong with it in words, by language and field."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from pwa.briefings.templates import (
    LONGEST,
    LONGEST_DAYS,
    MOST_CARDS,
    MOST_WORDS,
    Facts,
    Fault,
    Template,
    Words,
    count_words,
    faults,
)
from pwa.coaches.forms import odd_words
from pwa.deck.characters import one_line
from pwa.deck.model import Deck
from pwa.offers.keeping import ICON

Faults = dict[tuple[str, str], str]


def read_form(form: Mapping[str, str], deck: Deck) -> Template:
    """The template that a form holds, in every live language, whether it can be used or not."""
    words = {
        code: Words(**{name: _tidy(form.get(f"{name}-{code}", "")) for name in Words.__struct_fields__})
        for code in deck.live()
    }
    cards = dict.fromkeys(form.get(f"card-{place}", "") for place in range(1, MOST_CARDS + 1))
    days = form.get("days", "")
    number = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0
    facts = Facts(order=0, icon=ICON, days=number, cards=tuple(card for card in cards if card))
    return Template(id="offer", facts=facts, words=words)


def faults_in_words(template: Template, deck: Deck) -> Faults:
    """(language, field) → what is wrong there, in the language of the page; the checks are those of the files."""
    found: Faults = {}
    for fault in faults(template, deck):
        found.setdefault((fault.language, fault.field), _said(fault, template))
    return found


def _said(fault: Fault, template: Template) -> str:
    if fault.kind == "blank":
        return gettext("Please fill this in.")
    if fault.kind == "odd":
        return odd_words(getattr(template.words[fault.language], fault.field))
    if fault.kind == "long":
        length = len(getattr(template.words[fault.language], fault.field))
        return gettext("This is %(length)s characters; %(most)s fit.", length=length, most=LONGEST[fault.field])
    if fault.kind == "words":
        length = count_words(template.words[fault.language])
        return gettext("That is %(length)s words in all; people read about %(most)s in 60 seconds.",
                       length=length, most=MOST_WORDS)  # fmt: skip
    if fault.kind == "days":
        return gettext("Choose a number from 1 to %(most)s.", most=LONGEST_DAYS)
    return gettext("Choose one to five cards.")


def _tidy(text: str) -> str:
    """Lines as somebody meant them, without empty ones."""
    return "\n".join(filter(None, map(one_line, text.split("\n"))))
