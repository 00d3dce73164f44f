"""A small deck, cut from the real one: every kind of card and page, and made in a moment."""

from __future__ import annotations

import shutil
from pathlib import Path

from pwa.deck.loading import CONTENT

# The first card of every situation, the two for safety, one for each group, and each kind of diagram.
CARDS = (
    "anger-is-fear", "full-head", "unreachable-is-a-message", "clinging-wants-certainty", "check-the-task",
    "keep-recess", "keep-the-fun", "first-five-minutes", "worried-about-home", "talk-of-not-living",
    "your-calm-first", "repair-first", "share-the-load", "safe-base-circle", "near-in-every-age",
    "how-common", "four-patterns",
)  # fmt: skip


def copy_content(target: Path, cards: tuple[str, ...] | None = None) -> Path:
    """A copy of the content to break or to change; with `cards`, of those only."""
    (target / "cards").mkdir(parents=True)
    for path in CONTENT.glob("*.toml"):
        shutil.copyfile(path, target / path.name)
    shutil.copytree(CONTENT / "briefings", target / "briefings")
    for path in (CONTENT / "cards").glob("*.toml"):
        if cards is None or path.stem in cards:
            shutil.copyfile(path, target / "cards" / path.name)
    return target


def replace_once(path: Path, old: str, new: str) -> None:
    """Edit a file as a person would; the text must be there exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} holds {text.count(old)} times: {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")
