"""When two answers are the same, and when one contradicts the other.

Answers with values are the same when the values are equal, text answers when their normal forms
are. Words contained in others never make two answers the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.values.numbers import figure_value, has_decimal_commas
from api.answering.values.parsing import parse_value
from api.answering.values.units import is_exact_unit

if TYPE_CHECKING:
    from collections.abc import Hashable

    from api.answering.values.value import Value

_FIGURE: Final = r"\d{1,3}(?: \d{3})+(?!\d)|\d+(?:[.,]\d+)*"
_TOKEN: Final = re.compile(
    rf"(?P<sign>(?<![^\W_])[-−‒–](?=[$€£¥₹]?\d))?(?P<symbol>[$€£¥₹%])?"
    rf"(?:(?P<figure>(?<![^\W_])(?>{_FIGURE}))"
    r"|(?P<word>[^\W_]+(?:\.[^\W_]+)*(?:[+#]+|(?<=[A-Z])[-−](?=\s|\Z))?))"
    r"|(?P<lone>[$€£¥₹%&])"
)
_NOTHING: Final = re.compile(r"['’‘ʼ`´\u00ad\u200b-\u200d\u2060\ufeff]")
# Letters with a stroke or tied together, which decomposing leaves as they are.
_LETTERS: Final = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "−": "-",
    }
)  # fmt: skip
_SPELT_OUT: Final = {"%": "percent", "&": "and"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """An answer as answers are compared.

    Attributes:
        value: What its words say, if they say a value.
        words: The normal form of its words.
    """

    value: Value | None
    words: tuple[str, ...]

    @property
    def key(self) -> Hashable:
        """Equal for two answers exactly when they are the same."""
        return self.words if self.value is None else self.value


def meaning(words: str, value: Value | None = None) -> Meaning:
    """The meaning of an answer's words, whose value may have been parsed with its sentence."""
    return Meaning(parse_value(words) if value is None else value, normal_words(words))


def contradicts(left: Meaning, right: Meaning) -> bool:
    """Whether the figures of two answers can't both be right.

    "$540 a week" and "$540" can, as can "74,000" and "74,000 jobs", a sum and its conversion, and
    "2024" and "June 2024". 3.5 and 35 can't, nor can one end of a range and the range.
    """
    if left.value is None or right.value is None:
        one, other = _figures(left.words), _figures(right.words)
        return not (one <= other or other <= one)
    return not any(
        _agree(one, other)
        for one in (left.value, left.value.equivalent)
        for other in (right.value, right.value.equivalent)
        if one is not None and other is not None
    )


def normal_words(text: str) -> tuple[str, ...]:
    """The words of a text without what doesn't count when texts are compared.

    Case, accents, quotes, dashes, other punctuation and English articles go. Figures keep sign,
    decimals and currency, "C++", "C#" and "AA-" their marks, and "Plan A" its letter.
    """
    decimal_comma = has_decimal_commas(text)
    plain = _NOTHING.sub("", unicodedata.normalize("NFKD", text)).translate(_LETTERS)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words: list[str] = []
    tokens = list(_TOKEN.finditer(plain))
    for index, token in enumerate(tokens):
        if token["lone"] or token["symbol"]:
            symbol = token["lone"] or token["symbol"]
            words.append(_SPELT_OUT.get(symbol, symbol))
        if token["figure"]:
            number = figure_value(token["figure"], decimal_comma=decimal_comma)
            digits = token["figure"].replace(" ", "") if number is None else str(number)
            words.append(f"-{digits}" if token["sign"] else digits)
        elif token["word"] and not _is_article(token, index, len(tokens)):
            words.append(token["word"].casefold().translate(_LETTERS).replace(".", ""))
    return _with_percent(words) if words else (plain.casefold().strip(),)


def _is_article(token: re.Match[str], index: int, count: int) -> bool:
    """Whether a word is "the", "an" or "a", but for the letter of "Group A winners"."""
    word = token["word"]
    if word.lower() not in ("a", "an", "the") or index == count - 1:
        return False
    return word != "A" or index == 0


def _with_percent(words: list[str]) -> tuple[str, ...]:
    """Spell "per cent" as "percent"."""
    spelt: list[str] = []
    for word in words:
        if word == "cent" and spelt and spelt[-1] == "per":
            spelt[-1] = "percent"
        else:
            spelt.append(word)
    return tuple(spelt)


def _figures(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for word in words if word.lstrip("-")[:1].isdigit())


def _agree(left: Value, right: Value) -> bool:
    """Whether two values are equal, or would be if one said less."""
    days, other_days = left.days(), right.days()
    if days is not None and other_days is not None:
        whole = min(days[0], other_days[0]), max(days[1], other_days[1])
        return left.unit == right.unit and whole in (days, other_days)
    one, other = left.in_base_unit(), right.in_base_unit()
    if one is None or other is None:
        return False
    if left.unit is None or right.unit is None:  # what is counted was left out by one
        return (left.low, left.high) == (right.low, right.high)
    return one[1:] == other[1:] and left.kind == right.kind and _units_agree(one[0], other[0])


def _units_agree(left: str | None, right: str | None) -> bool:
    """Whether units are the same, or may be where one of them is a noun or a shared name."""
    name, _, rate = str(left).partition(" per ")
    other, _, other_rate = str(right).partition(" per ")
    if rate and other_rate and rate != other_rate:
        return False
    return name == other or not (is_exact_unit(name) and is_exact_unit(other))
