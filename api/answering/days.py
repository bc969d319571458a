"""The days of asking and of writing, from which other days are counted."""

from __future__ import annotations

import datetime as dt
from typing import Final

EARLIEST_YEAR: Final = 1000
LATEST_YEAR: Final = 2999


def today() -> dt.date:
    """The day in UTC."""
    return dt.datetime.now(tz=dt.UTC).date()


def day_of_writing(day: dt.date | None) -> dt.date | None:
    """The day, if it is in the years 1000 to 2999.

    Others stand for "no day" or "for ever" (0001-01-01, 9999-12-31), and the calendar of Python has
    no days before or after them to count to.
    """
    return None if day is None or not EARLIEST_YEAR <= day.year <= LATEST_YEAR else day
