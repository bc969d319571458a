"""Reading other articles of a story under the question's names, which each gives once and far off.

A reader takes "It now employs 338 people" for no answer to what a firm employs. With the name of
the firm before the article's title it does.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from api.answering.combining.claims.comparable_figures import (
    comparable,
    counts_alike,
    is_figure,
    near_in_size,
)
from api.answering.combining.claims.kinds import plans_a_day
from api.answering.combining.claims.measure_words import measure_words
from api.answering.combining.claims.naming import names_thing
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
    from index.records import Passage

MOST_ADDED: Final = 6
"""Passages that are read beside those of the question, at most, with those of newer articles."""
_OF_ARTICLE: Final = 2  # passages of one article
_PART_ASKED: Final = re.compile(r"\bhow\s(?:much|many)\sof\b", re.IGNORECASE)


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


def passages_of_story(
    question: Question,
    unnamed: Question,
    choice: Choice,
    ranked: RankedPassages,
    most: int,
) -> list[Passage]:
    """Passages of other articles about the thing, those after the answer first, the newest first.

    Such an article names the thing, or gives a figure that is known of it: "the scheme, first put
    at £46 million". Of each the two passages with most words for what is asked around a figure
    near the answer's.

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
    told = {claim.passage.article.id for claim in choice.series if not _recalls(claim, choice)}
    articles: dict[str, _Article] = {}
    for passage in (*ranked.read, *ranked.further):
        day, likeness = passage.article.published_at, _likeness(passage, lead, telling)
        if likeness is None or day is None or passage.article.id in told:
            continue
        articles.setdefault(passage.article.id, _Article(day, [])).alike.append((likeness, passage))
    found = list(articles.items())[:MOST_ARTICLES]
    found.sort(key=lambda item: (item[1].day < answered, -item[1].day.toordinal()))
    of_story = (
        passage
        for article_id, article in found
        if names_thing(question, ranked.chunks_of(article_id)) or _repeats(choice.series, article)
        for passage in article.most_alike
    )
    return list(islice(of_story, most))


class _Article(NamedTuple):
    """An article's day, and its passages by how many words around a figure are telling."""

    day: dt.date
    alike: list[tuple[int, Passage]]

    @property
    def most_alike(self) -> list[Passage]:
        """The passages with most of them, the better ranked first."""
        best = sorted(self.alike, key=lambda item: -item[0])
        return [passage for _, passage in best[:_OF_ARTICLE]]


def _recalls(claim: Claim, choice: Choice) -> bool:
    """Whether a claim gives a figure that an earlier article of the series gave."""
    day = claim.passage.article.published_at
    return day is not None and any(
        other.value == claim.value
        and other.passage.article.published_at is not None
        and other.passage.article.published_at < day
        for other in choice.series
    )


def _repeats(series: Sequence[Claim], article: _Article) -> bool:
    """Whether an article's passages give a figure of a series."""
    values = {claim.value for claim in series if claim.value is not None}
    return any(
        value in values
        for _, passage in article.alike
        for _, _, value in figures_in(passage.chunk.text, article.day, MOST_FIGURES)
    )


def headed_by_names(question: Question, passage: Passage) -> Passage:
    """A passage with the question's names before its title: an article gives a name only once."""
    names = ", ".join(mention.spelled(question.text) for mention in mentions(question.text))
    chunk = passage.chunk
    if not names or not question.lacking_names(text_words(chunk.context)) - COMMON:
        return passage
    context = f"{names}: {chunk.context}" if chunk.context else names
    return replace(passage, chunk=replace(chunk, context=context))


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
    return (counts_alike(value, other) or comparable(value, other)) and near_in_size(
        value, other, NEAR
    )
