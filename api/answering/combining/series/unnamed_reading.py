"""Reading a question without its names, which later articles of a story give once and far off."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.comparable_figures import (
    comparable,
    is_figure,
    near_in_size,
)
from api.answering.combining.claims.kinds import plans_a_day
from api.answering.combining.claims.measure_words import measure_words
from api.answering.combining.claims.naming import words_in
from api.answering.combining.claims.retellings import NEAR
from api.answering.combining.series.ranked_passages import (
    MOST_ARTICLES,
    MOST_FIGURES,
    SURE_ENOUGH,
)
from api.answering.questions.common_words import COMMON
from api.answering.questions.mentions import mentions
from api.answering.questions.without_names import without_names
from api.answering.time.expressions import find_expressions
from api.answering.values.figures import figures_in
from api.answering.word_stems import stems

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

MOST_ADDED: Final = 4
"""Passages that are read beside those of the question, at most, with those of newer articles."""
_PART_ASKED: Final = re.compile(r"\bhow\s(?:much|many)\sof\b", re.IGNORECASE)
_MOST_LACKING: Final = 0.4  # share of the words of the question's names


def unnamed_question(
    question: Question, asked_time: QuestionTime, choice: Choice
) -> Question | None:
    """The question without its names, where other articles may tell another value of its answer.

    Only where the question leaves its time open and is answered by a figure.

    Returns:
        None where that is not so, or where the question names nothing.
    """
    series = choice.series
    if asked_time.bound or not series or choice.ranked[0].confidence < SURE_ENOUGH:
        return None
    if _PART_ASKED.search(question.text):
        return None  # other articles tell the whole
    value = series[0].value
    changes = (value is not None and is_figure(value)) or plans_a_day(series[0], question)
    return without_names(question) if changes else None


def unnamed_passages(
    question: Question,
    unnamed: Question,
    choice: Choice,
    ranked: RankedPassages,
    most: int,
) -> list[Passage]:
    """One passage each of the other articles that name the thing, those after the answer first.

    Of each article the passage with most words for what is asked around a figure near the answer's.

    Args:
        question: The question.
        unnamed: The same without its names.
        choice: What answers so far.
        ranked: The passages of the question.
        most: How many.
    """
    lead = choice.series[0]
    answered = lead.passage.article.published_at
    if answered is None or most < 1:
        return []
    telling = measure_words(unnamed) | (stems(lead.sentence) - stems(" ".join(question.names)))
    told = {claim.passage.article.id for claim in choice.series}
    best: dict[str, tuple[int, dt.date, Passage]] = {}
    for passage in (*ranked.read, *ranked.further):
        article, likeness = passage.article, _likeness(passage, lead, telling)
        if likeness is None or article.id in told or article.published_at is None:
            continue
        if article.id not in best or likeness > best[article.id][0]:
            best[article.id] = likeness, article.published_at, passage
    found = [(day, passage) for _, day, passage in list(best.values())[:MOST_ARTICLES]]
    found.sort(key=lambda item: (item[0] < answered, -item[0].toordinal()))
    named = (
        passage
        for _, passage in found
        if _names_thing(question, ranked.chunks_of(passage.article.id))
    )
    return list(islice(named, most))


def without_heading(passage: Passage) -> Passage:
    """A passage without its article's title, which is of another aspect as often as not."""
    return replace(passage, chunk=replace(passage.chunk, context=""))


def _likeness(passage: Passage, lead: Claim, telling: frozenset[str]) -> int | None:
    """The most of some stems around a figure that may be the lead's; None without such a figure."""
    chunk = passage.chunk
    day = passage.article.published_at
    if lead.value is None or day is None:
        return None
    if lead.value.kind == "date":
        days = find_expressions(chunk.text, day)
        starts = [item.start for item in days if item.later.start > day]
    else:
        figures = figures_in(chunk.text, day, MOST_FIGURES)
        starts = [
            start
            for start, _, value in figures
            if value is not None and _may_restate(lead.value, value)
        ]
    told = (_told_at(passage, chunk.start + start) for start in starts)
    return max((len(words & telling) for words in told), default=None)


def _told_at(passage: Passage, place: int) -> frozenset[str]:
    """The stems of the sentence at a place in an article, and of the one before it."""
    chunk = passage.chunk
    up_to = [bounds for bounds in chunk.sentences if bounds.start <= place]
    return stems(" ".join(chunk.words(bounds) for bounds in up_to[-2:]))


def _may_restate(value: Value, other: Value) -> bool:
    """Whether a figure may be another at another time; a bare number may count what that counts."""
    bare = {value.kind, other.kind} == {"count", "number"}
    return (bare or comparable(value, other)) and near_in_size(value, other, NEAR)


def _names_thing(question: Question, chunks: Sequence[Chunk]) -> bool:
    """Whether an article has the question's names, or most words of them and some of each."""
    words = words_in(chunks)
    lacking = question.lacking_names(words) - COMMON
    names = [frozenset(word.folded for word in name.words) for name in mentions(question.text)]
    some_of_each = all(name - lacking for name in names)
    return some_of_each and len(lacking) <= _MOST_LACKING * len(question.names - COMMON)
