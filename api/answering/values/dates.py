"""Days, months, quarters, years and other periods, as their first and last day."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final

from api.answering.values.value import Value

_MONTH_NAMES: Final = (
    "january february march april may june july august september october november december"
).split()
_MONTHS: Final = {
    form: number
    for number, name in enumerate(_MONTH_NAMES, start=1)
    for form in (name, name[:3], *(("sept",) if number == 9 else ()))
}
_WEEKDAYS: Final = "monday tuesday wednesday thursday friday saturday sunday".split()
_SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9}
_ORDINALS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
}  # fmt: skip
_COUNTS: Final = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen".split(), start=1
    )
}
_MONTH: Final = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)"
_YEAR: Final = r"(?:1[5-9]|20)\d\d"
_DAY: Final = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_TO: Final = r"\s*(?:-|–|—|\bto\b|\band\b|\buntil\b|\bthrough\b)\s*"
_FISCAL: Final = r"(?:fiscal|financial)(?:\s+year)?|FY"
_LEAD: Final = re.compile(
    r"(?P<about>about|around|circa|early\s+in)\s+|(?:(?:the|from|between|in|on|by|at|until|till|"
    r"since|after|before|during|for|to|as\s+of|only|not\s+before)\s+)",
    re.IGNORECASE,
)
_PART: Final = re.compile(
    r"(?:(?:the\s+)?(?P<edge>end|close|start|beginning)\s+of|(?P<part>early|mid|middle\s+of|late)"
    r"(?:-|–|\s))\s*",
    re.IGNORECASE,
)
_DAY_MONTH: Final = re.compile(
    rf"(?P<weekday>{_WEEKDAY})?(?:(?P<day>{_DAY})\s+(?:of\s+)?(?P<month>{_MONTH})"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>{_DAY}))(?:,?\s+(?:in\s+)?(?P<year>{_YEAR}))?",
    re.IGNORECASE,
)
_DAYS_OF_MONTH: Final = re.compile(
    rf"(?:(?P<first>{_DAY}){_TO}(?P<last>{_DAY})\s+(?:of\s+)?(?P<month>{_MONTH})"
    rf"|(?P<month2>{_MONTH})\s+(?P<first2>{_DAY}){_TO}(?P<last2>{_DAY}))(?:,?\s+(?P<year>{_YEAR}))?",
    re.IGNORECASE,
)
_MONTH_YEAR: Final = re.compile(
    rf"(?P<month>{_MONTH}),?\s+(?:of\s+)?(?P<year>{_YEAR})", re.IGNORECASE
)
_ISO: Final = re.compile(rf"(?P<year>{_YEAR})-(?P<month>\d\d)(?:-(?P<day>\d\d))?")
_SLASHED: Final = re.compile(rf"(?P<a>\d\d?)[/.](?P<b>\d\d?)[/.](?P<year>{_YEAR})")
_QUARTER: Final = re.compile(
    rf"(?:(?P<word>first|second|third|fourth|1st|2nd|3rd|4th)[\s-](?P<of>quarter|half)"
    rf"|(?P<letter>[QH])(?P<number>[1-4]))[,\s]*(?:of\s+)?(?:the\s+)?(?P<fiscal>{_FISCAL})?\s*"
    rf"(?:of\s+|in\s+)?(?P<year>{_YEAR})",
    re.IGNORECASE,
)
_YEAR_FIRST_QUARTER: Final = re.compile(
    rf"(?P<year>{_YEAR})(?:'s)?\s+(?:(?P<letter>[QH])(?P<number>[1-4])|(?P<word>first|second|third|"
    r"fourth)[\s-](?P<of>quarter|half))",
    re.IGNORECASE,
)
_FISCAL_YEAR: Final = re.compile(
    rf"(?:{_FISCAL})[\s-]*(?P<year>{_YEAR}|\d\d)|(?P<year2>{_YEAR})\s+(?:fiscal|financial)\s+year",
    re.IGNORECASE,
)
_SEASON: Final = re.compile(
    rf"(?P<season>spring|summer|autumn|fall),?\s+(?:of\s+)?(?P<year>{_YEAR})", re.IGNORECASE
)
_SPLIT_YEAR: Final = re.compile(rf"(?P<year>{_YEAR})[-–/](?P<short>\d\d)")
_DECADE: Final = re.compile(r"(?P<year>(?:1[5-9]|20)\d0)s")
_PLAIN_YEAR: Final = re.compile(rf"(?:(?:calendar\s+)?year\s+)?(?P<year>{_YEAR})", re.IGNORECASE)
_ENDING: Final = re.compile(
    r"(?:(?P<count>\d{1,2}|[a-z]+)[\s-])?(?P<unit>weeks?|months?|year|quarter|half)\s+"
    r"(?:to|ended|ending|through|up\s+to)\s+(?:the\s+end\s+of\s+)?(?P<end>.+)",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"(?P<low>.+?)(?:\s+(?:to|until|through|and|-|–|—)\s+|[–—-])(?P<high>.+)")
_LONGEST: Final = 80


def parse_date(words: str, published_at: date | None = None) -> Value | None:
    """Parse words that say a day or a period and nothing else; None where they don't.

    A day or month without its year is the nearest one to the article's date, and None without
    that. Relative expressions ("last week") are not dates.

    Args:
        words: The words; a preposition before them does not count.
        published_at: The article's date.
    """
    if len(words) > _LONGEST:
        return None
    text, about, between = words.strip(), False, False
    while lead := _LEAD.match(text):
        about = about or lead["about"] is not None
        between = between or lead[0].lower().strip() in ("between", "from")
        text = text[lead.end() :]
    value = _period(text, published_at) or _parts(text, published_at)
    if value is None and (match := _BETWEEN.fullmatch(text)):
        value = _range(match["low"], match["high"], published_at)
    if value is None:
        return None
    approximate = value.approximate or about
    return Value("date", value.low, value.high, value.unit, approximate)


def nearest(month: int, day: int, to: date) -> date | None:
    """The day of that month, in the year that puts it nearest to another day."""
    days = [
        date(year, month, day)
        for year in (to.year - 1, to.year, to.year + 1)
        if day <= calendar.monthrange(year, month)[1]
    ]
    return min(days, key=lambda near: abs(near - to), default=None)


def _period(text: str, published_at: date | None) -> Value | None:
    """A single expression, without a part of it being named."""
    if match := _DAY_MONTH.fullmatch(text):
        return _day(match, published_at)
    if match := _DAYS_OF_MONTH.fullmatch(text):
        return _days(match, published_at)
    if match := _MONTH_YEAR.fullmatch(text):
        return _months(int(match["year"]), _month(match["month"]))
    if match := _ISO.fullmatch(text):
        if match["day"] is None:
            month = int(match["month"])
            return _months(int(match["year"]), month) if 1 <= month <= 12 else None
        return _one(_checked(int(match["year"]), int(match["month"]), int(match["day"])))
    if match := _SLASHED.fullmatch(text):
        return _slashed(int(match["a"]), int(match["b"]), int(match["year"]))
    if match := _QUARTER.fullmatch(text) or _YEAR_FIRST_QUARTER.fullmatch(text):
        return _quarter(match)
    if match := _FISCAL_YEAR.fullmatch(text):
        year = int(match["year"] or match["year2"])
        return _months(year if year > 99 else 2000 + year, 1, 12, unit="fiscal year")
    if match := _SEASON.fullmatch(text):
        start = _SEASONS[match["season"].lower()]
        return _months(int(match["year"]), start, 3, approximate=True)
    return _years(text) or _ending(text, published_at) or _bare_month(text, published_at)


def _years(text: str) -> Value | None:
    if match := _SPLIT_YEAR.fullmatch(text):
        year, short = int(match["year"]), int(match["short"])
        high = year - year % 100 + short
        if high <= year:
            return None
        return Value("date", date(year, 1, 1), date(high, 12, 31), None, high == year + 1)
    if match := _DECADE.fullmatch(text):
        year = int(match["year"])
        return Value("date", date(year, 1, 1), date(year + 9, 12, 31))
    if match := _PLAIN_YEAR.fullmatch(text):
        return _months(int(match["year"]), 1, 12)
    return None


def _parts(text: str, published_at: date | None) -> Value | None:
    """The beginning, middle or end of a period."""
    match = _PART.match(text)
    if match is None:
        return None
    whole = _period(text[match.end() :].removeprefix("the ").strip(), published_at)
    if whole is None or not isinstance(whole.low, date) or not isinstance(whole.high, date):
        return None
    low, high = whole.low, whole.high
    if match["edge"] is not None:
        day = high if match["edge"].lower() in ("end", "close") else low
        return Value("date", day, day, whole.unit, True)
    months = (high.year - low.year) * 12 + high.month - low.month + 1
    third = {"e": 0, "m": 1, "l": 2}[match["part"][0].lower()]
    if months % 3 == 0:
        first = low.month + third * months // 3
        part = _months(low.year, first, months // 3)
        return Value("date", part.low, part.high, whole.unit, True)
    if months > 1 or low == high:
        return None
    first_day, last_day = (1, 11, 21)[third], (10, 20, high.day)[third]
    return Value("date", low.replace(day=first_day), low.replace(day=last_day), None, True)


def _range(low_text: str, high_text: str, published_at: date | None) -> Value | None:
    high = _period(high_text.strip(), published_at) or _parts(high_text.strip(), published_at)
    if high is None or not isinstance(high.low, date) or not isinstance(high.high, date):
        return None
    low_text = low_text.strip()
    low = _period(low_text, high.low) or _parts(low_text, high.low)
    if low is None or not isinstance(low.low, date) or low.unit != high.unit:
        return None
    # The year said at the end holds for the beginning: "October to March 2025" is 2024's October.
    first = low.low
    if not re.search(_YEAR, low_text) and first > high.low:
        checked = _checked(first.year - 1, first.month, first.day)
        if checked is None:
            return None
        first = checked
    if first > high.high:
        return None
    return Value("date", first, high.high, high.unit, low.approximate or high.approximate)


def _day(match: re.Match[str], published_at: date | None) -> Value | None:
    month = _month(match["month"] or match["month2"])
    day = _day_number(match["day"] or match["day2"])
    if match["year"] is not None:
        return _one(_checked(int(match["year"]), month, day))
    if published_at is None:
        return None
    chosen = nearest(month, day, published_at)
    weekday = match["weekday"]
    if weekday is not None:
        name = weekday.strip(" ,.\t").lower()[:3]
        days = [
            found
            for year in range(published_at.year - 1, published_at.year + 2)
            if (found := _checked(year, month, day)) and _WEEKDAYS[found.weekday()][:3] == name
        ]
        chosen = min(days, key=lambda near: abs(near - published_at), default=chosen)
    return _one(chosen)


def _days(match: re.Match[str], published_at: date | None) -> Value | None:
    month = _month(match["month"] or match["month2"])
    first = _day_number(match["first"] or match["first2"])
    last = _day_number(match["last"] or match["last2"])
    if match["year"] is not None:
        low, high = _checked(int(match["year"]), month, first), None
    elif published_at is not None:
        low, high = nearest(month, first, published_at), None
    else:
        return None
    if low is not None:
        high = _checked(low.year, month, last)
    return None if low is None or high is None or high < low else Value("date", low, high)


def _quarter(match: re.Match[str]) -> Value | None:
    letter, year = match["letter"], int(match["year"])
    if letter is None:
        half, number = match["of"].lower() == "half", _ORDINALS[match["word"].lower()]
    else:
        half, number = letter.lower() == "h", int(match["number"])
    if half and number > 2:
        return None
    length = 6 if half else 3
    fiscal = match.groupdict().get("fiscal") is not None
    unit = "fiscal year" if fiscal else None
    return _months(year, 1 + length * (number - 1), length, unit=unit)


def _ending(text: str, published_at: date | None) -> Value | None:
    """ "the year to March 2027", "13 weeks to 29 April", "three months ended June 2024"."""
    match = _ENDING.fullmatch(text)
    if match is None:
        return None
    end = _period(match["end"], published_at)
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
    months = count * {"month": 1, "year": 12, "quarter": 3, "half": 6}[unit]
    before = high.year * 12 + high.month - 1 - months
    after = high + timedelta(days=1)
    if after.day == 1:  # whole months
        start = before + 1
        return Value("date", date(start // 12, start % 12 + 1, 1), high)
    last = calendar.monthrange(before // 12, before % 12 + 1)[1]
    low = date(before // 12, before % 12 + 1, min(high.day, last)) + timedelta(days=1)
    return Value("date", low, high)


def _bare_month(text: str, published_at: date | None) -> Value | None:
    month = _MONTHS.get(text.lower())
    if month is None or published_at is None or len(text) < 4:
        return None
    middle = nearest(month, 15, published_at)
    return None if middle is None else _months(middle.year, month)


def _slashed(a: int, b: int, year: int) -> Value | None:
    """Day and month in either order, where only one order is possible."""
    days = {_checked(year, b, a), _checked(year, a, b)} - {None}
    return _one(days.pop()) if len(days) == 1 else None


def _months(
    year: int, month: int, length: int = 1, *, unit: str | None = None, approximate: bool = False
) -> Value:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last = year * 12 + month - 1 + length - 1
    end_year, end_month = last // 12, last % 12 + 1
    high = date(end_year, end_month, calendar.monthrange(end_year, end_month)[1])
    return Value("date", date(year, month, 1), high, unit, approximate)


def _one(day: date | None) -> Value | None:
    return None if day is None else Value("date", day, day)


def _checked(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(text: str) -> int:
    return _MONTHS[text.lower().rstrip(".")]


def _day_number(text: str) -> int:
    return int(re.sub(r"\D", "", text))
