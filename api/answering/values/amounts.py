"""Amounts: a number with its sign, currency or unit and rate, and the ranges that two make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.answering.values.currencies import take_country, take_prefix, take_suffix
from api.answering.values.numbers import Number, take_number
from api.answering.values.tokens import DASHES, SIGNS
from api.answering.values.units import take_rate, take_unit, unit_kind
from api.answering.values.value import Value

if TYPE_CHECKING:
    from api.answering.values.tokens import Cursor, Token
    from api.answering.values.value import Kind

# Nouns that are counted without a plural s.
_PLURALS: Final = frozenset(
    "people men women children staff crew personnel police troops cattle livestock aircraft sheep "
    "deer fish salmon spacecraft offspring species series teeth geese mice dice data media "
    "alumni criteria phenomena kids yen folk cod trout squid swine".split()
)
_NO_NOUNS: Final = frozenset(
    "this his its hers theirs ours yours is was has does as us plus minus less across towards "
    "afterwards besides sometimes always perhaps says yes versus unless whereas thus "
    "a an the of to in on at by for from with and or but not out after before than that which who "
    "when while where it they he she we i you if so then over under up down since until during "
    "are were be been being have had do did will would can could may might must should".split()
)
_LARGEST: Final = Fraction(10**200)
_NOUN_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Amount:
    """One end of a value as it is worded, or all of it.

    Attributes:
        number: Without sign.
        currency: ISO code or plain name; None of what is no money.
        share: How much of the currency the number counts: 1/100 of pence.
        unit: Of what is no money.
        rate: "share" of "$34 a share".
    """

    number: Number
    negative: bool = False
    currency: str | None = None
    share: Fraction = Fraction(1)
    unit: str | None = None
    rate: str | None = None

    @property
    def measured(self) -> bool:
        """Whether it has a currency, scale or unit, and so is more than a number."""
        return not (self.currency is None and self.unit is None and self.number.scale is None)

    def size(self, scale: int | None = None) -> Fraction:
        """The number in full, signed, with its own scale or else the one given."""
        power = scale if self.number.scale is None else self.number.scale
        size = self.number.amount * (1 if power is None else power) * self.share
        return -size if self.negative else size


@dataclass(frozen=True, slots=True)
class Style:
    """What the text around says about how amounts are written in it.

    Attributes:
        decimal_comma: Whether decimals are written with a comma.
        euros: Whether cents are those of the euro.
        sterling: Whether pounds are money.
        minus: Whether the amount comes right after a minus sign.
        currency: Of a symbol right before the amount.
    """

    decimal_comma: bool = False
    euros: bool = False
    sterling: bool = False
    minus: bool = False
    currency: str | None = None


def take_amount(cursor: Cursor, style: Style) -> Amount | None:
    """Take one amount: "-5%", "US$53,000 million", "Rs 40 crore a year", "85 trucks a day"."""
    start = cursor.at
    negative = _take_minus(cursor)
    currency = take_prefix(cursor)
    if currency is not None and not negative:
        negative = _take_minus(cursor)
    number = take_number(
        cursor, decimal_comma=style.decimal_comma, money=currency is not None
    ) or _one_unit(cursor)
    if number is None or (number.amount >= _LARGEST):
        cursor.at = start
        return None
    share, unit = Fraction(1), None
    if currency is None:
        suffix = _suffix(cursor, number, style)
        if suffix is not None:
            currency, share = suffix
        else:
            unit = _unit(cursor)
    elif currency == "USD":
        currency = take_country(cursor) or currency
    elif take_suffix(cursor, scaled=True) not in (None, (currency, Fraction(1))):
        cursor.at = start
        return None
    figured = currency is not None or unit is not None
    rate = take_rate(cursor, figured=figured) if figured else None
    return Amount(number, negative, currency, share, unit, rate)


def take_noun(cursor: Cursor, number: Number) -> str | None:
    """Take what is counted, in lower case: "likely voters" of "801 likely voters" gives voters."""
    if cursor.attached():
        return None
    for ahead in range(_NOUN_WORDS):
        token = cursor.peek(ahead)
        if token is None or token.kind != "word" or token.lower in _NO_NOUNS:
            return None
        if ahead and not token.spaced:
            return None
        following = cursor.peek(ahead + 1)
        plural = _plural(token) and not (token.lower in _PLURALS and _plural(following))
        if plural and (following is None or following.lower not in DASHES or following.spaced):
            cursor.at += ahead + 1
            return token.lower
        lower = token.text == token.lower and len(token.text) > 2
        if number.amount == 1 and number.scale is None and following is None and lower:
            cursor.at += ahead + 1
            return f"{token.lower}s"
    return None


def _plural(token: Token | None) -> bool:
    """Whether a token is a noun in the plural, which names ("Twins") are not."""
    if token is None or token.kind != "word" or token.text != token.lower:
        return False
    if token.lower in _NO_NOUNS:
        return False
    return token.lower in _PLURALS or (token.lower[-1] == "s" and token.lower[-2:] != "ss")


def joined(low: Amount, high: Amount) -> Value | None:
    """The range of two amounts; None where they are of two kinds or the first is the higher.

    What is said once holds for both: "$64-72 billion", "5 to 10%".
    """
    currency = high.currency if low.currency is None else low.currency
    alike = high.currency in (None, currency) and low.unit in (None, high.unit)
    if not alike or low.rate not in (None, high.rate) or (currency and high.unit):
        return None
    share = high.share if low.currency is None else low.share
    inherits = low.number.amount < 1000
    first = replace(low, share=share).size(high.number.scale if inherits else None)
    if first > high.size():
        return None
    return _value(first, high.size(), currency, high.unit, high.rate)


def single(amount: Amount) -> Value:
    """The value of one amount."""
    return _value(amount.size(), amount.size(), amount.currency, amount.unit, amount.rate)


def _value(
    low: Fraction, high: Fraction, currency: str | None, unit: str | None, rate: str | None
) -> Value:
    kind: Kind = "number"
    if currency is not None:
        kind, unit = "money", currency
    elif unit is not None:
        kind = unit_kind(unit) if rate is None else "count"
    return Value(kind, low, high, unit if rate is None else f"{unit} per {rate}")


def _take_minus(cursor: Cursor) -> bool:
    token, following = cursor.peek(), cursor.peek(1)
    if token is None or following is None:
        return False
    signed = token.text in SIGNS and not following.spaced
    if signed or token.lower == "minus":
        cursor.at += 1
        return True
    return False


def _suffix(cursor: Cursor, number: Number, style: Style) -> tuple[str, Fraction] | None:
    if style.currency is not None:
        return style.currency, Fraction(1)
    start = cursor.at
    _skip_hyphen(cursor)
    suffix = take_suffix(
        cursor,
        scaled=style.sterling or (number.scale is not None and number.scale > 100),
        euros=style.euros,
    )
    if suffix is None:
        cursor.at = start
    return suffix


def _unit(cursor: Cursor) -> str | None:
    start = cursor.at
    hyphen = _skip_hyphen(cursor)
    unit = take_unit(cursor)
    following = cursor.peek()
    if unit is not None and hyphen and following is not None and following.text in DASHES:
        unit = None  # "50-year-old"
    if unit is None:
        cursor.at = start
    return unit


def _skip_hyphen(cursor: Cursor) -> bool:
    """Pass the hyphen of "19-day"."""
    token, following = cursor.peek(), cursor.peek(1)
    joint = token is not None and token.text in "-‐‑" and following is not None
    if joint and cursor.attached() and following is not None and not following.spaced:
        cursor.at += 1
        return True
    return False


def _one_unit(cursor: Cursor) -> Number | None:
    """Take the article of "a year", "an hour"."""
    start = cursor.at
    if cursor.word(("a", "an")):
        at = cursor.at
        unit = take_unit(cursor)
        cursor.at = at
        if unit is not None and unit_kind(unit) == "duration":
            return Number(Fraction(1))
    cursor.at = start
    return None
