"""The record of a time expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from api.answering.periods import Days, Period
from api.answering.time.naming import ONE_DAY

if TYPE_CHECKING:
    import datetime as dt

Relation = Literal["in", "since", "until", "by", "before", "from", "after", "as of"]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words that name a time, and the days that they name.

    Attributes:
        start: Where the words begin in the text, in code points.
        end: Where they end.
        kind: Of what they are: a day, a month, a year, ...
        earlier: The days, where the statement speaks of what has been.
        later: The days, where it speaks of what is to come.
        relation: How what is said stands to those days.
    """

    start: int
    end: int
    kind: str
    earlier: Days
    later: Days
    relation: Relation = "in"

    def days(self, *, ahead: bool) -> Days:
        """The days it names, of what is to come or of what has been."""
        return self.later if ahead else self.earlier

    def period(self, *, ahead: bool, today: dt.date | None) -> Period:
        """The time it bounds: "since May" runs from May to today, "before May" has no start."""
        days = self.days(ahead=ahead)
        match self.relation:
            case "since":
                return Period(days.start, None if today is None or today < days.start else today)
            case "until" | "by":
                return Period(None, days.end)
            case "before":
                return Period(None, days.start - ONE_DAY)
            case "from":
                return Period(days.start, None)
            case "after":
                return Period(days.end + ONE_DAY, None)
            case _:
                return Period(*days)
