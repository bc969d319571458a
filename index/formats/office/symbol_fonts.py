"""Fonts of symbols, whose encodings are their own: their characters in Unicode."""

from __future__ import annotations

from typing import Final

# The encoding of the font Symbol, from 0x20 and from 0xA0.
_SYMBOL: Final = {
    0x20: " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
    "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    0xA0: "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑",
}
# What texts have of Wingdings: bullets, boxes, ticks, arrows, telephones and faces.
_WINGDINGS: Final = dict(
    zip(
        b' "(*FJLlnoqvw\x9f\xa7\xa8\xab\xb7\xd8\xdf\xe0\xe8\xf0\xfb\xfc\xfd\xfe',
        " ✂☎✉☞☺☹●■□❑❖⬥•▪◻★•➢←→➔⇨✗✓☒☑",
        strict=True,
    )
)
_LAST, _SURROGATES = 0xFF, 0xD800  # what lies between is Unicode already
PRIVATE: Final = range(0xF000, 0xF100)  # where programs put the characters of such fonts


def is_symbol_font(font: str) -> bool:
    """Whether a font has an encoding of its own."""
    name = font.lower()
    return name == "symbol" or "dings" in name or "dingbats" in name


def symbol(font: str, code: int) -> str | None:
    """The character of a font of symbols; None where it has none in Unicode.

    Args:
        font: The name of the font.
        code: The character, in the font or in the private characters of Unicode.
    """
    code -= PRIVATE.start if code in PRIVATE else 0
    if _LAST < code < _SURROGATES:
        return chr(code)
    if font.lower() != "symbol":
        return _WINGDINGS.get(code) if font.lower() == "wingdings" else None
    for first, characters in _SYMBOL.items():
        if first <= code < first + len(characters):
            return characters[code - first]
    return None
