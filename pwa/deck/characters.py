"""Which characters a text for readers may hold: shared by cards, tips and whatever else is typed by people."""

from __future__ import annotations

import unicodedata

_BIDI = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}
_BLANK = {"\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u3164"}


def odd_character(text: str) -> str | None:  # noqa: PLR0911  (one per thing that can be wrong)
    """Say what is wrong with `text`, or None: control characters and line breaks, direction overrides, invisible
    blanks, lone surrogates, and text that is not in the composed form NFC (Unicode Standard Annex #15)."""
    for character in text:
        if character in _BIDI:
            return f"has the direction control U+{ord(character):04X}"
        if character in _BLANK:
            return f"has the invisible character U+{ord(character):04X}"
        if unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}:
            return f"has the control character U+{ord(character):04X}"
    if not text.strip():
        return "is blank"
    if text != text.strip():
        return "starts or ends with a space"
    if "  " in text:
        return "has two spaces in a row"
    if unicodedata.normalize("NFC", text) != text:
        return "has a letter and its accent as two characters (it is not in the form NFC)"
    return None
