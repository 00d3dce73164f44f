"""`flask cards check | new | add-language`: what somebody who writes cards needs."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from pwa.clock import now
from pwa.deck.borrowed import check_borrowed
from pwa.deck.glance import Finding, check_deck, check_text
from pwa.deck.loading import CARD_ID, ContentError, load_card, load_deck, load_languages
from pwa.deck.model import Deck

cards = AppGroup("cards", help="The cards: check them, begin a new one, add a language.")


@cards.command("check")
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Also find runs of more than five words that a card shares with this text.")
@click.option("--language", metavar="CODE", help="Also check the cards of a language that is not live yet.")
def check(against: Path | None, language: str | None) -> None:
    """Check every card; exit 1 when there is something to mend."""
    content = current_app.config["SETTINGS"].content
    problems = _unreadable(content)
    if not problems:
        deck = _deck(content)
        problems = [str(finding) for finding in check_deck(deck)]
        if language:
            problems += [str(finding) for finding in _draft(deck, language)]
        if against:
            text = against.read_text(encoding="utf-8", errors="replace")
            problems += [str(finding) for finding in check_borrowed(deck, text)]
        if not problems:
            click.echo(f"{len(deck.cards)} cards in {', '.join(deck.live())}: nothing to mend.")
            return
    click.echo("\n".join(problems))
    raise SystemExit(1)


def _unreadable(content: Path) -> list[str]:
    """One sentence for every card file that cannot be read, so that they can be mended in one go."""
    languages = load_languages(content)
    problems = []
    for path in sorted((content / "cards").glob("*.toml")):
        try:
            load_card(path, languages)
        except ContentError as error:
            problems.append(str(error))
    return problems


def _deck(content: Path) -> Deck:
    try:
        return load_deck(content)
    except ContentError as error:
        raise click.ClickException(str(error)) from error


def _draft(deck: Deck, language: str) -> list[Finding]:
    if language not in deck.languages:
        raise click.ClickException(f"languages.toml has no [{language}] part.")
    findings = []
    for card in deck.cards.values():
        if language in card.texts:
            findings += check_text(card, language)
        else:
            findings.append(Finding(card.id, language, "part", "is not there yet"))
    return findings


NEW_CARD = """moment = "now"            # now, before, after, you, know or safety
situations = ["anger"]    # none to three, see situations.toml
rank = 500                # lower comes first
passages = ["letter-renting"]
picture = "heart"         # the name of a picture in static/icons/outline/
reviewed = {today}
"""
NEW_LANGUAGE = """
[{code}]
title = ""      # at most 5 words, 32 characters
cue = ""        # at most 9 words, 48 characters
you = ""        # at most 6 words
see = [""]      # 1 or 2 items of at most 7 words
do = [""]       # 1 to 3 items of at most 8 words, each starts with a verb
say = {{ connect = "", limit = "" }}    # at most 10 words each
avoid = ""      # at most 8 words
why = ""        # at most 60 words
rehearse = ""   # Als …, dan … / If …, then I …
words = []      # 3 to 10 search words
alt = ""        # what the picture shows
"""


@cards.command("new")
@click.argument("card_id")
def new(card_id: str) -> None:
    """Begin a card: a file with every field and its limit, to fill in."""
    content = current_app.config["SETTINGS"].content
    path = content / "cards" / f"{card_id}.toml"
    if not CARD_ID.match(card_id):
        raise click.ClickException("A card's name has small letters, digits and single hyphens only, like keep-recess.")
    if path.exists():
        raise click.ClickException(f"{path.name} is there already.")
    live = [code for code, language in load_languages(content).items() if language.live]
    blocks = "".join(NEW_LANGUAGE.format(code=code) for code in live)
    path.write_text(NEW_CARD.format(today=now().date().isoformat()) + blocks, encoding="utf-8")
    click.echo(f"Fill in {path}, then run: flask cards check")


@cards.command("add-language")
@click.argument("code")
@click.argument("name")
def add_language(code: str, name: str) -> None:
    """Begin a language: a draft line in languages.toml, and an empty block to translate in every card."""
    content = current_app.config["SETTINGS"].content
    languages = load_languages(content)
    if not (code.isascii() and code.isalpha() and code.islower() and 2 <= len(code) <= 3):
        raise click.ClickException("A language's code has two or three small letters, like de.")
    if any(character in name for character in '"\\\n'):
        raise click.ClickException("A language's name has no quotation marks, like Deutsch.")
    if code not in languages:
        with (content / "languages.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[{code}]\nname = "{name}"\nshort = "{code.upper()}"\nlive = false\n')
    begun = 0
    for path in sorted((content / "cards").glob("*.toml")):
        if f"\n[{code}]\n" not in path.read_text(encoding="utf-8"):
            with path.open("a", encoding="utf-8") as file:
                file.write(NEW_LANGUAGE.format(code=code))
            begun += 1
    click.echo(f"{begun} cards wait for their [{code}] words. See what is missing: flask cards check --language {code}")
