"""Whether a claim is of the time that a question asks about."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.relative_figures import is_former_figure, is_outdone
from api.answering.periods import MONTH_NAMES, MONTHS, SHORT_MONTHS, Period
from api.answering.time.expressions import find_expressions
from api.answering.time.standing import UNREALISED

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim
    from api.answering.time.frames import TimeFrame
    from index.records import Passage

_YEAR: Final = 365  # days
_SHORT: Final = 100  # days; what is asked of a quarter or less is not told by a whole year
_MONTH: Final = 28  # days, at least
_NAMES_A_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_END_OF: Final = re.compile(r"\b(?:end|close)\b", re.IGNORECASE)
REPORTED_LATER: Final = dt.timedelta(days=120)
"""How long after their period results are published."""
# Who or what it was, of a month and of a year: a ranking of a year is not out at once.
_TOLD_LATER: Final = (dt.timedelta(days=31), dt.timedelta(days=60))
_LONGEST_NAME: Final = 5  # words
_MONTH_NAMED: Final = re.compile(rf"\b(?:{MONTH_NAMES}|{SHORT_MONTHS})\b", re.IGNORECASE)


def meets(claim: Claim, frame: TimeFrame) -> bool:
    """Whether a claim may be of the time that a question bounds.

    It is not where its sentence names other times only, or names none and was published at
    another time in an article whose passage does not name the year either. Nor is a figure that
    was reported before that time began: "at the end of December" is then another December.
    """
    statement, published = claim.statement, claim.passage.article.published_at
    bounds = frame.period
    times = _times_of(claim, bounds)
    if any(touches(time, bounds, published) or _ends_with(time, frame) for time in times):
        return frame.as_of or not _reported_before(claim, bounds)
    if frame.as_of and bounds.end is not None:
        return statement.as_of is not None and statement.as_of <= bounds.end
    elsewhere = statement.words is not None and statement.standing not in UNREALISED
    # "Up from 1,870": the article's day is not its time.
    if elsewhere or is_former_figure(claim) or _is_of_time_before(claim, frame):
        return False
    if published is None:
        return not statement.mentions
    # The time that a forecast names is the one that it is for: when it was made tells its article.
    later = _published_later(claim, bounds) if statement.words is None else dt.timedelta(0)
    if _is_published_within(published, bounds, later):
        unfinished = _is_of_unfinished_quarter(claim, bounds, published)
        return not (unfinished or is_of_whole_year(claim, bounds))
    years = {str(day.year) for day in bounds if day is not None}
    chunk = claim.passage.chunk
    return statement.words is None and any(year in chunk.indexed_text for year in years)


def _is_of_time_before(claim: Claim, frame: TimeFrame) -> bool:
    """Whether what a result is set against was expected of a time before the asked one."""
    published, end = claim.passage.article.published_at, frame.period.end
    over = published is not None and end is not None and end < published
    return is_outdone(claim) and not over and not frame.as_of


def names_its_time(claim: Claim, frame: TimeFrame) -> bool:
    """Whether a figure's sentence names its time, where the question names the asked year.

    So do words that hold a time themselves, and a figure that another one is counted from is of a
    time before. A question that names no year is of that of some article, which is not known.
    """
    words = claim.statement.words
    if claim.value is None:
        named = words is not None and words in claim.text
    else:
        named = words is not None or is_former_figure(claim)
    return named and _NAMES_A_YEAR.search(frame.words) is not None


def is_of_other_day(claim: Claim, frame: TimeFrame) -> bool:
    """Whether a claim stands in an article of another time, whose passage does not name the asked.

    Only where the question names a year. A day that answers is a time of its own, and what was
    "before 2020" is told at any time since.
    """
    published, bounds = claim.passage.article.published_at, frame.period
    if published is None or frame.as_of or _NAMES_A_YEAR.search(frame.words) is None:
        return False
    if bounds.start is None:
        return False
    if claim.value is not None and claim.value.kind == "date":
        return False
    if _is_published_within(published, bounds, _published_later(claim, bounds)):
        return False
    return not _is_named(frame, claim.passage.chunk.indexed_text)


def is_of_frame(passage: Passage, frame: TimeFrame) -> bool:
    """Whether an article was published in an asked time, or soon after."""
    published = passage.article.published_at
    return published is not None and _is_published_within(published, frame.period, _TOLD_LATER[0])


def _is_published_within(published: dt.date, bounds: Period, later: dt.timedelta) -> bool:
    """Whether a day is in a time, or no more than so much later."""
    until = None if bounds.end is None else bounds.end + later
    return Period(published, published).overlaps(Period(bounds.start, until))


def _is_named(frame: TimeFrame, text: str) -> bool:
    """Whether a text names the month that a question names, of no other year, or else the year."""
    years = "|".join(_NAMES_A_YEAR.findall(frame.words))
    months = {MONTHS[name.lower()] for name in _MONTH_NAMED.findall(frame.words)}
    if not months:
        return re.search(rf"\b(?:{years})\b", text) is not None
    of_other_year = re.compile(rf",?\s(?!{years})(?:19|20)\d\d")
    return any(
        name[0][0].isupper() and MONTHS[name[0].lower()] in months
        for name in _MONTH_NAMED.finditer(text)
        if of_other_year.match(text, name.end()) is None
    )


def _published_later(claim: Claim, bounds: Period) -> dt.timedelta:
    """How long after its time a claim is published.

    Results of a period, and reasons for them, come late. A name, of who or what it was, is news at
    once.
    """
    words = claim.text.split()
    if claim.value is not None or claim.text[:1].islower() or len(words) > _LONGEST_NAME:
        return REPORTED_LATER
    month, year = _TOLD_LATER
    return month if bounds.length is not None and bounds.length < _SHORT else year


def _times_of(claim: Claim, bounds: Period) -> list[Period]:
    """The times that a claim's sentence names and that may be its own.

    "On Thursday it reported a profit of 4m for the first quarter": a figure of a month or more is
    not that of the day on which it is told.
    """
    statement = claim.statement
    mentions = list(statement.mentions)
    told = claim.value is not None and statement.words is not None
    if told and not _is_short(statement.period) and not _is_short(bounds):
        return [mention for mention in mentions if not _is_short(mention)]
    return mentions


def _is_of_unfinished_quarter(claim: Claim, bounds: Period, published: dt.date) -> bool:
    """Whether a figure would be a quarter's result that was told before the quarter ended."""
    if claim.value is None or claim.value.kind == "date" or claim.statement.words is not None:
        return False
    if bounds.end is None or claim.statement.standing in UNREALISED:
        return False
    return _is_quarter(bounds) and published < bounds.end


def is_of_whole_year(claim: Claim, bounds: Period) -> bool:
    """Whether a quarter is asked for, and a result without a time is headed by a year that is over.

    "The year 2019 in numbers" is of none of its quarters.
    """
    published = claim.passage.article.published_at
    if claim.value is None or claim.value.kind == "date" or claim.statement.words is not None:
        return False
    if published is None or not _is_quarter(bounds):
        return False
    headings = find_expressions(claim.passage.chunk.context, published)
    named = [item.earlier for item in headings if Period(*item.earlier).overlaps(bounds)]
    return bool(named) and all(days.length >= _YEAR and days.end < published for days in named)


def is_of_quarter_before(claim: Claim, bounds: Period) -> bool:
    """Whether a result without a time of its own was told in the quarter after the asked one."""
    published, statement = claim.passage.article.published_at, claim.statement
    if published is None or bounds.end is None:
        return False
    if statement.words is not None or statement.standing in UNREALISED:
        return False
    return _is_quarter(bounds) and dt.timedelta(0) < published - bounds.end <= dt.timedelta(
        days=_SHORT
    )


def _is_quarter(period: Period) -> bool:
    return period.length is not None and 2 * _MONTH < period.length <= _SHORT


def _is_short(period: Period) -> bool:
    return period.length is not None and period.length < _MONTH


def _reported_before(claim: Claim, bounds: Period) -> bool:
    """Whether a claim's figure was reported, not planned, before a time began, and not for it."""
    published = claim.passage.article.published_at
    if claim.value is None or claim.value.kind == "date" or published is None:
        return False
    if bounds.start is None or published >= bounds.start:
        return False
    realised = claim.statement.standing not in UNREALISED
    return realised and not claim.statement.period.overlaps(bounds)


def _ends_with(mention: Period, frame: TimeFrame) -> bool:
    """Whether a year is told of whose end is asked for: "2024: 168%" is of the end of 2024."""
    of_end = _END_OF.search(frame.words) is not None and mention.start is not None
    return of_end and mention.end is not None and mention.end == frame.period.end


def touches(mention: Period, bounds: Period, published: dt.date | None) -> bool:
    """Whether a time that a sentence names is of the asked one.

    "This year" is not of one month, nor is "until 2042", which runs from the day of publication.
    """
    if mention.start is None and mention.end is not None and published is not None:
        mention = Period(min(mention.end, published), mention.end)
    long, short = mention.length, bounds.length
    if long is not None and short is not None and long >= _YEAR and short < _SHORT:
        return False
    return mention.overlaps(bounds)
