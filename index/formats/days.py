"""Days as people and programs write them; an ambiguous one is no day."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})\b\.?"
_DAY: Final = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>(?:18|19|20)\d\d)"
# What may follow a day: a time, of any precision and zone.
_TIME: Final = r"(?:[T ,]*\s*(?:at\s+)?\d{1,2}[:.]?\d\d(?:[:.]\d\d)?.{0,30})?"
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_NAMED: Final = (
    rf"{_DAY}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}",
    rf"{_MONTH}[\s-]+{_DAY},?[\s-]+{_YEAR}",
)
_NUMBERED: Final = (
    rf"{_YEAR}(?P<mark>[-/._])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)",
    rf"(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?{_YEAR}",
)
_SLASHED: Final = rf"(?P<a>\d\d?)[/-](?P<b>\d\d?)[/-]{_YEAR}"
_WHOLE: Final = tuple(
    re.compile(rf"{_WEEKDAY}{pattern}{_TIME}\Z", re.IGNORECASE) for pattern in (*_NAMED, *_NUMBERED)
)
_WHOLE_SLASHED: Final = re.compile(rf"{_SLASHED}{_TIME}\Z", re.IGNORECASE)
_PROPERTY: Final = re.compile(r"(?:D:)?(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
_LONGEST: Final = 80  # characters of a date with weekday, time and zone


def parse_day(words: str) -> dt.date | None:
    """Read a day, in numbers or with the English name of its month, a time after it or not.

    ``3/4/2025`` is none: it is read as March here and as April there.
    """
    words = " ".join(words.split())
    if len(words) > _LONGEST:
        return None
    for pattern in _WHOLE:
        if (match := pattern.match(words)) is not None:
            month = match["month"].lower()
            return _day(match["year"], str(_MONTHS.get(month, month)), match["day"])
    if (match := _WHOLE_SLASHED.match(words)) is not None:
        first, second = int(match["a"]), int(match["b"])
        if first == second or (first <= 12 < second):
            return _day(match["year"], match["a"], match["b"])
        if second <= 12 < first:
            return _day(match["year"], match["b"], match["a"])
        return None
    return _iso_day(words)


def parse_property_day(words: str | None) -> dt.date | None:
    """Read the day of a date in a PDF's properties, such as ``D:20250304101500+01'00'``."""
    match = None if words is None else _PROPERTY.match(words.strip())
    return None if match is None else _day(match["year"], match["month"], match["day"])


def _iso_day(words: str) -> dt.date | None:
    try:
        return dt.datetime.fromisoformat(words).date()
    except ValueError:
        return None


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
