"""Passages of later articles that may hold the next value of a series, to be read as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.time.offices import office_asked_for
from api.answering.words import text_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.combining.series.choosing import Choice
    from api.answering.questions.question import Question
    from api.answering.time.frames import QuestionTime
    from index.records import Filters, Passage
    from index.retriever import Retrieval, Retriever

MOST_READ: Final = 2
"""Passages that are read beside those of the question, at most: a quarter of the usual eight.

Few questions have a series that a later article may continue, so that all questions together
cost less than a tenth more. Nothing is encoded or searched for again.
"""
_SURE_ENOUGH: Final = 0.1  # confidence from which an answer is worth a second look
_LOOKED_THROUGH: Final = 64  # chunks after those of the question, best first; loaded, not read


def newer_passages(
    question: Question,
    asked_time: QuestionTime,
    choice: Choice,
    retrieval: Retrieval,
    retriever: Retriever,
    filters: Filters,
) -> list[Passage]:
    """Find the passages that may hold a newer value than those that were read, best first.

    Only where the question leaves its time open and its answer is one of a series: figures that
    change from article to article, or the holders of an office.

    Args:
        question: The question.
        asked_time: What it says of time.
        choice: What answers so far.
        retrieval: What was retrieved, and read.
        retriever: Loads what comes after it.
        filters: What articles must pass.

    Returns:
        At most `MOST_READ` passages, none of which was retrieved.
    """
    series = choice.series
    newest = _newest_day(series)
    if asked_time.bound or newest is None or choice.ranked[0].confidence < _SURE_ENOUGH:
        return []
    if not _is_series(question, series):
        return []
    further = retriever.load(retrieval.runners_up[:_LOOKED_THROUGH], filters)
    newer = [item for item in further if _may_continue(item, newest, question, series[0])]
    if series[0].value is None:
        newer.sort(key=lambda item: series[0].text not in item.chunk.text)
    return newer[:MOST_READ]


def _is_series(question: Question, series: Sequence[Claim]) -> bool:
    if series[0].value is None:
        return office_asked_for(question.text) is not None
    return len({claim.value for claim in series}) > 1


def _newest_day(series: Sequence[Claim]) -> dt.date | None:
    """The day of publication of the newest claim."""
    days = (claim.passage.article.published_at for claim in series)
    return max((day for day in days if day is not None), default=None)


def _may_continue(passage: Passage, newest: dt.date, question: Question, answer: Claim) -> bool:
    """Whether a passage is newer, mentions a name of the question and may say what it asks for."""
    day = passage.article.published_at
    if day is None or day <= newest:
        return False
    text = passage.chunk.text
    if answer.value is None and answer.text in text:
        return True  # "she succeeded Gordon Pellow" tells who holds the office
    office = office_asked_for(question.text)
    lacking = question.lacking_names(text_words(passage.chunk.indexed_text))
    if question.names and len(lacking) == len(question.names):
        return False
    if answer.value is None:
        return office is not None and office.search(text) is not None
    return any(mark.isdigit() for mark in text)
