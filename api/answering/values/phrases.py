"""The phrase of a value: an amount or a range, what comes before it, and what may follow it."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.answering.values.amounts import Style, joined, single, take_amount, take_noun
from api.answering.values.dates import parse_date
from api.answering.values.quantities import BETWEEN, MOVED
from api.answering.values.tokens import DASHES, Cursor, index_phrases, tokenize
from api.answering.values.units import base_unit, take_rate, unit_kind
from api.answering.values.value import Value

if TYPE_CHECKING:
    from api.answering.values.amounts import Amount

_APPROXIMATE: Final = index_phrases((
    "well over", "just over", "just under", "a little over", "a little under", "slightly more than",
    "slightly over", "slightly under", "slightly less than", "or more", "or so",
    "no more than", "no fewer than", "no less than", "not more than", "more than", "less than",
    "fewer than", "greater than", "higher than", "at least", "at most", "up to", "as much as",
    "as many as", "as little as", "as few as", "as high as", "as low as", "an estimated",
    "close to", "closer to", "upwards of", "north of", "in excess of", "about", "around", "roughly",
    "approximately", "approx", "some", "nearly", "almost", "over", "under", "above", "below",
    "estimated", "circa", "ca", "c", "~", "≈", "<", ">",
))  # fmt: skip
_NEUTRAL: Final = index_phrases((
    "a total of", "a combined", "a record", "a further", "a whopping", "a mere", "an additional",
    "an extra", "a net", "a", "record", "exactly", "precisely", "just", "only", "barely", "merely",
    "another", "the", "total of", "all", "for", "by", "to", "of", "at", "in", "within",
    "ranging from", "further",
))  # fmt: skip
_DIMENSIONS: Final = frozenset(
    "thick long wide high tall deep old away apart heavy altogether overall combined".split()
)
_PERIOD_WORDS: Final = frozenset("over in for during by within through until since from".split())
_PERIOD: Final = re.compile(
    r"(?:the\s+|this\s+|last\s+|next\s+|each\s+|every\s+|its\s+|a\s+|that\s+)?(?:whole\s+|full\s+|"
    r"current\s+|coming\s+|past\s+|first\s+|second\s+|third\s+|fourth\s+)*(?:year|quarter|month|week|"
    r"half|decade|season|period|day)s?",
    re.IGNORECASE,
)
_PAID_IN: Final = frozenset("cash shares stock debt total all and".split())
_WHOLE_OF: Final = 6  # words that "of ..." may have


class Phrase:
    """Words parsed as one amount or range with what may go with it.

    Args:
        text: The words.
        before: What stands right before them.
        after: What stands right after them: from it comes only what is counted or measured.
        style: How amounts are written around.
    """

    def __init__(self, text: str, before: str, after: str, style: Style) -> None:
        self._text = text
        self._before = before
        self._style = style
        tokens = tokenize(text + after)
        self._cursor = Cursor(tokens)
        self._length = sum(token.start < len(text) for token in tokens)
        self._approximate = False
        self._between = BETWEEN.search(before) is not None

    def value(self) -> Value | None:
        """The value, if the words say one and no more."""
        self._take_leads()
        value = self._range()
        value = None if value is None else self._with_equivalent(value)
        if value is None:
            return None
        if value.kind in ("money", "count") and " per " not in f"{value.unit}" and not self._done:
            rate = take_rate(self._cursor)
            value = value if rate is None else replace(value, unit=f"{value.unit} per {rate}")
        return replace(value, approximate=self._approximate) if self._take_tails(value) else None

    @property
    def _done(self) -> bool:
        return self._cursor.at >= self._length

    def _take_leads(self) -> None:
        cursor = self._cursor
        while not self._done:
            start = cursor.at
            if cursor.phrase("between"):
                self._between = True
                continue
            if cursor.one_of(_APPROXIMATE) is not None:
                self._approximate = True
                cursor.phrase(".")
                continue
            lead = cursor.one_of(_NEUTRAL)
            if lead is None or self._begins_amount(start, lead):
                cursor.at = start
                return

    def _begins_amount(self, start: int, lead: str) -> bool:
        """Whether a lead is rather the article of "a million", "a year", "a third"."""
        if lead not in ("a", "an"):
            return False
        ahead = Cursor(self._cursor.tokens, start)
        return take_amount(ahead, self._style) is not None

    def _range(self) -> Value | None:
        cursor = self._cursor
        low = take_amount(cursor, self._style)
        if low is None or (low.number.fraction and not self._is_fraction()):
            return None
        if self._style.minus:
            low = replace(low, negative=True)
        longer = self._longer(low)
        if longer is not None:
            return longer
        start = cursor.at
        joint = self._take_joint(low)
        high = None if joint is None else take_amount(cursor, self._style)
        if high is None:
            cursor.at = start
            return self._single(low)
        moved = joint == "to" and MOVED.search(self._before) is not None
        if moved or high.number.fraction != low.number.fraction:
            return None
        high = self._counting(high)
        priced = low.currency is not None and low.number.scale is None
        if not high.measured and joint != "and" and not priced:
            return None  # a score
        return joined(low, high)

    def _take_joint(self, low: Amount) -> str | None:
        """Take what may stand between the ends of a range."""
        cursor = self._cursor
        if self._done:
            return None
        if self._between:
            return "and" if cursor.phrase("and") else None
        if cursor.phrase("to"):
            return "to"
        token, following = cursor.peek(), cursor.peek(1)
        if token is not None and token.text in DASHES and following is not None:
            close = not token.spaced and not following.spaced
            if following.kind in ("figure", "mark") and (close or low.measured):
                cursor.at += 1
                return "to"
        return None

    def _single(self, amount: Amount) -> Value | None:
        amount = self._counting(amount)
        lettered = amount.number.letter and amount.currency is None and amount.unit is None
        return None if lettered else single(amount)

    def _counting(self, amount: Amount) -> Amount:
        """The amount with what it counts, from the words or from what follows them."""
        if amount.currency is not None or amount.unit is not None or amount.number.fraction:
            return amount
        start = self._cursor.at
        self._cursor.phrase("of the")
        noun = take_noun(self._cursor, amount.number)
        if noun is None:
            self._cursor.at = start
            return amount
        return replace(amount, unit=noun, rate=take_rate(self._cursor))

    def _longer(self, first: Amount) -> Value | None:
        """The whole of "two hours and five minutes", "a year and a half"."""
        if first.unit is None or unit_kind(first.unit) != "duration":
            return None
        cursor = self._cursor
        start = cursor.at
        size = first.size()
        if cursor.phrase("and a half"):
            return Value("duration", size + Fraction(1, 2), size + Fraction(1, 2), first.unit)
        cursor.phrase("and")
        more = take_amount(cursor, self._style)
        if more is not None and more.unit is not None:
            base, factor = base_unit(first.unit)
            other, smaller = base_unit(more.unit)
            if base == other and smaller < factor:
                total = size * factor + more.size() * smaller
                return Value("duration", total, total, base)
        cursor.at = start
        return None

    def _is_fraction(self) -> bool:
        """Whether "a quarter" is of something; alone it may be of a year."""
        cursor = self._cursor
        following = cursor.peek()
        if following is not None:
            return following.lower == "of" or following.kind == "mark"
        return "quarter" not in self._text.lower() or self._text.lower().endswith("quarters")

    def _with_equivalent(self, value: Value) -> Value | None:
        """The value with its conversion, of "380 billion yuan ($53 billion)"."""
        cursor = self._cursor
        start = cursor.at
        closing = cursor.phrase("(")
        if cursor.phrase("or so") or cursor.phrase("or more"):
            self._approximate = True
            return value
        if not closing and not (cursor.phrase(", or") or cursor.phrase("or")):
            return value
        cursor.one_of(_APPROXIMATE)
        amount = take_amount(cursor, self._style)
        other = None if amount is None else single(amount)
        if amount is not None and self._take_joint(amount) == "to":
            high = take_amount(cursor, self._style)
            other = None if high is None else joined(amount, high)
        if closing and not cursor.phrase(")") and not cursor.done:
            other = None
        if other is None or not _convertible(value.unit, other.unit):
            cursor.at = start
            return None if start < self._length else value
        return replace(value, equivalent=other)

    def _take_tails(self, value: Value) -> bool:
        """Take what may follow a value; False where something else does."""
        cursor = self._cursor
        if not self._done and cursor.word(_DIMENSIONS) and value.unit is None:
            return False
        if not self._done and any(
            cursor.phrase(tail) for tail in ("or so", "or more", "plus", "+")
        ):
            self._approximate = True
        if self._done:
            return True
        tokens = cursor.tokens[cursor.at : self._length]
        first, rest = tokens[0], tokens[1:]
        if first.lower == "of":
            words = all(
                token.kind == "word" or (not token.spaced and token.text not in "(),;")
                for token in rest
            )
            return words and 0 < len(rest) <= _WHOLE_OF
        if first.lower == "in" and rest and all(token.lower in _PAID_IN for token in rest):
            return True
        if first.lower in _PERIOD_WORDS and rest:
            return _is_period(self._text[rest[0].start :])
        named = first.lower in ("this", "last", "next", "each", "a")
        return named and _PERIOD.fullmatch(self._text[first.start :]) is not None


def _convertible(unit: str | None, other: str | None) -> bool:
    """Whether two units are different ones, and rates of the same, if of anything."""
    if unit is None or other is None or unit == other:
        return False
    return unit.partition(" per ")[2] == other.partition(" per ")[2]


def _is_period(text: str) -> bool:
    if _PERIOD.fullmatch(text) or parse_date(text) is not None:
        return True
    cursor = Cursor(tokenize(text))
    cursor.phrase("the next")
    amount = take_amount(cursor, Style())
    if amount is None or amount.unit is None or not cursor.done:
        return False
    return unit_kind(amount.unit) == "duration"
