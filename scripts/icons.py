"""Draw the app's icons as PNG from one mark: an h that is a handrail. `python scripts/icons.py`"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import resvg_py
from PIL import Image

STATIC = Path(__file__).parent.parent / "static"
ICONS = STATIC / "icons"
TEAL, PAPER, INK = "#0B5B57", "#FBF8F2", "#1C1B18"
MARK = "M20 14v36M20 38c0-8 5-13 12-13s12 5 12 13v12"


def main() -> None:
    draw("favicon", 48, mark(TEAL, PAPER, round_by=14))  # a picture: an SVG would be a document to every page
    index_colours(ICONS / "favicon.png")
    draw("icon-192", 192, mark(TEAL, PAPER, round_by=14))
    draw("icon-512", 512, mark(TEAL, PAPER, round_by=14))
    draw("maskable-512", 512, mark(TEAL, PAPER, scale=0.72))
    draw("monochrome-512", 512, mark("none", "#000", scale=0.9))
    draw("apple-touch-icon", 180, mark(TEAL, PAPER, scale=0.86))
    for name, icon in (("home", "layout-grid"), ("pinned", "heart"), ("safety", "shield")):
        draw(f"shortcut-{name}", 96, shortcut(icon))
    (ICONS / "share.png").write_bytes(render(share()))


def draw(name: str, size: int, inner: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 64 64">{inner}</svg>'
    (ICONS / f"{name}.png").write_bytes(render(svg))


def index_colours(path: Path) -> None:
    """The same picture in half the bytes: each pixel is a place in its list of colours. Every device keeps this one."""
    with Image.open(path) as picture:
        smaller, file = picture.convert("RGBA").quantize(32, Image.Quantize.FASTOCTREE), BytesIO()
    smaller.save(file, "PNG", optimize=True)
    path.write_bytes(file.getvalue())


def render(svg: str) -> bytes:
    fonts = str(STATIC / "fonts")
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, font_dirs=[fonts], skip_system_fonts=True))


def mark(ground: str, ink: str, *, scale: float = 1.0, round_by: int = 0) -> str:
    """The mark on its ground, in a square of 64; a maskable icon keeps it within the safe zone of 80 %."""
    shift = 32 * (1 - scale)
    return (
        f'<rect width="64" height="64" rx="{round_by}" fill="{ground}"/>'
        f'<path transform="translate({shift} {shift}) scale({scale})" d="{MARK}" fill="none" stroke="{ink}" '
        'stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def shortcut(icon: str) -> str:
    source = (ICONS / "outline" / f"{icon}.svg").read_text(encoding="utf-8")
    shapes = source[source.index(">") + 1 : source.rindex("</svg>")]
    return (
        f'<rect width="64" height="64" rx="32" fill="{PAPER}"/><g transform="translate(14 14) scale(1.5)" fill="none" '
        f'stroke="{TEAL}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{shapes}</g>'
    )


def share() -> str:
    """The picture of a shared page that is not a card, 1200 × 630."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">'
        f'<rect width="1200" height="630" fill="{PAPER}"/>'
        f'<svg x="150" y="205" width="220" height="220" viewBox="0 0 64 64">{mark(TEAL, PAPER, round_by=14)}</svg>'
        f'<text x="430" y="350" font-family="Atkinson Hyperlegible Next" font-size="120" font-weight="700" '
        f'fill="{INK}">'
        "Houvast</text></svg>"
    )


if __name__ == "__main__":
    main()
