"""Times of the values that a comparison sets side by side, and whether they differ."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.periods import Period

_APART: Final = dt.timedelta(days=100)  # results of one quarter, told of firms with other years
_SPELL: Final = 80  # days; what is shorter is a moment, of which the length says nothing
_LONGER: Final = 1.5  # times


def differing_times(claims: Sequence[Claim]) -> str | None:
    """What to say where values are of different times, in the words of their sentences.

    A quarter is not of the time of a year, nor one year of that of the next.

    Args:
        claims: One a side.

    Returns:
        A sentence; None where the times may be the same, or a value's sentence names none.
    """
    words = [claim.statement.words for claim in claims]
    told = [each for each in words if each is not None]
    if len(told) < len(claims):
        return None
    periods = [claim.statement.period for claim in claims]
    if not any(_differ(left, right) for left, right in combinations(periods, 2)):
        return None
    return f"They are of different times: {'; '.join(told)}."


def _differ(left: Period, right: Period) -> bool:
    if left.start is None or left.end is None or right.start is None or right.end is None:
        return False
    if max(left.start, right.start) - min(left.end, right.end) > _APART:
        return True
    short, long = sorted(length for length in (left.length, right.length) if length is not None)
    return short >= _SPELL and long > _LONGER * short
