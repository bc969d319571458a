"""Values that gold questions and replies state, compared exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from api.answering.values.equality import Meaning, contradicts, meaning
from api.answering.values.value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from api.schemas.answers import ValueOut
    from index.loading.gold_statements import GoldValue


def to_value(stated: GoldValue | ValueOut) -> Value:
    """The value that a gold question or a reply writes in JSON."""
    return Value(stated.kind, _exact(stated.low), _exact(stated.high), stated.unit)


def expected_values(stated: GoldValue, words: Sequence[str]) -> tuple[Value, ...]:
    """The value of a gold question, and what its words give for it in another unit.

    "62.6 billion yuan ($8.6 billion)" is also said by who answers "$8.6 billion".
    """
    value = to_value(stated)
    said = [spoken for text in words if (spoken := meaning(text).value) is not None]
    return value, *(
        spoken.equivalent for spoken in said if spoken == value and spoken.equivalent is not None
    )


def agree(left: Value, right: Value) -> bool:
    """Whether two values are the same: dates to the day, quantities by both ends and their unit.

    What is counted may be worded otherwise, as "users" and "weekly users", or be left out.
    """
    if left.days() is not None or right.days() is not None:
        return left == right
    return not contradicts(Meaning(left, ()), Meaning(right, ()))


def _exact(end: float | date) -> Fraction | date:
    """A number as its shortest decimal, which is what was written."""
    return Fraction(repr(end)) if isinstance(end, int | float) else end
