"""Passages of later articles that may hold the next value of a series, to be read more closely."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.comparable_figures import comparable, is_figure
from api.answering.combining.claims.naming import words_in
from api.answering.combining.series.ranked_passages import (
    MOST_ARTICLES,
    MOST_FIGURES,
    SURE_ENOUGH,
)
from api.answering.questions.common_words import COMMON
from api.answering.time.offices import office_asked_for
from api.answering.values.figures import figures_in
from api.answering.words import text_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.combining.series.choosing import Choice
    from api.answering.combining.series.ranked_passages import RankedPassages
    from api.answering.questions.question import Question
    from api.answering.time.frames import QuestionTime
    from api.answering.values.value import Value
    from index.records import Chunk, Passage

MOST_NEWER: Final = 3
"""Passages that are read beside those of the question, at most: of a figure one of each article.

Few questions have a series that a later article may continue, so that all questions together
cost less than a tenth more. Nothing is encoded or searched for again.
"""


def newer_passages(
    question: Question,
    asked_time: QuestionTime,
    choice: Choice,
    found: RankedPassages,
) -> list[Passage]:
    """Find the passages that may hold a newer value than the answer, best first.

    Only where the question leaves its time open and is answered by a figure, which may change from
    article to article, or by the holder of an office. A passage that lacks a name of the question
    has the sentence of its article that introduces it as its context.

    Args:
        question: The question.
        asked_time: What it says of time.
        choice: What answers so far.
        found: The passages of the question.

    Returns:
        At most `MOST_NEWER` passages: of those that were retrieved such as only the first stage of
        a cascade read, or without that context; and others.
    """
    series = choice.series
    newest = _newest_day(series)
    if asked_time.bound or newest is None or choice.ranked[0].confidence < SURE_ENOUGH:
        return []
    answer = series[0]
    if answer.value is None:
        if office_asked_for(question.text) is None:
            return []
        newer = [item for item in found.further if _may_name(item, newest, question, answer)]
        newer.sort(key=lambda item: answer.text not in item.chunk.text)
        return newer[:MOST_NEWER]
    if not is_figure(answer.value):
        return []
    of_articles = _of_articles(answer.value, choice, found, newest)
    read_twice = _read_twice(found.read, choice)
    closer = (
        _read_closer(question, passages, found.chunks_of(article), read_twice)
        for article, passages in of_articles
    )
    return list(islice((item for item in closer if item is not None), MOST_NEWER))


def _read_closer(
    question: Question,
    passages: Sequence[Passage],
    chunks: Sequence[Chunk],
    read_twice: Sequence[Passage],
) -> Passage | None:
    """The first passage of an article that a second reading may tell more of.

    None where the article has not all of the question's names.
    """
    words = words_in(chunks)
    if question.lacking_names(words) - COMMON:
        return None
    for passage in passages:
        introduced = _introduced(question, passage, chunks)
        if introduced is not passage or passage not in read_twice:
            return introduced
    return None


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


def _has_comparable(passage: Passage, value: Value) -> bool:
    """Whether one of a passage's first figures can be compared with a value."""
    figures = figures_in(passage.chunk.text, passage.article.published_at, MOST_FIGURES)
    return any(own is not None and comparable(value, own) for _, _, own in figures)


def _of_articles(
    value: Value,
    choice: Choice,
    found: RankedPassages,
    newest: dt.date,
) -> list[tuple[str, list[Passage]]]:
    """The newer passages with a figure that can be compared with a value, by article.

    First those of what was read, by how well a figure in them read; of so many articles as are
    looked through.
    """
    spans = (
        span
        for item in choice.ranked
        if item.candidate.value is not None and comparable(value, item.candidate.value)
        for span in item.candidate.spans
    )
    best = sorted(spans, key=lambda span: -span.margin)
    told = [found.read[place] for place in dict.fromkeys(span.passage for span in best)]
    articles: dict[str, list[Passage]] = {}
    for item in (item for item in told if _is_newer(item, newest)):
        articles.setdefault(item.article.id, []).append(item)
    for item in (item for item in found.further if _is_newer(item, newest)):
        if _has_comparable(item, value):
            articles.setdefault(item.article.id, []).append(item)
    return list(articles.items())[:MOST_ARTICLES]


def _read_twice(passages: Sequence[Passage], choice: Choice) -> list[Passage]:
    """What no second reading can tell more of: all that a reader with one stage has read."""
    return [
        passages[span.passage]
        for item in choice.ranked
        for span in item.candidate.spans
        if span.cascade is None or span.cascade.read_twice
    ]


def _introduced(question: Question, passage: Passage, chunks: Sequence[Chunk]) -> Passage:
    """A passage with what names the asked thing as its context, rather than the article's title.

    An article's title is of its main story, and its other figures read as if they were of that.
    Where the title has none of the question's names and the passage lacks some, the context is the
    first sentence of the article with most of them; none where the passage has as many.
    """
    names = question.names - COMMON
    chunk = passage.chunk
    if not names or not names.isdisjoint(text_words(chunk.context)):
        return passage
    own = len(question.lacking_names(text_words(chunk.text)))
    naming = [
        (len(question.lacking_names(text_words(sentence))), bounds.start, sentence)
        for each in chunks
        if own
        for bounds in each.sentences
        for sentence in [each.words(bounds)]
    ]
    lacking, _, sentence = min(naming, default=(own, 0, ""))
    return replace(passage, chunk=replace(chunk, context=sentence if lacking < own else ""))
