"""Words of an RTF document in fonts of symbols, written in Unicode."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.formats.office.symbol_fonts import PRIVATE, is_symbol_font, symbol

if TYPE_CHECKING:
    from collections.abc import Mapping

# Words in a font, up to another font, a group or what takes the font back.
_RUN: Final = re.compile(
    r"(?P<font>\\f(?P<number>\d{1,5})(?![a-z\d]) ?)"
    r"(?P<words>(?:[^\\{}]|\\(?!(?:f\d|plain(?![a-z])))(?:[a-z]{1,32}|[^a-z]))*+)"
)
_CHARACTER: Final = re.compile(
    r"\\u(?P<unicode>-?\d{1,6}) ?(?:\\'[\da-f]{2}|\?)?|\\'(?P<byte>[\da-f]{2})"
    r"|(?P<mark>\\(?:[a-z]{1,32}-?\d{0,10} ?|[^a-z]))|(?P<character>[^\\{}\r\n])",
    re.DOTALL | re.IGNORECASE,
)
NO_SYMBOL: Final = "\ue020"  # private: a character that only its font has
_WITHOUT_UNICODE: Final = re.compile(f"[{NO_SYMBOL}{chr(PRIVATE.start)}-{chr(PRIVATE.stop - 1)}]")
_UNITS: Final = 0x10000


def with_symbols(source: str, fonts: Mapping[str, str]) -> str:
    """Write the characters of fonts of symbols as those they show; `NO_SYMBOL` for the others.

    Args:
        source: A document.
        fonts: The name of each font, by its number.
    """
    if not any(map(is_symbol_font, fonts.values())):
        return source

    def in_unicode(run: re.Match[str]) -> str:
        font = fonts.get(run["number"], "")
        if not is_symbol_font(font) or font in run["words"]:  # the table of fonts
            return run[0]

        def shown(match: re.Match[str]) -> str:
            if match["mark"]:
                return match[0]
            character = symbol(font, _code(match))
            return NO_SYMBOL if character is None else character

        return run["font"] + _CHARACTER.sub(shown, run["words"])

    return _RUN.sub(in_unicode, source)


def without_symbols(words: str) -> tuple[str, int]:
    """Words without symbols that only their fonts have, and how many there were."""
    return _WITHOUT_UNICODE.subn("", words)


def _code(match: re.Match[str]) -> int:
    if match["unicode"]:
        return int(match["unicode"]) % _UNITS
    return int(match["byte"], 16) if match["byte"] else ord(match["character"])
