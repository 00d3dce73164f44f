"""One web app manifest per language (W3C Web Application Manifest), all with one id: it is one app."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Flask
from flask_babel import gettext

from pwa import language as speech
from pwa.assets import Assets
from pwa.deck.model import Deck

PAPER = "#FBF8F2"


def path_of(language: str) -> str:
    return f"/{language}/manifest.webmanifest"


def manifest(app: Flask, deck: Deck, language: str, assets: Assets) -> bytes:
    """The manifest of one language, as UTF-8 JSON."""
    with app.app_context(), speech.force_locale(language):
        return json.dumps(_manifest(language, assets), ensure_ascii=False, separators=(",", ":")).encode()


def _manifest(language: str, assets: Assets) -> dict[str, object]:
    home = f"/{language}/"
    return {
        "id": "/",
        "name": gettext("Houvast: cue cards for the classroom"),
        "short_name": "Houvast",
        "description": gettext(
            "Short cue cards for the classroom, in Dutch and English. They also work without a network."
        ),
        "lang": language,
        "dir": "ltr",
        "start_url": home,
        "scope": "/",
        "display": "standalone",
        "orientation": "any",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["education"],
        "icons": [
            _icon(assets, "icons/icon.svg", "any", "any"),
            _icon(assets, "icons/icon-192.png", "192x192", "any"),
            _icon(assets, "icons/icon-512.png", "512x512", "any"),
            _icon(assets, "icons/maskable-512.png", "512x512", "maskable"),
            _icon(assets, "icons/monochrome-512.png", "512x512", "monochrome"),
        ],
        "screenshots": [
            *_screenshot(assets, language, "narrow", "home", "720x1280",
                         gettext("What do you see? Eight situations at a glance")),
            *_screenshot(assets, language, "narrow", "card", "720x1280", gettext("A card: you, see, do, say, not")),
            *_screenshot(assets, language, "wide", "card", "1280x800",
                         gettext("A situation with its cards on a wide screen")),
        ],
        "shortcuts": [
            _shortcut(assets, gettext("What do you see?"), home, "home"),
            _shortcut(assets, gettext("Kept cards"), f"{home}pinned", "pinned"),
            _shortcut(assets, gettext("Safety"), f"{home}safety", "safety"),
        ],
    }


def _icon(assets: Assets, name: str, sizes: str, purpose: str) -> dict[str, str]:
    asset = assets.by_name[name]
    return {"src": asset.path, "sizes": sizes, "type": asset.type, "purpose": purpose}


def _screenshot(
    assets: Assets, language: str, form: str, what: str, sizes: str, label: str
) -> Iterator[dict[str, str]]:
    """One screenshot, or none: they are made from the running app, so a new language begins without."""
    asset = assets.by_name.get(f"screenshots/{what}-{form}-{language}.png")
    if asset:
        yield {"src": asset.path, "sizes": sizes, "type": asset.type, "form_factor": form, "label": label}


def _shortcut(assets: Assets, name: str, url: str, icon: str) -> dict[str, object]:
    return {"name": name, "url": url, "icons": [_icon(assets, f"icons/shortcut-{icon}.png", "96x96", "any")]}
