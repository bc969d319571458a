"""Reading a question without its words of time, which articles of that time do not spell."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.actors.measures import says_part
from api.answering.combining.series.asked_time import (
    REPORTED_LATER,
    is_of_quarter_before,
    touches,
)
from api.answering.questions.question import Question
from api.answering.time.expressions import find_expressions
from api.answering.time.frames import without_time
from api.answering.time.offices import office_asked_for

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim
    from api.answering.combining.series.choosing import Choice
    from api.answering.combining.series.ranked_passages import RankedPassages
    from api.answering.periods import Period
    from api.answering.time.frames import QuestionTime, TimeFrame
    from index.records import Passage

_YEAR: Final = 300  # days from which a period is a year's
_MOST_READ: Final = 2  # passages beside those that were retrieved
_STILL_HOLDS: Final = dt.timedelta(days=185)  # what no newer article says any more may have changed


def undated_question(
    question: Question, asked_time: QuestionTime, choice: Choice, threshold: float
) -> Question | None:
    """The question without its time, where it was not answered with that: "What was the rate?".

    An article of October says what had been spent, not that it was October. The reader takes that
    for no answer to "How much had been spent as of October?".

    Args:
        question: The question.
        asked_time: What it says of time.
        choice: What answers so far.
        threshold: The least confidence of an answer.

    Returns:
        None where the question bounds no time firmly, or has an answer of that time.
    """
    frame = asked_time.frame
    if frame is None or not frame.firm or frame.contradictory:
        return None
    if choice.frame_use == "filter" and choice.answers(threshold):
        return None
    text = without_time(question.text, frame)
    return None if text is None else replace(Question.parse(text), aliases=question.aliases)


def passages_of_time(frame: TimeFrame, ranked: RankedPassages) -> list[Passage]:
    """The retrieved passages that may be of a time, and a few of its articles that come after."""
    within = [item for item in ranked.further if _contains(frame.period, item.article.published_at)]
    retrieved = [item for item in ranked.read if _may_tell(item, frame)]
    return [*retrieved, *within[:_MOST_READ]]


def answers_of_time(question: Question, frame: TimeFrame, choice: Choice, threshold: float) -> bool:
    """Whether a choice is sure enough, and its own sentence or article of the asked time."""
    if choice.frame_use != "filter" or not choice.series:
        return False
    if not choice.answers(threshold) or _is_of_part(choice.series[0], frame):
        return False
    claim = choice.series[0]
    statement = claim.statement
    times = [
        time
        for time in (statement.period, *statement.mentions)
        if time.start is not None or time.end is not None
    ]
    if claim.as_of is None and not times:
        return False  # an article without a day may be of any time
    if claim.value is None and office_asked_for(question.text) is not None:
        return True
    if frame.as_of:
        start = frame.period.start
        return claim.as_of is not None and (start is None or claim.as_of >= start - _STILL_HOLDS)
    published = claim.passage.article.published_at
    return (
        any(touches(time, frame.period, published) for time in times)
        or _contains(frame.period, claim.as_of)
        or is_of_quarter_before(claim, frame.period)
        or _is_headed(claim, frame.period)
    )


def _is_headed(claim: Claim, period: Period) -> bool:
    """Whether a claim without a time of its own stands below a heading of a period.

    "Results for the third quarter" is of no year, "Results for the year 2023" of each of its
    quarters neither.
    """
    if claim.statement.words is not None or period.length is None:
        return False
    headings, day = claim.passage.chunk.context, claim.passage.article.published_at
    return any(
        all(_contains(period, end) for end in item.earlier)
        and 2 * item.earlier.length >= period.length
        for item in find_expressions(headings, day)
    )


def _is_of_part(claim: Claim, frame: TimeFrame) -> bool:
    """Whether a claim is of some months or a quarter, and a year is asked for."""
    length = frame.period.length
    of_year = length is not None and length >= _YEAR and not frame.as_of
    return of_year and says_part(claim.sentence, claim.in_sentence.end)


def _contains(period: Period, day: dt.date | None) -> bool:
    start, end = period
    return day is not None and (start is None or start <= day) and (end is None or day <= end)


def _may_tell(passage: Passage, frame: TimeFrame) -> bool:
    """Whether a passage was published by the end of a time, or names its year."""
    day, end = passage.article.published_at, frame.period.end
    if day is None or end is None or day <= end:
        return True
    if not frame.as_of and day <= end + REPORTED_LATER:
        return True
    years = {str(bound.year) for bound in frame.period if bound is not None}
    return not frame.as_of and any(year in passage.chunk.indexed_text for year in years)
