"""Periods of whole days, and the calendar arithmetic that makes them."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Final, NamedTuple

_DAY: Final = dt.timedelta(days=1)
_MONTH_NAMES: Final = (
    "january february march april may june july august september october november december"
).split()
MONTH_NAMES: Final = "|".join(_MONTH_NAMES)
"""The names of the months as alternatives of a pattern, in lower case."""
WEEKDAYS: Final = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
"""The names of the days of a week from Monday on, in lower case."""
CAPITALISED_DAYS: Final = "|".join(name.title() for name in (*_MONTH_NAMES, *WEEKDAYS))
"""The names of months and weekdays as alternatives of a pattern, as they are written."""
SHORT_MONTHS: Final = "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
"""Their short names, but for May."""
MONTHS: Final = {
    form: number
    for number, name in enumerate(_MONTH_NAMES, start=1)
    for form in (name, name[:3], *(("sept",) if number == 9 else ()))
}
"""The numbers of months by name and short name, in lower case."""
SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The numbers of the months that seasons begin with."""
ORDINALS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "final": 4, "last": 4,
}  # fmt: skip
"""The numbers of quarters and halves by word."""


class Period(NamedTuple):
    """A closed interval of days; ``None`` leaves an end open."""

    start: dt.date | None
    end: dt.date | None

    @property
    def length(self) -> int | None:
        """Number of days; None where an end is open."""
        return None if self.start is None or self.end is None else (self.end - self.start).days + 1

    def overlaps(self, other: Period) -> bool:
        """Whether the two share at least one day."""
        return not (
            (self.end is not None and other.start is not None and self.end < other.start)
            or (other.end is not None and self.start is not None and other.end < self.start)
        )

    def shared_with(self, other: Period) -> Period:
        """The days of both; the two must overlap."""
        starts = [day for day in (self.start, other.start) if day is not None]
        ends = [day for day in (self.end, other.end) if day is not None]
        return Period(max(starts, default=None), min(ends, default=None))

    def joined_with(self, other: Period) -> Period:
        """From the start of the earlier to the end of the later."""
        starts = (self.start, other.start)
        ends = (self.end, other.end)
        return Period(
            None if None in starts else min(day for day in starts if day is not None),
            None if None in ends else max(day for day in ends if day is not None),
        )


class Days(NamedTuple):
    """A period with both ends: what a time expression names."""

    start: dt.date
    end: dt.date

    @property
    def length(self) -> int:
        """Number of days, at least 1."""
        return (self.end - self.start).days + 1


def one_day(day: dt.date) -> Days:
    """The day alone."""
    return Days(day, day)


def month(year: int, number: int) -> Days:
    """A calendar month; numbers outside 1 to 12 run on into other years."""
    years, index = divmod(number - 1, 12)
    year += years
    last = calendar.monthrange(year, index + 1)[1]
    return Days(dt.date(year, index + 1, 1), dt.date(year, index + 1, last))


def months(year: int, first: int, count: int) -> Days:
    """``count`` calendar months from the first on."""
    return Days(month(year, first).start, month(year, first + count - 1).end)


def quarter(year: int, number: int) -> Days:
    """A calendar quarter, 1 to 4."""
    return months(year, 3 * number - 2, 3)


def half(year: int, number: int) -> Days:
    """A calendar half-year, 1 or 2."""
    return months(year, 6 * number - 5, 6)


def year_of(year: int) -> Days:
    """A calendar year."""
    return months(year, 1, 12)


def week_of(day: dt.date) -> Days:
    """The week, Monday to Sunday, that holds a day."""
    monday = day - dt.timedelta(days=day.weekday())
    return Days(monday, monday + dt.timedelta(days=6))


def shift_months(day: dt.date, count: int) -> dt.date:
    """The same day of another month, or that month's last day where it is shorter."""
    bounds = month(day.year, day.month + count)
    return bounds.start.replace(day=min(day.day, bounds.end.day))


def months_to(end: dt.date, count: int) -> Days:
    """The ``count`` months that end on a day: whole ones where it is a month's last."""
    if (end + _DAY).day == 1:
        return Days(shift_months(end + _DAY, -count), end)
    return Days(shift_months(end, -count) + _DAY, end)


def part_of(period: Days, part: str) -> Days:
    """The named part of a period.

    ``early``, ``mid`` and ``late`` are its thirds, ``start`` and ``end`` its first and last
    quarters, ``first half`` and ``second half`` its halves. A year is cut at month ends.
    """
    low, high = _PARTS[part]
    if period.length >= 300:
        first = period.start.month
        return Days(
            month(period.start.year, first + round(12 * low)).start,
            month(period.start.year, first + round(12 * high) - 1).end,
        )
    days = period.length
    return Days(
        period.start + dt.timedelta(days=int(days * low)),
        period.start + dt.timedelta(days=max(int(days * high) - 1, 0)),
    )


_PARTS: Final = {
    "early": (0, 1 / 3),
    "mid": (1 / 3, 2 / 3),
    "late": (2 / 3, 1),
    "start": (0, 1 / 4),
    "end": (3 / 4, 1),
    "first half": (0, 1 / 2),
    "second half": (1 / 2, 1),
}


def words_of_publication(day: dt.date | None) -> frozenset[str]:
    """The month and year of an article's day, in lower case: what it speaks of without words."""
    if day is None:
        return frozenset()
    return frozenset({_MONTH_NAMES[day.month - 1], str(day.year)})
