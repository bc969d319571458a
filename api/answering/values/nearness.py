"""When two values differ by no more than "about" or rounding do."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from api.answering.values.value import Value

_CLOSE: Final = Fraction(1, 50)  # "about 2 million" and "1.97 million" are the same
# What says on which side of a figure the exact one is, right before the figure.
_FIGURE: Final = r"\s(?:an?\s)?(?:\W|[A-Z]{1,3})?\Z"
_BELOW: Final = re.compile(
    r"\b(?:almost|close\sto|fewer\sthan|just\sunder|less\sthan|nearly|under)" + _FIGURE,
    re.IGNORECASE,
)
_ABOVE: Final = re.compile(r"\b(?:just\sover|more\sthan|over|upwards\sof)" + _FIGURE, re.IGNORECASE)
_EITHER: Final = re.compile(
    r"\b(?:about|approximately|around|roughly|some)" + _FIGURE, re.IGNORECASE
)


def rounds(before: str, figure: Value, exact: Value) -> bool:
    """Whether a figure stands for an exact one: "nearly 400" for 397, but not for 403 or 350.

    Args:
        before: What stands before the figure, its "nearly" among it.
        figure: The figure, without digits that the exact one has.
        exact: A figure of the same measure.
    """
    low, size = figure.low, exact.low
    if not isinstance(low, Fraction) or not isinstance(size, Fraction):
        return False
    if low != figure.high or size != exact.high or _step(low) <= _step(size):
        return False
    if _BELOW.search(before) is not None:
        side = size < low
    elif _ABOVE.search(before) is not None:
        side = size > low
    else:
        side = _EITHER.search(before) is not None
    return side and abs(low - size) <= _CLOSE * abs(low)


def nearly_equal(left: Value, right: Value) -> bool:
    """Whether one range holds the other, or they differ by no more than "about" or rounding do."""
    ends = (left.low, left.high, right.low, right.high)
    numbers = [end for end in ends if isinstance(end, Fraction)]
    if len(numbers) < len(ends):
        return left.low == right.low or left.high == right.high
    low, high, other_low, other_high = numbers
    if low <= other_high and other_low <= high:
        return True
    if not (left.approximate or right.approximate):
        return _rounds_to(low, other_low) or _rounds_to(other_low, low)
    apart = min(abs(low - other_high), abs(other_low - high))
    # "About $593 billion" is not $589 billion, although it is close.
    return apart <= min(
        _CLOSE * max(abs(number) for number in numbers),
        max(_step(number) for number in numbers),
    )


def _rounds_to(exact: Fraction, rounded: Fraction) -> bool:
    """Whether the second is the first with fewer digits: 3.5 million for 3.53 million."""
    step = _step(rounded)
    return abs(rounded) >= 10 * step and abs(exact - rounded) * 2 <= step


def _step(number: Fraction) -> Fraction:
    """One of the last digit that is not 0: 0.1 million of 3.5 million."""
    billionths = str(abs(number.numerator * 10**9 // number.denominator))
    return Fraction(10) ** (len(billionths) - len(billionths.rstrip("0")) - 9)
