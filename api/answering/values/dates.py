"""Words -> the days that they say: a period, a part of one, or from one to another."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from api.answering.days import day_of_writing
from api.answering.values.periods import YEAR, checked, months, parse_period
from api.answering.values.value import Value

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
_BETWEEN: Final = re.compile(r"(?P<low>.+?)(?:\s+(?:to|until|through|-|–|—)\s+|[–—-])(?P<high>.+)")
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
    published_at = day_of_writing(published_at)
    text, about = words.strip(), False
    while lead := _LEAD.match(text):
        about = about or lead["about"] is not None
        text = text[lead.end() :]
        if lead[0].lower().strip() == "between":
            text = text.replace(" and ", " to ", 1)
    if text.lower() == "may" and text == words.strip():
        return None  # a name or a verb
    value = parse_period(text, published_at) or _parts(text, published_at)
    if value is None and (match := _BETWEEN.fullmatch(text)):
        value = _range(match["low"], match["high"], published_at)
    if value is None:
        return None
    approximate = value.approximate or about
    return Value("date", value.low, value.high, value.unit, approximate)


def _parts(text: str, published_at: date | None) -> Value | None:
    """The beginning, middle or end of a period."""
    match = _PART.match(text)
    if match is None:
        return None
    whole = parse_period(text[match.end() :].removeprefix("the ").strip(), published_at)
    days = None if whole is None else whole.days()
    if whole is None or days is None:
        return None
    low, high = days
    if match["edge"] is not None:
        day = high if match["edge"].lower() in ("end", "close") else low
        return Value("date", day, day, whole.unit, True)
    count = (high.year - low.year) * 12 + high.month - low.month + 1
    third = {"e": 0, "m": 1, "l": 2}[match["part"][0].lower()]
    if count % 3 == 0:
        first = low.month + third * count // 3
        part = months(low.year, first, count // 3)
        return Value("date", part.low, part.high, whole.unit, True)
    if count > 1 or low == high:
        return None
    first_day, last_day = (1, 11, 21)[third], (10, 20, high.day)[third]
    return Value("date", low.replace(day=first_day), low.replace(day=last_day), None, True)


def _range(low_text: str, high_text: str, published_at: date | None) -> Value | None:
    high = parse_period(high_text.strip(), published_at) or _parts(high_text.strip(), published_at)
    if high is None or not isinstance(high.low, date) or not isinstance(high.high, date):
        return None
    low_text = low_text.strip()
    low = parse_period(low_text, high.low) or _parts(low_text, high.low)
    if low is None or not isinstance(low.low, date) or low.unit != high.unit:
        return None
    # The year said at the end holds for the beginning: "October to March 2025" is 2024's October.
    first = low.low
    if not re.search(YEAR, low_text) and first > high.low:
        earlier = checked(first.year - 1, first.month, first.day)
        if earlier is None:
            return None
        first = earlier
    if first > high.high:
        return None
    return Value("date", first, high.high, high.unit, low.approximate or high.approximate)
