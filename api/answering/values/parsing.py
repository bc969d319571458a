"""An answer's words -> the value that they say, or None where they are text.

Words hold a value where they say it and nothing else but how exact it is ("about"), how long or
of what ("over four years", "of revenue"), or the same in another currency or unit in brackets.
What can be read in two ways is text: a score ("14 to 3"), a move ("from 5% to 10%"), "a quarter".
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.answering.periods import MONTHS
from api.answering.values.amounts import Style, take_amount, take_noun
from api.answering.values.currencies import take_prefix
from api.answering.values.dates import parse_date
from api.answering.values.numbers import NUMBER_WORDS, has_decimal_commas
from api.answering.values.parts import parse_part
from api.answering.values.phrases import Phrase
from api.answering.values.quantities import complete_quantity
from api.answering.values.tokens import CURRENCY_SYMBOLS, SIGNS, Cursor, tokenize
from api.answering.values.value import Value

if TYPE_CHECKING:
    from datetime import date

LONGEST: Final = 160  # characters of words that may hold a value
_AROUND: Final = 50  # characters after the words that may go with them
_NEAR: Final = 200  # characters of the sentence on either side that tell how figures are written
# Words without a digit and without one of these hold no value.
_MAY_SAY: Final = re.compile(
    rf"[\d½¼¾⅓⅔⅛]|\b(?:{'|'.join(sorted({*NUMBER_WORDS, *MONTHS}))}|an?)\b", re.IGNORECASE
)
_CLOCK: Final = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d(?:\.\d+)?)")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DETERMINER: Final = re.compile(
    r"(?:\b(?:its|the|their|his|her|our|a|this|that)|['’]s)\s$", re.IGNORECASE
)
_STERLING: Final = re.compile(r"£|\b(?:sterling|pence|(?:million|billion)\spounds)\b")
_SCALED: Final = re.compile(r"\d\s?(?:thousand|million|billion|trillion|bn|mn|m)\b", re.IGNORECASE)
# After a figure whose unit is left out comes no noun.
_SERIES_GOES_ON: Final = re.compile(
    r"\s*(?:\Z|[.,;:)–—]|(?:and|or|but|in|on|at|for|from|to|by|as|this|last|a|an|per|under|over|"
    r"before|after|since|while|if|than|it|he|she|they)\b)"
)
_MINUS: Final = re.compile(rf"(?:^|[\s(])[{SIGNS}]$")
_OUTER: Final = " \t\n\r\"'“”‘’«»()[]*`_,;:!?"


def parse_value(
    words: str,
    sentence: str = "",
    at: int | None = None,
    published_at: date | None = None,
) -> Value | None:
    """Parse the words of an answer; None where they hold no value, or none that is clear.

    Args:
        words: The answer.
        sentence: The text around it, which tells what "1,118" counts, which cents "20 cents" are
            and whether "5 and 6" are the ends of a range.
        at: Where the words begin in the sentence; None where they first occur.
        published_at: The article's date, for days and months without a year.
    """
    text = _trimmed(words)
    if not text or len(text) > LONGEST or not _MAY_SAY.search(text):
        return None
    before, after = _surroundings(words, text, sentence, at)
    style = _style(before, text, after)
    after = after[:_AROUND]
    period = parse_date(text, published_at)
    if period is not None and not (_YEAR.fullmatch(text) and _counted(before, text, after)):
        return period
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        hours, minutes, seconds = clock.groups()
        length = Fraction(seconds) + 60 * int(minutes) + 3600 * int(hours)
        return Value("duration", length, length, "seconds")
    value = parse_part(text, after)
    if value is None:
        value = Phrase(text, before, after, style).value()
    if value is None and after:
        alone = Phrase(text, before, "", style).value()
        if alone is not None and alone.kind != "number":
            return alone
    if value is not None and value.kind == "number" and _SCALED.search(text):
        unit = _currency_of_series(before, after, style)
        return value if unit is None else replace(value, kind="money", unit=unit)
    return value


def _currency_of_series(before: str, after: str, style: Style) -> str | None:
    """The currency of the figure before: "Peru spent 3 million euros and Chile 5 million"."""
    if _SERIES_GOES_ON.match(after) is None:
        return None
    for match in reversed(list(_SCALED.finditer(before))):
        start, end = complete_quantity(before, match.start(), match.end())
        former = Phrase(before[start:end], before[:start], before[end:], style).value()
        if former is None or former.kind != "number":
            return former.unit if former is not None and former.kind == "money" else None
    return None


def _trimmed(words: str) -> str:
    """Without quotes, brackets and punctuation around; a bracket whose half is inside stays."""
    text = words.strip(_OUTER)
    if text.endswith(".") and not re.search(r"\b(?:a|p)\.m\.$", text):
        text = text[:-1]
    return f"{text})" if text.count("(") > text.count(")") else text


def _surroundings(words: str, text: str, sentence: str, at: int | None) -> tuple[str, str]:
    """What stands right before and right after the words in their sentence."""
    start = sentence.find(words) if at is None else at
    if not sentence or start < 0 or sentence[start : start + len(words)] != words:
        return "", ""
    start += max(words.find(text), 0)
    end = start + len(text)
    return sentence[max(0, start - _NEAR) : start], sentence[end : end + _NEAR]


def _style(before: str, text: str, after: str) -> Style:
    """How the text around writes amounts."""
    near = f"{before}{text}{after}"
    return Style(
        decimal_comma=has_decimal_commas(near),
        euros="€" in near and "$" not in near,
        sterling=_STERLING.search(near) is not None,
        minus=_MINUS.search(before) is not None,
        currency=_currency_before(before),
    )


def _counted(before: str, text: str, after: str) -> bool:
    """Whether figures that look like a year are said of something counted."""
    if _DETERMINER.search(before):
        return False
    cursor = Cursor(tokenize(text + after))
    amount = take_amount(cursor, Style())
    if amount is None:
        return False
    return amount.measured or take_noun(cursor, amount.number) is not None


def _currency_before(before: str) -> str | None:
    """The currency of a symbol that the words leave out."""
    tail = before[-4:]
    if not tail or tail[-1] not in CURRENCY_SYMBOLS:
        return None
    tokens = tokenize(tail)
    for start in range(len(tokens)):
        cursor = Cursor(tokens, start)
        code = take_prefix(cursor)
        if code is not None and cursor.done:
            return code
    return None
