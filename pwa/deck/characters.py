"""Which characters a text for readers may hold: shared by cards, tips and whatever else is typed by people."""

from __future__ import annotations

import unicodedata

_BIDI = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}
_BLANK = {"\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u3164"}

_UNMEANT = dict.fromkeys(map(ord, "\u00ad\u200b"))  # where a word may be broken: pasted with a text, and never seen


def one_line(text: str) -> str:
    """One line as somebody meant it who typed or pasted it: one blank between words, letters composed (NFC)."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_UNMEANT)).split())


def before_odd(text: str) -> str | None:
    """The word or two before the first odd character of a text, for somebody to find it; None: there is none."""
    odd = (at for at, character in enumerate(text) if not character.isspace() and odd_character(character))
    at = next(odd, None)
    return None if at is None else " ".join(text[:at].split()[-2:])


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
