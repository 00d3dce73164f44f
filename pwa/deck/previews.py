"""The picture of a shared link: one card, drawn from SVG, made when somebody first asks for it."""

from __future__ import annotations

import hashlib
import os
import tempfile
import textwrap
from pathlib import Path

from pwa import language as speech
from pwa.config import PROJECT
from pwa.deck.model import Card

FONTS = PROJECT / "static" / "fonts"


def picture(instance: Path, card: Card, language: str) -> bytes:
    """The PNG of a card, 1200 × 630 (Open Graph's usual size); kept in the instance folder by its content."""
    svg = drawing(card, language)
    kept = instance / "previews" / f"{hashlib.sha256(svg.encode()).hexdigest()[:20]}.png"
    if kept.is_file():
        return kept.read_bytes()
    import resvg_py  # two megabytes, for what is drawn once

    body = bytes(resvg_py.svg_to_bytes(svg_string=svg, font_dirs=[str(FONTS)], skip_system_fonts=True))
    kept.parent.mkdir(parents=True, exist_ok=True)
    _write(kept, body)
    return body


def drawing(card: Card, language: str) -> str:
    """The picture as SVG: title, cue and pictogram; the lines are broken here, SVG breaks none."""
    text = card.texts[language]
    return speech.render(
        language, "deck/preview.svg", card=card, title=textwrap.wrap(text.title, 26), cue=textwrap.wrap(text.cue, 25)
    )


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all, also when others draw the same at the same moment."""
    descriptor, half = tempfile.mkstemp(dir=path.parent, suffix=".half")
    try:
        with open(descriptor, "wb") as file:
            file.write(body)
        os.replace(half, path)
    finally:
        Path(half).unlink(missing_ok=True)
