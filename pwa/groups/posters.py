"""The poster of a school: a QR code that leads a reader to join, drawn as SVG without styles (ISO/IEC 18004)."""

from __future__ import annotations

import segno
from flask_babel import force_locale, gettext
from markupsafe import Markup


def join_address(url: str, language: str, code: str) -> str:
    """Where a reader joins; in the fragment, so that the code is in no log."""
    return f"{url}/{language}/tips#join={code}"


def words(languages: list[str], site: str) -> list[tuple[str, str, str]]:
    """(language, title, text) for each language of a school, in that language."""
    return [(language, *_words(language, site)) for language in languages]


def _words(language: str, site: str) -> tuple[str, str]:
    with force_locale(language):
        return gettext("A short tip for the classroom, on your phone"), gettext(
            "Scan the code, or go to %(site)s, tap Tips and type it in. No account. You choose the days and the "
            "moment, and stop with one tap.", site=site,
        )  # fmt: skip


def drawn(address: str) -> Markup:
    """A QR code that still reads when a quarter of it is torn off; it takes the size of what it is put in."""
    code = segno.make(address, error="q", micro=False)
    return Markup(code.svg_inline(dark="#000", light="#fff", border=4, omitsize=True))  # noqa: S704  (only shapes)
