"""Folding: one form of a word, however it is typed; offsets of the text itself never change.

Accents, composed or not, letter case, soft hyphens, quotes and dashes make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_MARKS: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ´`′", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)
_ACCENTS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]")
_WORD: Final = re.compile(r"[^\W_]+(?:['.&-][^\W_]+)*")
_PIECE: Final = re.compile(r"[^\W_]+")
_POSSESSIVE: Final = re.compile(r"'s?\Z")


def plain_marks(text: str) -> str:
    """Compose a text (NFC), with ASCII quotes and hyphens and without soft hyphens."""
    return unicodedata.normalize("NFC", text).translate(_MARKS)


def fold(text: str) -> str:
    """Fold a text: lower case, no accents, ASCII quotes and hyphens, no soft hyphens."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_MARKS).casefold())
    bare = _ACCENTS.sub("", decomposed).translate(_LETTERS)
    return unicodedata.normalize("NFC", bare)


def spelled_words(text: str) -> list[str]:
    """Split a text into words, spelled as they are, without possessive endings."""
    marked = (match.group() for match in _WORD.finditer(plain_marks(text)))
    return [_POSSESSIVE.sub("", word) for word in marked]


def word_forms(word: str) -> tuple[str, ...]:
    """The folded parts of a word between its marks, and all of them as one.

    "O'Brien" gives "o", "brien" and "obrien"; "Rolls-Royce" likewise, and "Meta" only "meta".
    """
    pieces = tuple(_PIECE.findall(fold(word)))
    return pieces if len(pieces) < 2 else (*pieces, "".join(pieces))
