"""Passages of later articles that may hold the next value of a series, to be read more closely."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.sameness import comparable
from api.answering.questions.common_words import COMMON
from api.answering.time.offices import office_asked_for
from api.answering.values.parsing import parse_value
from api.answering.values.quantities import complete_quantity
from api.answering.values.tokens import FIGURE_AHEAD
from api.answering.words import text_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.combining.series.choosing import Choice
    from api.answering.questions.question import Question
    from api.answering.time.frames import QuestionTime
    from api.answering.values.value import Value
    from index.records import Filters, Passage
    from index.retriever import Retrieval, Retriever

MOST_READ: Final = 3
"""Passages that are read beside those of the question, at most: of a figure one of each article.

Few questions have a series that a later article may continue, so that all questions together
cost less than a tenth more. Nothing is encoded or searched for again.
"""
_SURE_ENOUGH: Final = 0.1  # confidence from which an answer is worth a second look
_LOOKED_THROUGH: Final = 64  # chunks after those of the question, best first; loaded, not read
_FIGURE: Final = re.compile(r"(?<![\w.,])" + FIGURE_AHEAD)
_MOST_FIGURES: Final = 12  # of a passage that are looked at


def newer_passages(
    question: Question,
    asked_time: QuestionTime,
    choice: Choice,
    retrieval: Retrieval,
    retriever: Retriever,
    filters: Filters,
) -> list[Passage]:
    """Find the passages that may hold a newer value than the answer, best first.

    Only where the question leaves its time open and is answered by a figure, which may change from
    article to article, or by the holder of an office. A passage that lacks a name of the question
    has the sentence of its article that introduces it as its context.

    Args:
        question: The question.
        asked_time: What it says of time.
        choice: What answers so far.
        retrieval: What was retrieved, and read.
        retriever: Loads what comes after it.
        filters: What articles must pass.

    Returns:
        At most `MOST_READ` passages: of those that were retrieved such as only the first stage of
        a cascade read, or without that context; and others.
    """
    series = choice.series
    newest = _newest_day(series)
    if asked_time.bound or newest is None or choice.ranked[0].confidence < _SURE_ENOUGH:
        return []
    answer = series[0]
    further = retriever.load(retrieval.runners_up[:_LOOKED_THROUGH], filters)
    if answer.value is None:
        if office_asked_for(question.text) is None:
            return []
        newer = [item for item in further if _may_name(item, newest, question, answer)]
        newer.sort(key=lambda item: answer.text not in item.chunk.text)
        return newer[:MOST_READ]
    read = retrieval.passages
    unread = (
        _introduced(question, item, read)
        for item in further
        if _may_revise(item, newest, question, read)
        and any(comparable(answer.value, figure) for figure in _figures(item))
    )
    closer = _to_read_closer(question, choice, answer.value, read)
    newer = [item for item in closer if _may_revise(item, newest, question, read)]
    of_articles: dict[str, Passage] = {}
    for item in (*newer, *unread):
        of_articles.setdefault(item.article.id, item)
    return list(of_articles.values())[:MOST_READ]


def _newest_day(series: Sequence[Claim]) -> dt.date | None:
    """The day of publication of the newest claim."""
    days = (claim.passage.article.published_at for claim in series)
    return max((day for day in days if day is not None), default=None)


def _is_newer(passage: Passage, newest: dt.date) -> bool:
    day = passage.article.published_at
    return day is not None and day > newest


def _may_name(passage: Passage, newest: dt.date, question: Question, answer: Claim) -> bool:
    """Whether a passage is newer and may tell who holds the office that is asked for."""
    if not _is_newer(passage, newest):
        return False
    if answer.text in passage.chunk.text:
        return True  # "she succeeded Gordon Pellow" tells who holds the office
    lacking = question.lacking_names(text_words(passage.chunk.indexed_text))
    if question.names and len(lacking) == len(question.names):
        return False
    office = office_asked_for(question.text)
    return office is not None and office.search(passage.chunk.text) is not None


def _may_revise(
    passage: Passage, newest: dt.date, question: Question, read: Sequence[Passage]
) -> bool:
    """Whether a passage is newer, and of an article that has all of the question's names."""
    return _is_newer(passage, newest) and not (
        question.lacking_names(_words(passage, read)) - COMMON
    )


def _figures(passage: Passage) -> Iterator[Value]:
    """The values of a passage's first figures."""
    text, day = passage.chunk.text, passage.article.published_at
    for match in islice(_FIGURE.finditer(text), _MOST_FIGURES):
        start, end = complete_quantity(text, match.start(), match.start() + 1)
        value = parse_value(text[start:end], text, start, day)
        if value is not None:
            yield value


def _words(passage: Passage, read: Sequence[Passage]) -> frozenset[str]:
    """The words of a passage and of what else was read of its article."""
    of_article = [item for item in read if item.article.id == passage.article.id]
    texts = (item.chunk.indexed_text for item in (passage, *of_article))
    return frozenset[str]().union(*map(text_words, texts))


def _to_read_closer(
    question: Question, choice: Choice, value: Value, read: Sequence[Passage]
) -> list[Passage]:
    """What was read, with a figure that can be compared with a value; the best read one first.

    Of a cascade what both stages have read is left out, unless it needs an introduction.
    """
    of_figures = (
        span
        for item in choice.ranked
        if item.candidate.value is not None and comparable(value, item.candidate.value)
        for span in item.candidate.spans
    )
    found: dict[int, Passage] = {}
    for span in sorted(of_figures, key=lambda span: -span.margin):
        passage = _introduced(question, read[span.passage], read)
        read_once = span.cascade is not None and not span.cascade.read_twice
        if read_once or passage is not read[span.passage]:
            found.setdefault(span.passage, passage)
    return list(found.values())


def _introduced(question: Question, passage: Passage, read: Sequence[Passage]) -> Passage:
    """A passage with what names the asked thing as its context, rather than the article's title.

    An article's title is of its main story, and its other figures read as if they were of that.
    Where the title has none of the question's names and the passage lacks some, the context is the
    sentence of the article with most of them, of what was read; none where the passage has as many.
    """
    names = question.names - COMMON
    chunk = passage.chunk
    if not names or not names.isdisjoint(text_words(chunk.context)):
        return passage
    own = len(question.lacking_names(text_words(chunk.text)))
    naming = [
        (len(question.lacking_names(text_words(sentence))), bounds.start, sentence)
        for item in read
        if own and item.article.id == passage.article.id
        for bounds in item.chunk.sentences
        for sentence in [item.chunk.words(bounds)]
    ]
    lacking, _, sentence = min(naming, default=(own, 0, ""))
    return replace(passage, chunk=replace(chunk, context=sentence if lacking < own else ""))
