"""Days, months, quarters, years and other single periods, as their first and last day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, TypeAlias

from api.answering import periods
from api.answering.periods import MONTHS, ORDINALS, SEASONS, WEEKDAYS, months_to
from api.answering.values.value import Value

_MONTHS_OF: Final = {"month": 1, "year": 12, "quarter": 3, "half": 6}
_COUNTS: Final = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen".split(), start=1
    )
}
_MONTH: Final = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)"
YEAR: Final = r"(?:1[5-9]|20)\d\d"
_DAY: Final = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_TO: Final = r"\s*(?:-|–|—|\bto\b|\buntil\b|\bthrough\b)\s*"
_FISCAL: Final = r"(?:fiscal|financial)(?:\s+year)?|FY"
_DAY_MONTH: Final = re.compile(
    rf"(?P<weekday>{_WEEKDAY})?(?:(?P<day>{_DAY})\s+(?:of\s+)?(?P<month>{_MONTH})"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>{_DAY}))(?:,?\s+(?:in\s+)?(?P<year>{YEAR}))?",
    re.IGNORECASE,
)
_DAYS_OF_MONTH: Final = re.compile(
    rf"(?:(?P<first>{_DAY}){_TO}(?P<last>{_DAY})\s+(?:of\s+)?(?P<month>{_MONTH})"
    rf"|(?P<month2>{_MONTH})\s+(?P<first2>{_DAY}){_TO}(?P<last2>{_DAY}))(?:,?\s+(?P<year>{YEAR}))?",
    re.IGNORECASE,
)
_MONTH_YEAR: Final = re.compile(
    rf"(?P<month>{_MONTH}),?\s+(?:of\s+)?(?P<year>{YEAR})", re.IGNORECASE
)
_ISO: Final = re.compile(rf"(?P<year>{YEAR})-(?P<month>\d\d)-(?P<day>\d\d)")
_SLASHED: Final = re.compile(rf"(?P<a>\d\d?)[/.](?P<b>\d\d?)[/.](?P<year>{YEAR})")
_QUARTER: Final = re.compile(
    rf"(?:(?P<word>first|second|third|fourth|1st|2nd|3rd|4th)[\s-](?P<of>quarter|half)"
    rf"|(?P<letter>[QH])(?P<number>[1-4]))[,\s]*(?:of\s+)?(?:the\s+)?(?P<fiscal>{_FISCAL})?\s*"
    rf"(?:of\s+|in\s+)?(?P<year>{YEAR})",
    re.IGNORECASE,
)
_YEAR_FIRST_QUARTER: Final = re.compile(
    rf"(?P<year>{YEAR})(?:'s)?\s+(?:(?P<letter>[QH])(?P<number>[1-4])|(?P<word>first|second|third|"
    r"fourth)[\s-](?P<of>quarter|half))",
    re.IGNORECASE,
)
_FISCAL_YEAR: Final = re.compile(
    rf"(?:{_FISCAL})[\s-]*(?P<year>{YEAR}|\d\d)|(?P<year2>{YEAR})\s+(?:fiscal|financial)\s+year",
    re.IGNORECASE,
)
_SEASON: Final = re.compile(
    rf"(?P<season>spring|summer|autumn|fall),?\s+(?:of\s+)?(?P<year>{YEAR})", re.IGNORECASE
)
_SPLIT_YEAR: Final = re.compile(rf"(?P<year>{YEAR})[-–/](?P<short>\d\d)")
_DECADE: Final = re.compile(r"(?P<year>(?:1[5-9]|20)\d0)s")
_PLAIN_YEAR: Final = re.compile(rf"(?:(?:calendar\s+)?year\s+)?(?P<year>{YEAR})", re.IGNORECASE)
_ENDING: Final = re.compile(
    r"(?:(?P<count>\d{1,2}|[a-z]+)[\s-])?(?P<unit>weeks?|months?|year|quarter|half)\s+"
    r"(?:to|ended|ending|through|up\s+to)\s+(?:the\s+end\s+of\s+)?(?P<end>.+)",
    re.IGNORECASE,
)
_BARE_MONTH: Final = re.compile(_MONTH, re.IGNORECASE)
_Reader: TypeAlias = Callable[[re.Match[str], date | None], Value | None]


def parse_period(text: str, published_at: date | None) -> Value | None:
    """Parse a single expression with nothing before or after it; None where it is none."""
    for pattern, read in _READERS:
        match = pattern.fullmatch(text)
        if match is not None:
            return read(match, published_at)
    return None


def nearest(month: int, day: int, to: date) -> date | None:
    """The day of that month, in the year that puts it nearest to another day."""
    days = [
        date(year, month, day)
        for year in (to.year - 1, to.year, to.year + 1)
        if day <= calendar.monthrange(year, month)[1]
    ]
    return min(days, key=lambda near: abs(near - to), default=None)


def _day(match: re.Match[str], published_at: date | None) -> Value | None:
    month = _month(match["month"] or match["month2"])
    day = _day_number(match["day"] or match["day2"])
    if match["year"] is not None:
        return _one(checked(int(match["year"]), month, day))
    if published_at is None:
        return None
    chosen = nearest(month, day, published_at)
    weekday = match["weekday"]
    if weekday is not None:
        name = weekday.strip(" ,.\t").lower()[:3]
        days = [
            found
            for year in range(published_at.year - 1, published_at.year + 2)
            if (found := checked(year, month, day)) and WEEKDAYS[found.weekday()][:3] == name
        ]
        chosen = min(days, key=lambda near: abs(near - published_at), default=chosen)
    return _one(chosen)


def _days(match: re.Match[str], published_at: date | None) -> Value | None:
    month = _month(match["month"] or match["month2"])
    first = _day_number(match["first"] or match["first2"])
    last = _day_number(match["last"] or match["last2"])
    if match["year"] is not None:
        low, high = checked(int(match["year"]), month, first), None
    elif published_at is not None:
        low, high = nearest(month, first, published_at), None
    else:
        return None
    if low is not None:
        high = checked(low.year, month, last)
    return None if low is None or high is None or high < low else Value("date", low, high)


def _month_of_year(match: re.Match[str], _: date | None) -> Value:
    return months(int(match["year"]), _month(match["month"]))


def _iso_day(match: re.Match[str], _: date | None) -> Value | None:
    return _one(checked(int(match["year"]), int(match["month"]), int(match["day"])))


def _fiscal_year(match: re.Match[str], _: date | None) -> Value:
    year = int(match["year"] or match["year2"])
    return months(year if year > 99 else 2000 + year, 1, 12, unit="fiscal year")


def _season(match: re.Match[str], _: date | None) -> Value:
    start = SEASONS[match["season"].lower()]
    return months(int(match["year"]), start, 3, approximate=True)


def _split_year(match: re.Match[str], _: date | None) -> Value | None:
    year, short = int(match["year"]), int(match["short"])
    high = year - year % 100 + short
    if high <= year:  # "2024-09" is a month
        return months(year, short) if 1 <= short <= 12 and "-" in match[0] else None
    if high > year + 1 and short <= 12:  # "2009-12" may be a month too
        return None
    return Value("date", date(year, 1, 1), date(high, 12, 31), None, high == year + 1)


def _decade(match: re.Match[str], _: date | None) -> Value:
    year = int(match["year"])
    return Value("date", date(year, 1, 1), date(year + 9, 12, 31))


def _year(match: re.Match[str], _: date | None) -> Value:
    return months(int(match["year"]), 1, 12)


def _slashed(match: re.Match[str], _: date | None) -> Value | None:
    """Day and month in either order, where only one order is possible."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
    days = {checked(year, b, a), checked(year, a, b)} - {None}
    return _one(days.pop()) if len(days) == 1 else None


def _quarter(match: re.Match[str], _: date | None) -> Value | None:
    letter, year = match["letter"], int(match["year"])
    if letter is None:
        half, number = match["of"].lower() == "half", ORDINALS[match["word"].lower()]
    else:
        half, number = letter.lower() == "h", int(match["number"])
    if half and number > 2:
        return None
    length = 6 if half else 3
    fiscal = match.groupdict().get("fiscal") is not None
    unit = "fiscal year" if fiscal else None
    return months(year, 1 + length * (number - 1), length, unit=unit)


def _ending(match: re.Match[str], published_at: date | None) -> Value | None:
    """The period of "the year to March 2027", "13 weeks to 29 April", "three months ended June"."""
    end = parse_period(match["end"], published_at)
    if end is None or not isinstance(end.high, date) or end.unit is not None:
        return None
    count = 1
    if match["count"] is not None:
        word = match["count"].lower()
        count = int(word) if word.isdigit() else _COUNTS.get(word, 0)
    if not count:
        return None
    unit = match["unit"].lower().removesuffix("s")
    high = end.high
    if unit == "week":
        return Value("date", high - timedelta(days=7 * count - 1), high)
    return Value("date", *months_to(high, count * _MONTHS_OF[unit]))


def _bare_month(match: re.Match[str], published_at: date | None) -> Value | None:
    if published_at is None:
        return None
    month = _month(match[0])
    middle = nearest(month, 15, published_at)
    return None if middle is None else months(middle.year, month)


def months(
    year: int, month: int, length: int = 1, *, unit: str | None = None, approximate: bool = False
) -> Value:
    """So many whole months from one of a year on; month 13 is the next January."""
    return Value("date", *periods.months(year, month, length), unit, approximate)


def _one(day: date | None) -> Value | None:
    return None if day is None else Value("date", day, day)


def checked(year: int, month: int, day: int) -> date | None:
    """The day; None where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(text: str) -> int:
    return MONTHS[text.lower().rstrip(".")]


def _day_number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


_READERS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = (
    (_DAY_MONTH, _day),
    (_DAYS_OF_MONTH, _days),
    (_MONTH_YEAR, _month_of_year),
    (_ISO, _iso_day),
    (_SLASHED, _slashed),
    (_QUARTER, _quarter),
    (_YEAR_FIRST_QUARTER, _quarter),
    (_FISCAL_YEAR, _fiscal_year),
    (_SEASON, _season),
    (_SPLIT_YEAR, _split_year),
    (_DECADE, _decade),
    (_PLAIN_YEAR, _year),
    (_ENDING, _ending),
    (_BARE_MONTH, _bare_month),
)
