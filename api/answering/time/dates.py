"""Rows of time expressions of the calendar: dates, months, seasons, quarters, years."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from api.answering.days import day_of_writing
from api.answering.periods import (
    MONTH_NAMES,
    MONTHS,
    ORDINALS,
    SEASONS,
    SHORT_MONTHS,
    Days,
    half,
    month,
    months,
    one_day,
    quarter,
    year_of,
)
from api.answering.time.naming import Naming, Rows, fixed, turned, yearly

if TYPE_CHECKING:
    import re

_MONTH: Final = rf"(?:{MONTH_NAMES}|(?:{SHORT_MONTHS})\b\.?)"
_ORDINAL: Final = r"(?:first|second|third|fourth|final|1st|2nd|3rd|4th)"


def _iso(match: re.Match[str], _day: dt.date | None) -> Naming | None:
    try:
        day = day_of_writing(dt.date.fromisoformat(match[0]))
    except ValueError:
        return None
    return None if day is None else fixed(one_day(day))


def _day_of_month(match: re.Match[str], day: dt.date | None) -> Naming | None:
    number = MONTHS[(match["month"] or match["before"])[:3].lower()]
    first = int(match["first"] or match["day"])
    last = int(match["last"] or match["until"] or first)

    def in_year(year: int) -> Days | None:
        bounds = month(year, number)
        if not 1 <= first <= last <= bounds.end.day:
            return None
        return Days(bounds.start.replace(day=first), bounds.start.replace(day=last))

    return yearly(in_year, day)


def _month(match: re.Match[str], day: dt.date | None) -> Naming:
    number = MONTHS[match["name"][:3].lower()]
    return turned(lambda year: month(year, number), match["turn"], day)


def _season(match: re.Match[str], day: dt.date | None) -> Naming:
    first = SEASONS[match["season"].lower()]
    return turned(lambda year: months(year, first, 3), match["when"], day)


def _quarter(match: re.Match[str], day: dt.date | None) -> Naming:
    if match["closing"] is not None:
        closing = MONTHS[match["closing"][:3].lower()] // 3
        return yearly(lambda year: quarter(year, closing), day, slack=15)
    words = match["quarter"] or match["digit"] or match["ordinal"]
    number = int(words[:1]) if words[:1].isdigit() else ORDINALS[words.lower()]
    if match["short"] is not None:
        return fixed(quarter(2000 + int(match["short"]), number))
    return yearly(lambda year: quarter(year, number), day, slack=15)


def _half(match: re.Match[str], day: dt.date | None) -> Naming:
    number = int(match["number"]) if match["number"] else ORDINALS[match["nth"].lower()]
    return yearly(lambda year: half(year, number), day, slack=15)


def _year(match: re.Match[str], _day: dt.date | None) -> Naming:
    year = int(match[0])
    return Naming(year_of(year), year_of(year), year=year)


def _fiscal(match: re.Match[str], _day: dt.date | None) -> Naming:
    """A fiscal year is taken for the calendar year of its number, "2023-24" from April on."""
    year = int(match["fiscal"])
    year += 2000 if year < 100 else 0
    if match["next"] is None:
        return Naming(year_of(year), year_of(year), year=year)
    return fixed(months(year, 4, 12))


def _double_year(match: re.Match[str], _day: dt.date | None) -> Naming | None:
    """Read "2024-25" as a season from July, or a financial year from April."""
    year, after = int(match["low"]), int(match["high"])
    if (year + 1) % 100 != after % 100:
        return None if after < 100 else fixed(Days(year_of(year).start, year_of(after).end))
    first = 7 if match["play"] is not None else 4
    return fixed(months(year, first, 12))


def _decade(match: re.Match[str], _day: dt.date | None) -> Naming:
    year = int(match["decade"])
    return fixed(Days(year_of(year).start, year_of(year + 9).end))


def _feast(match: re.Match[str], day: dt.date | None) -> Naming:
    number, date = {"c": (12, 25), "n": (1, 1)}[match[0][0].lower()]
    return yearly(lambda year: one_day(dt.date(year, number, date)), day)


CALENDAR_ROWS: Final[Rows] = {
    "iso": (r"\b\d{4}-\d{2}-\d{2}\b", _iso),
    "day": (
        (
            rf"\b(?P<before>{_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:[-–](?P<until>\d{{1,2}})\b)?(?![\d:%])"
            rf"|\b(?P<first>\d{{1,2}})(?:st|nd|rd|th)?(?:[-–](?P<last>\d{{1,2}})(?:st|nd|rd|th)?)?\s(?:of\s)?"
            rf"(?P<month>{_MONTH})(?!\w)"
        ),
        _day_of_month,
    ),
    "season": (
        r"\b(?:(?P<when>last|next|this)\s)?(?P<season>spring|summer|autumn|fall|winter)\b",
        _season,
    ),
    "quarter": (
        (
            rf"\b(?:(?P<ordinal>{_ORDINAL})[\s-](?:fiscal[\s-])?quarter"
            r"|(?P<closing>march|june|september|december)[\s-]quarter"
            r"|(?:q(?P<quarter>[1-4])|(?P<digit>[1-4])q(?P<short>\d\d)))\b"
        ),
        _quarter,
    ),
    "half": (
        (
            r"\b(?:(?P<nth>first|second)[\s-]half(?=[^.;]{0,60}?\ba\syear\s(?:ago|before|earlier)\b|"
            r",?\s(?:up|down|against|compared)\s|\s(?:profits?|earnings|revenues?|sales|results|"
            r"loss|losses|turnover|net|operating|pre-tax|20\d\d|of\s(?:20\d\d|fiscal|last|this|next|the\s"
            r"(?:\w+\s)?year)))|h(?P<number>[12])(?=\s|\b))\b"
        ),
        _half,
    ),
    "fiscal": (
        r"\b(?:(?:fiscal|financial)\s(?:year\s)?|fy\s?)(?P<fiscal>(?:20)?\d\d)(?:[-–/](?P<next>(?:20)?\d\d))?\b",
        _fiscal,
    ),
    "double_year": (
        r"\b(?P<low>(?:19|20)\d\d)[-–/](?P<high>(?:19|20)?\d\d)\b(?![-–/])(?P<play>(?=\sseason))?",
        _double_year,
    ),
    "decade": (r"\b(?P<decade>(?:1[5-9]|20)\d0)s\b", _decade),
    "year": (r"(?<![\d.,$€£¥₹#])(?<!\d[-–])\b(?:1[5-9]|20)\d\d\b(?![,.]\d|\s?%|[-–]\w)", _year),
    "feast": (r"\b(?:Christmas|New\sYear's\sDay)\b", _feast),
    "month": (rf"\b(?:(?P<turn>last|next|this)\s)?(?P<name>{_MONTH})(?!\w)", _month),
}
