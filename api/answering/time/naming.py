"""What the words of a time expression name, before its neighbours are taken in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from api.answering.periods import Days

InYear = Callable[[int], Days | None]

ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Naming:
    """The days that words name.

    Attributes:
        earlier: The days when they speak of what has been; None where a year must tell.
        later: The days when they speak of what is to come.
        in_year: The days in a given year; None where they have their own.
        year: The year, where they name one.
    """

    earlier: Days | None = None
    later: Days | None = None
    in_year: InYear | None = None
    year: int | None = None


Resolve = Callable[[re.Match[str], dt.date | None], Naming | None]
"""From a match and the day of writing to what the words name; None where they name no time."""

Rows = dict[str, tuple[str, Resolve]]
"""Kind -> pattern and what its matches name; of rows that match at one place the first counts."""


def fixed(days: Days) -> Naming:
    """Words that name the same days from wherever they are read."""
    return Naming(days, days)


def yearly(in_year: InYear, day: dt.date | None, *, slack: int = 0) -> Naming:
    """What recurs every year: the last that has begun, and the next to end.

    Args:
        in_year: Its days in a year; None where that year has none.
        day: The day of writing.
        slack: Above 0, the last one must have ended, but for so many days: a quarter is spoken of
            when it is over.
    """
    if day is None:
        return Naming(in_year=in_year)
    until = day + slack * ONE_DAY
    past = ahead = None
    # Eight years back and ahead hold a 29 February, also about 1900 and 2100.
    for year in range(day.year + 1, day.year - 9, -1):
        days = in_year(year)
        if days is not None and (days.end if slack else days.start) <= until:
            past = days
            break
    for year in range(day.year - 1, day.year + 9):
        days = in_year(year)
        if days is not None and days.end >= day:
            ahead = days
            break
    return Naming(past, ahead, in_year)


def turned(in_year: InYear, turn: str | None, day: dt.date | None) -> Naming:
    """What recurs every year, perhaps with "last", "this" or "next" before it.

    "Last October" said in October, and "next March" said in March, are those of another year.
    """
    if turn is None or day is None:
        return yearly(in_year, day)
    near = [days for step in (-1, 0, 1) if (days := in_year(day.year + step))]
    if turn.lower() == "last":
        near = [days for days in near if days.end < day][-1:]
    elif turn.lower() == "next":
        near = [days for days in near if days.start > day][:1]
    else:
        near = [days for days in near if days.start.year == day.year]
    return fixed(near[0]) if near else Naming()
