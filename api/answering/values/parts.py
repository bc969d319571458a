"""Parts of a hundred in other words: "one in four" and "three out of ten" as per cent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.values.numbers import take_number
from api.answering.values.tokens import Cursor, tokenize
from api.answering.values.units import take_unit
from api.answering.values.value import Value

if TYPE_CHECKING:
    from fractions import Fraction

_LARGEST: Final = 1000  # "One in 2019" names a year
# "12 in 30" may be goals in matches, "one in 30" and "seven in ten" are parts.
_USUAL: Final = frozenset({*range(2, 11), 20, 50, 100, 1000})
_APPROXIMATE: Final = (
    r"about|almost|around|fewer\sthan|less\sthan|more\sthan|nearly|over|roughly|some|under"
)
_PART: Final = re.compile(
    rf"(?:(?P<about>{_APPROXIMATE})\s)?(?P<part>[\w,-]+)\s(?:out\sof(?:\severy)?|in(?:\severy)?)\s"
    r"(?P<whole>[\w,-]+)(?P<counted>(?:\s[a-z][\w’'-]*){0,2})",
    re.IGNORECASE,
)


def parse_part(text: str, after: str) -> Value | None:
    """Parse the words of a part of a whole number of things; None where they are none.

    Args:
        text: The words: "two in three", "one in four children".
        after: What stands right after them; "two in three years" is no part.
    """
    match = _PART.fullmatch(text)
    if match is None:
        return None
    part, whole = _whole_number(match["part"]), _whole_number(match["whole"])
    if part is None or whole is None or not 0 < part < whole <= _LARGEST:
        return None
    if part > 1 and whole not in _USUAL:
        return None
    if take_unit(Cursor(tokenize(match["counted"] or after))) is not None:
        return None
    share = 100 * part / whole
    return Value("percent", share, share, "percent", approximate=match["about"] is not None)


def _whole_number(words: str) -> Fraction | None:
    """The number that some words say, and nothing else."""
    cursor = Cursor(tokenize(words))
    number = take_number(cursor, decimal_comma=False)
    plain = number is not None and number.scale is None and not number.fraction
    if number is None or not plain or not cursor.done or number.amount.denominator != 1:
        return None
    return number.amount
