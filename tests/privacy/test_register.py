"""The register of what is kept is whole: every column, and everything that a device remembers, has its place in it."""

from __future__ import annotations

import re
from collections import defaultdict

from flask import Flask

import pwa.briefings.tables
import pwa.coaches.tables
import pwa.delivery.tables
import pwa.groups.tables
import pwa.offers.tables
import pwa.subscriptions.tables
import pwa.tips.tables  # noqa: F401  (each puts its tables on the metadata)
from pwa.assets import STATIC
from pwa.config import PROJECT
from pwa.database import metadata
from pwa.deck.model import Deck
from pwa.privacy.register import REGISTER
from pwa.privacy.statement import as_markdown

ENTRIES = [entry for _, entries in REGISTER for entry in entries]
SCRIPTS = [path.read_text(encoding="utf-8") for path in STATIC.glob("js/**/*.js")]


def test_every_column_is_in_the_register() -> None:
    """New here? Say in pwa/privacy/register.py why it is kept, how long, and who sees it; then name it there."""
    named: dict[str, set[str]] = defaultdict(set)
    for entry in ENTRIES:
        for table, columns in entry.columns.items():
            named[table].update(metadata.tables[table].columns.keys() if columns == "*" else columns.split())
    assert named == {table.name: set(table.columns.keys()) for table in metadata.tables.values()}
    assert len(named) > 20


def test_all_that_a_device_remembers_is_in_the_register() -> None:
    [empty] = [found for text in SCRIPTS for found in re.findall(r"const EMPTY = \{(.*)\}", text)]
    kept = {f"houvast.{key}" for key in re.findall(r"(\w+): ", empty)}
    for text in SCRIPTS:
        kept.update(re.findall(r"'(houvast\.(?!json)[a-z]+\.?)'", text))  # a file to save is not kept
        for name in re.findall(r"caches\.open\(([A-Z]+)\)", text):
            kept.update(re.findall(rf"const {name} = ['`]([a-z]+-?)", text))
    assert {key for entry in ENTRIES for key in entry.keys.split()} == kept


def test_the_file_says_what_the_page_says(app: Flask, deck: Deck) -> None:
    with app.app_context():
        text = as_markdown(deck.languages)
    assert (PROJECT / "PRIVACY.md").read_text(encoding="utf-8") == text, ".venv/bin/python -m scripts.privacy"
