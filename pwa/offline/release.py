"""The release: every ready-made answer of one state of the content and the code, rendered and compressed once.

A release is built when its inputs change and read back from the instance folder otherwise, so that a start takes
no time; a content file that cannot be used stops the build, and with it the start."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from gzip import compress as pack
from gzip import decompress as unpack
from pathlib import Path

import brotli
import msgspec
import rjsmin
from flask import Flask
from msgspec import Struct

from pwa import language as speech
from pwa import security
from pwa.assets import APART, DESK, STATIC, Assets, Inline, integrity
from pwa.config import PROJECT, Settings, SettingsError
from pwa.deck.glance import check_deck
from pwa.deck.loading import ContentError, load_deck
from pwa.deck.model import Deck
from pwa.deck.pages import Page, make_pages
from pwa.offline import manifests
from pwa.privacy import statement

HTML = "text/html; charset=utf-8"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
# What a worker keeps besides the decks: everything that a page may load. /reset is for when there is a network, and the
# deck has device.js in its start.
KEPT_ASSETS = ("app.css", "js/", "vendor/", "icons/favicon.png")
NOT_KEPT = {"js/reset.js", "js/device.js"}
SOURCES = ("pwa", "templates", "static", "translations", "requirements/run.txt")  # the packages render, too
KEEP_RELEASES = 5


class Answer(Struct, frozen=True):
    """One ready-made 200, of `size` bytes: gzipped and in brotli, or as it is where that is not worth it.

    As it is hardly anybody wants it, and three in four bytes of a release would be for them."""

    type: str
    cache: str
    digest: str
    size: int
    plain: bytes
    gzip: bytes | None
    brotli: bytes | None

    @property
    def body(self) -> bytes:
        """As it is."""
        return self.plain if self.gzip is None else unpack(self.gzip)


class Release(Struct, frozen=True):
    """`digest` names what a device keeps; `answers` are by path."""

    digest: str
    languages: tuple[str, ...]
    inline: Inline
    answers: dict[str, Answer]


def open_release(app: Flask, settings: Settings, assets: Assets) -> Release:
    """The release of the files as they are now.

    Raises ContentError when a card cannot be used, and SettingsError when the release cannot be kept."""
    kept = settings.instance / "releases" / f"{fingerprint(settings)}.msgpack"
    try:
        return msgspec.msgpack.decode(kept.read_bytes(), type=Release)
    except (FileNotFoundError, msgspec.DecodeError):
        release = build_release(app, settings, assets)
        _keep(kept, msgspec.msgpack.encode(release))
        return release


def fingerprint(settings: Settings) -> str:
    """A digest of everything that a release is made from."""
    shown = (settings.url, settings.worker, settings.contact, settings.operator, settings.source)
    total = hashlib.sha256(json.dumps(shown).encode())
    folders = [*(PROJECT / name for name in SOURCES), settings.content]
    for folder in dict.fromkeys(map(str, folders)):
        for path in _files(folder):
            with open(path, "rb", buffering=0) as file:
                body = file.readall()
            total.update(f"{path.removeprefix(folder)} {len(body)} ".encode())
            total.update(body)
    return total.hexdigest()[:24]


def _files(folder: str) -> Iterator[str]:
    """The paths of a folder's files in a fixed order, or of the one file that it is. As strings: every start waits for
    this, and with a Path for each it takes four times as long."""
    if os.path.isfile(folder):
        yield folder
    for where, inner, names in os.walk(folder):
        inner.sort()
        yield from (os.path.join(where, name) for name in sorted(names) if not name.endswith(".pyc"))


def build_release(app: Flask, settings: Settings, assets: Assets) -> Release:
    """Render and compress everything; nothing is released while the glance linter has a finding, or without words: a
    page would be kept in the wrong language."""
    deck = load_deck(settings.content)
    speechless = speech.without_words(PROJECT / "translations", deck.live())
    if speechless:
        raise ContentError(f"There are no words for the interface in {', '.join(speechless)} yet: make translations")
    findings = check_deck(deck)
    if findings:
        raise ContentError("\n".join(map(str, findings)))
    with app.app_context():
        pages = [page for language in deck.live() for page in make_pages(deck, language, settings.url)]
    answers = {asset.path: _answer(asset.type, FOR_EVER, asset.body) for asset in assets.by_name.values()}
    answers |= {
        page.path: _answer(HTML, ASK_FIRST, page.html.encode(), quality=11 if page.key in {"home", "cards"} else 9)
        for page in pages
        if page.key != "gone"
    }
    for language in deck.live():
        with app.app_context():
            page = statement.page(language, deck.languages, settings)
        answers[statement.path_of(language)] = _answer(HTML, ASK_FIRST, page.encode(), quality=9)
        body = manifests.manifest(app, deck, language, assets)
        answers[manifests.path_of(language)] = _answer("application/manifest+json", ASK_FIRST, body)
    digest, script = _worker(deck, settings, assets, pages, answers)
    answers["/sw.js"] = _answer("text/javascript; charset=utf-8", ASK_FIRST, script)
    return Release(digest, tuple(deck.live()), assets.inline, answers)


def _worker(deck: Deck, settings: Settings, assets: Assets, pages: list[Page],
            answers: dict[str, Answer]) -> tuple[str, bytes]:
    """(digest, script) of the service worker, which begins with the list of what to keep."""
    kept = dict(_kept_files(deck, assets, answers))
    names = ("bypass.js", "push.js") if settings.worker == "bypass" else ("cut.js", "worker.js", "push.js")
    parts = [rjsmin.jsmin((STATIC / "js" / "worker" / name).read_text(encoding="utf-8")) for name in names]
    policy = json.dumps(security.headers(assets.inline))
    facts = {
        "digest": hashlib.sha256(json.dumps([kept, policy, parts]).encode()).hexdigest()[:16],
        "languages": deck.live(),
        "files": kept,
        "pages": list(dict.fromkeys(page.path.split("/", 2)[2] for page in pages)),  # the same in every language
        "aliases": deck.aliases,
        "looks": {"icon": assets.url("icons/icon-192.png"), "badge": assets.url("icons/monochrome-512.png")},
    }
    script = f"const RELEASE = {json.dumps(facts, separators=(',', ':'))};\n" + "\n".join(parts)
    return str(facts["digest"]), script.encode()


def _kept_files(deck: Deck, assets: Assets, answers: dict[str, Answer]) -> Iterator[tuple[str, str]]:
    for language in deck.live():
        for path in (f"/{language}/", f"/{language}/cards"):
            yield path, integrity(answers[path].body)
    for name, asset in assets.by_name.items():
        if name.startswith(KEPT_ASSETS) and name not in NOT_KEPT and not name.startswith((*APART, DESK)):
            yield asset.path, asset.integrity


def _answer(kind: str, cache: str, body: bytes, quality: int = 11) -> Answer:
    """Quality 11 costs ten times what 9 does: it is for what every device fetches."""
    digest = hashlib.sha256(body).hexdigest()[:24]
    if kind == "image/png":
        return Answer(kind, cache, digest, len(body), body, None, None)
    # a window of the body's own size: the default one of 4 MB takes forty times as long to set up, for the same bytes
    window = max(16, min(22, len(body).bit_length()))
    squeezed = brotli.compress(body, quality=quality, lgwin=window)
    return Answer(kind, cache, digest, len(body), b"", pack(body, 9, mtime=0), squeezed)


def _keep(path: Path, body: bytes) -> None:
    half = path.with_suffix(f".{os.getpid()}.half")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(body)
        half.replace(path)
    except OSError as error:
        raise SettingsError(f"The pages cannot be kept in {path.parent} ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    newest_first = sorted(path.parent.glob("*.msgpack"), key=lambda kept: kept.stat().st_mtime, reverse=True)
    for old in newest_first[KEEP_RELEASES:]:
        old.unlink(missing_ok=True)
