"""Rows of time expressions that are counted from the day of writing: "last month", "Tuesday"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.days import EARLIEST_YEAR, LATEST_YEAR
from api.answering.periods import (
    WEEKDAYS,
    Days,
    month,
    months,
    one_day,
    shift_months,
    week_of,
    year_of,
)
from api.answering.time.naming import ONE_DAY, Naming, Rows, fixed

if TYPE_CHECKING:
    import datetime as dt
    import re

_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
} | {"a": 1, "an": 1, "couple of": 2, "dozen": 12}
_NUMBER: Final = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_UNIT: Final = "(?:day|week|fortnight|month|quarter|year|decade)"


def _weekday(match: re.Match[str], day: dt.date | None) -> Naming | None:
    if day is None:
        return None
    number = WEEKDAYS.index(match["weekday"].lower())
    back = (day.weekday() - number) % 7
    past, ahead = day - back * ONE_DAY, day + (-back % 7) * ONE_DAY
    turn = (match["which"] or "").lower()
    if turn == "next":
        return fixed(one_day(week_of(day).end + (number + 1) * ONE_DAY))
    if turn == "last":
        return fixed(one_day(past if back else past - 7 * ONE_DAY))
    return Naming(one_day(past), one_day(ahead))


_NEAR_DAYS: Final = {
    "yesterday": -1, "last night": -1, "overnight": 0, "today": 0, "tonight": 0,
    "this morning": 0, "this afternoon": 0, "this evening": 0, "tomorrow": 1,
}  # fmt: skip


def _near_day(match: re.Match[str], day: dt.date | None) -> Naming | None:
    if day is None:
        return None
    return fixed(one_day(day + _NEAR_DAYS[match[0].lower()] * ONE_DAY))


def _present(_match: re.Match[str], day: dt.date | None) -> Naming | None:
    return None if day is None else fixed(one_day(day))


def _turn(match: re.Match[str], day: dt.date | None) -> Naming | None:
    """Read "last month", "this year", "the coming week"."""
    if day is None:
        return None
    step = {"last": -1, "previous": -1, "past": -1, "prior": -1, "this": 0, "current": 0}.get(
        match["side"].lower(), 1
    )
    unit = match["unit"].lower()
    if unit == "year":
        year = day.year + step
        return Naming(year_of(year), year_of(year), year=year)
    days = _around(day, unit, step)
    return fixed(days)


def _around(day: dt.date, unit: str, step: int) -> Days:
    if unit == "week":
        return week_of(day + 7 * step * ONE_DAY)
    if unit == "weekend":
        # On a Monday "the weekend" and "this weekend" look back, later in the week ahead.
        saturday = week_of(day + 7 * step * ONE_DAY).start + 5 * ONE_DAY
        return Days(saturday, saturday + ONE_DAY)
    if unit == "month":
        return month(day.year, day.month + step)
    if unit == "quarter":
        first = 3 * ((day.month - 1) // 3 + step) + 1
        return months(day.year, first, 3)
    first_year = day.year - (day.month < 7) + step  # a season of play
    return months(first_year, 7, 12)


def _stretch(match: re.Match[str], day: dt.date | None) -> Naming | None:
    """Read "the past three months", "the next decade"."""
    if day is None:
        return None
    count = _number(match["many"]) if match["many"] else 1
    other = _moved(day, match["span"], count * (1 if match["way"].lower()[0] in "nfc" else -1))
    if other is None:
        return None
    return fixed(Days(min(day, other), max(day, other)))


def _ago(match: re.Match[str], day: dt.date | None) -> Naming | None:
    """Read "four years ago": the day for days, else the month or year that far back."""
    if day is None:
        return None
    count, unit = _number(match["count"]), match["of"].lower()
    then = _moved(day, unit, -count)
    if then is None:
        return None
    if unit in {"year", "decade"} and count > 1:
        return fixed(year_of(then.year))
    if unit in {"day", "week", "fortnight"}:
        return fixed(one_day(then))
    return fixed(month(then.year, then.month))


def _number(words: str) -> int:
    low = words.lower()
    return int(low) if low.isdigit() else _NUMBERS[low]


def _moved(day: dt.date, unit: str, count: int) -> dt.date | None:
    """So many units later, or earlier for a count below 0; None for "999 decades ago"."""
    low = unit.lower()
    if low in {"day", "week", "fortnight"}:
        return day + count * {"day": 1, "week": 7, "fortnight": 14}[low] * ONE_DAY
    shift = count * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[low]
    if not EARLIEST_YEAR <= day.year + shift // 12 <= LATEST_YEAR:
        return None
    return shift_months(day, shift)


def _nth_day(match: re.Match[str], day: dt.date | None) -> Naming | None:
    """Read "the 3rd", of a month near that day."""
    if day is None:
        return None
    number = int(match["nth_day"])
    near = [month(day.year, day.month + step) for step in (-2, -1, 0, 1, 2)]
    days = [bounds.start.replace(day=number) for bounds in near if 1 <= number <= bounds.end.day]
    past = [found for found in days if found <= day]
    ahead = [found for found in days if found >= day]
    return Naming(one_day(past[-1]), one_day(ahead[0])) if past and ahead else None


RELATIVE_ROWS: Final[Rows] = {
    "weekday": (
        rf"\b(?:(?P<which>last|next|this)\s)?(?P<weekday>{'|'.join(WEEKDAYS)})\b",
        _weekday,
    ),
    "near_day": (
        (
            r"\b(?:yesterday|today|tomorrow|tonight|overnight|last\snight"
            r"|this\s(?:morning|afternoon|evening))\b"
        ),
        _near_day,
    ),
    "present": (
        r"\b(?:currently|now|at\spresent|at\sthe\smoment|nowadays|these\sdays|right\snow)\b",
        _present,
    ),
    "stretch": (
        (
            rf"\b(?:the\s)?(?P<way>past|last|previous|next|following|coming)\s"
            rf"(?:(?P<many>{_NUMBER})\s)(?P<span>{_UNIT})s?\b"
        ),
        _stretch,
    ),
    "turn": (
        (
            r"\b(?:the\s)?(?P<side>last|previous|past|prior|this|current|next|coming|following)\s(?:(?:calendar|financial|fiscal)\s)?"
            r"(?P<unit>weekend|week|month|quarter|year|season)\b"
        ),
        _turn,
    ),
    "ago": (rf"\b(?P<count>{_NUMBER})\s(?P<of>{_UNIT})s?\s(?:ago|earlier|before)\b", _ago),
    "nth_day": (r"\bthe\s(?P<nth_day>\d{1,2})(?:st|nd|rd|th)\b(?=[.,;]|\Z)", _nth_day),
}
