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
    ".woff2": "font/woff2",
}
# The order is the order of the cascade layers; see tokens.css.
SHEETS = ("tokens", "base", "shell", "home", "card", "diagrams", "pages", "print")


class Asset(Struct, frozen=True):
    """One served file. `path` holds a digest of `body`, so that it can be kept for ever."""

    path: str
    type: str
    body: bytes

    @property
    def integrity(self) -> str:
        """As in Subresource Integrity (W3C)."""
        return integrity(self.body)


class Assets:
    """All served files of one state of static/, by their source name ("app.css", "js/app.js", "icons/icon.svg")."""

    def __init__(self, static: Path = STATIC) -> None:
        self.static = static

    @cached_property
    def by_name(self) -> dict[str, Asset]:
        sheet = "\n".join((self.static / "css" / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS)
        assets = {"app.css": _asset("app.css", rcssmin.cssmin(sheet).encode())}
        coach = (self.static / "css" / "coach.css").read_text(encoding="utf-8")
        assets["coach.css"] = _asset("coach.css", rcssmin.cssmin(coach).encode())
        for path in sorted(self.static.rglob("*")):
            name = path.relative_to(self.static).as_posix()
            if path.suffix not in TYPES or path.suffix == ".css" or name.startswith(("icons/outline/", "js/worker/")):
                continue
            body = path.read_bytes()
            if path.suffix == ".js":
                body = rjsmin.jsmin(body.decode()).encode()
            assets[name] = _asset(name, body)
        return assets

    def url(self, name: str) -> str:
        """The served path of a source file; KeyError when there is none."""
        return self.by_name[name].path

    @cached_property
    def import_map(self) -> str:
        """Module specifiers ("#router") → served paths, as an import map (HTML, 8.1.6.2)."""
        modules = {
            f"#{Path(name).stem}": asset.path
            for name, asset in self.by_name.items()
            if name.endswith(".js") and not name.startswith("js/coach/")  # the desk's scripts stand alone
        }
        return json.dumps({"imports": modules}, separators=(",", ":"))

    @property
    def import_map_markup(self) -> Markup:
        return Markup(self.import_map)  # noqa: S704  (paths of our own files; its digest is in the policy)

    @property
    def import_map_hash(self) -> str:
        return "sha256-" + base64.b64encode(hashlib.sha256(self.import_map.encode()).digest()).decode()

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
    shapes = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse) [^>]*/>", path.read_text(encoding="utf-8"))
    return Markup("".join(shapes).replace(" />", "/>"))  # noqa: S704  (our own files)


def integrity(body: bytes) -> str:
    """The `sha256-…` of a body, for a fetch that must get exactly this."""
    return "sha256-" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def _asset(name: str, body: bytes) -> Asset:
    stem, suffix = name.rsplit(".", 1)
    digest = hashlib.sha256(body).hexdigest()[:8]
    return Asset(f"/static/{stem}.{digest}.{suffix}", TYPES[f".{suffix}"], body)
