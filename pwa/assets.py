"""Static files → what is served: named by their content, without comments, styles in one sheet.

Sources stay readable and need no build step; this is the only place that knows the served names."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache, cached_property
from pathlib import Path

import rcssmin
import rjsmin
from markupsafe import Markup
from msgspec import Struct

STATIC = Path(__file__).parent.parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
# The order is the order of the cascade layers; see tokens.css.
READING = ("tokens", "base", "shell", "forms", "face", "briefing")
SHEETS = {
    "app.css": ("tokens", "base", "shell", "home", "forms", "card", "face", "diagrams", "pages", "print"),
    "briefing.css": READING,
    "making.css": (*READING, "pages", "making"),
    "coach.css": ("coach", "coach-lists", "coach-composing", "coach-month", "coach-poster", "coach-wide"),
}
ONE_LAYER = {"coach.css": "coach"}  # its files are the rules of one layer, which is written around them
# Briefings have sheets, scripts and an import map of their own: the deck and its devices do without.
APART = ("js/briefings/", "vendor/lean-qr.js")
DESK = "js/coach/"  # the coach's desk, whose scripts stand alone
SHARED = ("js/keep.js", "js/device.js")
# What a page begins with is one file: to a phone that starts, each request costs more than what it brings. The modules
# stand in the order in which they need each other, and need no other one at first.
JOINED = {
    "js/start.js": ("js/device.js", "js/router.js", "js/app.js"),
    "js/tips.js": ("js/tips/asking.js", "js/tips/inbox.js", "js/tips/doctor.js", "js/tips.js"),
    "js/briefings/reader.js": tuple(f"js/briefings/{name}.js" for name in ("sealing", "kept", "showing", "reading")),
}
NOT_ALONE = ("icons/outline/", "js/worker/", "js/tips/", "js/router.js", "js/app.js")  # served in something else only


class Asset(Struct, frozen=True):
    """One served file. `path` holds a digest of `body`, so that it can be kept for ever."""

    path: str
    type: str
    body: bytes

    @property
    def integrity(self) -> str:
        """As in Subresource Integrity (W3C)."""
        return integrity(self.body)


class Inline(Struct, frozen=True):
    """The digests (`sha256-…`) of the scripts and styles that a page may hold in itself (CSP Level 3, 6.7.3)."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]


class Assets:
    """All served files of one state of static/, by their source name ("app.css", "js/app.js", "icons/icon.svg")."""

    def __init__(self, static: Path = STATIC) -> None:
        self.static = static

    @cached_property
    def by_name(self) -> dict[str, Asset]:
        assets = {name: self._sheet(name, parts) for name, parts in SHEETS.items()}
        for path in sorted(self.static.rglob("*")):
            name = path.relative_to(self.static).as_posix()
            if path.suffix not in TYPES or path.suffix == ".css" or name.startswith(NOT_ALONE):
                continue
            body = path.read_bytes()
            if path.suffix == ".js":
                body = rjsmin.jsmin(body.decode()).encode()
            assets[name] = _asset(name, body)
        return assets | {name: self._joined(name, parts) for name, parts in JOINED.items()}

    def _sheet(self, name: str, parts: tuple[str, ...]) -> Asset:
        sheet = "\n".join((self.static / "css" / f"{part}.css").read_text(encoding="utf-8") for part in parts)
        if layer := ONE_LAYER.get(name):
            sheet = f"@layer {layer} {{\n{sheet}}}\n"
        return _asset(name, rcssmin.cssmin(sheet).encode())

    def _joined(self, name: str, parts: tuple[str, ...]) -> Asset:
        modules = "\n".join((self.static / part).read_text(encoding="utf-8") for part in parts)
        alone = re.sub(r"^import .*;\n", "", modules, flags=re.MULTILINE)
        return _asset(name, rjsmin.jsmin(alone).encode())

    def url(self, name: str) -> str:
        """The served path of a source file; KeyError when there is none."""
        return self.by_name[name].path

    @cached_property
    def import_map(self) -> str:
        """Module specifiers ("#router") → served paths, as an import map (HTML, 8.1.6.2)."""
        start = dict.fromkeys(JOINED["js/start.js"], "js/start.js")
        return self._map({name: name for name in self.by_name if not name.startswith((*APART, DESK))} | start)

    @cached_property
    def apart_map(self) -> str:
        """The import map of the pages of a briefing."""
        return self._map({name: name for name in self.by_name if name.startswith(APART) or name in SHARED})

    def _map(self, files: dict[str, str]) -> str:
        """`files` are served names by source name."""
        modules = {f"#{Path(name).stem}": self.url(file) for name, file in files.items() if name.endswith(".js")}
        return json.dumps({"imports": modules}, separators=(",", ":"))

    @property
    def import_map_markup(self) -> Markup:
        return Markup(self.import_map)  # noqa: S704  (paths of our own files; its digest is in the policy)

    @cached_property
    def inline(self) -> Inline:
        """What may stand in a page: the import map, and what a device puts there so that a cold start fetches less."""
        first = self.by_name["js/first.js"].body
        start = first[first.index(b"addEventListener(") :]  # as static/js/worker/cut.js does
        scripts = (integrity(self.import_map.encode()), integrity(start))
        return Inline(scripts, (self.by_name["app.css"].integrity,))

    def icon(self, name: str, label: str = "") -> Markup:
        """An outline icon as inline SVG; with a label it is a picture, without one it is decoration."""
        if label:
            opening = Markup('<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">').format(label)
        else:
            opening = Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">')
        return opening + self.shapes(name) + Markup("</svg>")

    def shapes(self, name: str) -> Markup:
        """What an outline icon is drawn with, on a grid of 24 × 24. FileNotFoundError when there is no such icon."""
        return _shapes(self.static / "icons" / "outline" / f"{name}.svg")


@cache
def _shapes(path: Path) -> Markup:
    """As one path: to a phone that starts, each is one more thing to style, lay out and paint. The first one of a file,
    which has no stroke and only holds the place, is left out."""
    drawn = re.findall(r'<path d="(M[^"]*)" />', path.read_text(encoding="utf-8"))
    return Markup('<path d="{}"/>').format("".join(drawn))


def integrity(body: bytes) -> str:
    """The `sha256-…` of a body, for a fetch that must get exactly this."""
    return "sha256-" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def _asset(name: str, body: bytes) -> Asset:
    stem, suffix = name.rsplit(".", 1)
    digest = hashlib.sha256(body).hexdigest()[:8]
    return Asset(f"/static/{stem}.{digest}.{suffix}", TYPES[f".{suffix}"], body)
