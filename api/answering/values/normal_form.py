"""The normal form of a text: what counts when texts are compared."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from api.answering.values.numbers import figure_value, has_decimal_commas
from api.answering.values.tokens import CURRENCY_SYMBOLS

if TYPE_CHECKING:
    from fractions import Fraction

_FIGURE: Final = r"\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,]\d+)*"
_TOKEN: Final = re.compile(
    rf"(?P<sign>(?<![^\W_])[-−‒–](?=[{CURRENCY_SYMBOLS}]?\d))?(?P<symbol>[{CURRENCY_SYMBOLS}%])?"
    rf"(?:(?P<figure>(?<![^\W_])(?>{_FIGURE}))"
    r"|(?P<word>[^\W_]+(?:\.[^\W_]+)*(?:[+#]+|(?<=[A-Z])[-−](?=\s|\Z))?))"
    rf"|(?P<lone>[{CURRENCY_SYMBOLS}%&])"
)
_INITIAL: Final = re.compile(r"(?<![\w.])([A-Z])\.? (?=[A-Z]\b(?!\.[A-Z]))")
_NOTHING: Final = re.compile(r"['’‘ʼ`´\u00ad\u200b-\u200d\u2060\ufeff]")
# Letters with a stroke or tied together, which decomposing leaves as they are.
_LETTERS: Final = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "−": "-",
    }
)  # fmt: skip
_SPELT_OUT: Final = {"%": "percent", "&": "and"}


def normalise_answer(text: str) -> str:
    """Reduce a text to its normal words, joined by spaces."""
    return " ".join(normal_words(text))


def normal_words(text: str) -> tuple[str, ...]:
    """The words of a text without what doesn't count when texts are compared.

    Case, accents, quotes, dashes, other punctuation and English articles go, as in the SQuAD
    evaluation (Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text",
    EMNLP 2016). Unlike there, figures keep sign, decimals and currency ("3.5" is not "35"), "C++",
    "C#" and "AA-" their marks, "Plan A" its letter, and a dash parts words. "P. B." is "PB".
    """
    decimal_comma = has_decimal_commas(text)
    plain = _NOTHING.sub("", _without_accents(text)).translate(_LETTERS)
    plain = _INITIAL.sub(r"\1", plain)
    words: list[str] = []
    tokens = list(_TOKEN.finditer(plain))
    for index, token in enumerate(tokens):
        if token["lone"] or token["symbol"]:
            symbol = token["lone"] or token["symbol"]
            words.append(_SPELT_OUT.get(symbol, symbol))
        if token["figure"]:
            number = figure_value(token["figure"], decimal_comma=decimal_comma)
            digits = token["figure"].replace(" ", "") if number is None else _decimal(number)
            words.append(f"-{digits}" if token["sign"] else digits)
        elif token["word"] and not _is_article(token, index, len(tokens)):
            words.append(_folded(token["word"]).replace(".", ""))
    return _with_percent(words) if words else tuple(plain.casefold().split())


def _folded(word: str) -> str:
    return _without_accents(word.casefold()).translate(_LETTERS)


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _decimal(number: Fraction) -> str:
    """A decimal number in full: "15.9", "1118"."""
    places = 0
    while number.denominator > 1:
        number, places = number * 10, places + 1
    digits = str(number.numerator).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _is_article(token: re.Match[str], index: int, count: int) -> bool:
    """Whether a word is an English article, but for the last word of "Plan A"."""
    return token["word"].lower() in ("a", "an", "the") and index < count - 1


def _with_percent(words: list[str]) -> tuple[str, ...]:
    """Spell "per cent" as "percent"."""
    spelt: list[str] = []
    for word in words:
        if word == "cent" and spelt and spelt[-1] == "per":
            spelt[-1] = "percent"
        else:
            spelt.append(word)
    return tuple(spelt)
