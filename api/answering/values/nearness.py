"""When two values differ by no more than "about" or rounding do."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from api.answering.values.value import Value

_CLOSE: Final = Fraction(1, 50)  # "about 2 million" and "1.97 million" are the same


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
