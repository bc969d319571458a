"""The newest of several claims."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.time.frames import TimeFrame

_STANDS_NOW: Final = re.compile(
    r"\b(?:again|back|currently|now|remains?|returned|stands?|still|today|unchanged)\b",
    re.IGNORECASE,
)


def newest(claims: Sequence[Claim], frame: TimeFrame | None) -> Claim:
    """The newest claim, one of the frame's own time before others; of equal ones the likeliest."""

    def order(claim: Claim) -> tuple[bool, dt.date, int, float]:
        within = True
        if frame is not None and frame.firm:
            within = claim.statement.period.overlaps(frame.period)
            if frame.as_of and frame.period.end is not None:
                within = claim.as_of is not None and claim.as_of <= frame.period.end
        as_of = dt.date.min if claim.as_of is None else claim.as_of
        return within, as_of, -claim.place, claim.span.score

    return max(claims, key=order)


def is_recalled(claim: Claim, series: Sequence[Claim]) -> bool:
    """Whether a claim repeats, without a time, a figure that another one has replaced since.

    Not so where it says that the figure stands again.
    """
    if claim.as_of is None or claim.statement.words is not None:
        return False
    if _STANDS_NOW.search(claim.sentence):
        return False
    before = [
        (other.as_of, other.value == claim.value)
        for other in series
        if other.as_of is not None and other.as_of < claim.as_of
    ]
    told = min((day for day, same in before if same), default=None)
    return told is not None and any(day > told for day, same in before if not same)
