"""The newest of several claims."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.time.frames import TimeFrame


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
