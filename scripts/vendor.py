"""Bring third-party files into static/: `python scripts/vendor.py`.

Each package is fetched by npm at the version in vendored.toml and must have the sha512 that stands there. Of the icons
only those come along that a template or a content file names; Lean QR is copied as it is; of the font,
which draws the preview pictures only, two weights are rewritten from WOFF to TrueType."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

from fontTools.ttLib import TTFont

PROJECT = Path(__file__).parent.parent
STATIC = PROJECT / "static"
NAMED = re.compile(r"""icon\("([a-z0-9-]+)"|^(?:icon|picture) = "([a-z0-9-]+)\"""", re.MULTILINE)


def main() -> None:
    listed = tomllib.loads((PROJECT / "scripts" / "vendored.toml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        for name, entry in listed.items():
            unpacked = fetch(entry, Path(folder) / name)
            COPY[name](unpacked)


def fetch(entry: dict[str, str], folder: Path) -> Path:
    """The unpacked package; the program ends when its digest is not the recorded one."""
    folder.mkdir()
    spec = f"{entry['package']}@{entry['version']}"
    done = subprocess.run(["npm", "pack", "--silent", spec], cwd=folder, check=True, capture_output=True, text=True)
    archive = folder / done.stdout.strip().splitlines()[-1]
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != entry["integrity"]:
        sys.exit(f"{spec} has the digest {digest}, not the recorded one. Nothing was copied from it.")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def copy_icons(package: Path) -> None:
    target = STATIC / "icons" / "outline"
    target.mkdir(parents=True, exist_ok=True)
    names = named_icons()
    for name in sorted(names):
        (target / f"{name}.svg").write_bytes((package / "icons" / "outline" / f"{name}.svg").read_bytes())
    for old in target.glob("*.svg"):
        if old.stem not in names:
            old.unlink()
    (target / "LICENSE").write_bytes((package / "LICENSE").read_bytes())


def named_icons() -> set[str]:
    """Every icon that a template or a content file asks for."""
    files = [*(PROJECT / "templates").rglob("*.html"), *(PROJECT / "pwa" / "content").rglob("*.toml")]
    found = (match for path in files for match in NAMED.findall(path.read_text(encoding="utf-8")))
    return {first or second for first, second in found}


def copy_lean_qr(package: Path) -> None:
    target = STATIC / "vendor"
    target.mkdir(exist_ok=True)
    (target / "lean-qr.js").write_bytes((package / "index.mjs").read_bytes())
    (target / "lean-qr.LICENSE").write_bytes((package / "LICENSE").read_bytes())


def copy_font(package: Path) -> None:
    target = STATIC / "fonts"
    target.mkdir(exist_ok=True)
    for weight in (600, 700):
        font = TTFont(package / "files" / f"atkinson-hyperlegible-next-latin-{weight}-normal.woff")
        font.flavor = None
        font.save(target / f"atkinson-hyperlegible-next-{weight}.ttf")
    (target / "LICENSE").write_bytes((package / "LICENSE").read_bytes())


COPY = {"icons": copy_icons, "lean-qr": copy_lean_qr, "font": copy_font}

if __name__ == "__main__":
    main()
