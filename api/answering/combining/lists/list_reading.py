"""Reading for lists: which passages, in groups, and the best of them again for a single item."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.questions.question import Question
from api.answering.ranking.ranker import read_spans
from api.answering.reading.reader import best_first, move_spans
from api.answering.time.frames import without_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reading.reader import Reader, ScoredSpan
    from api.answering.time.frames import QuestionTime
    from index.records import Passage

_OF_ONE_ARTICLE: Final = 3  # passages, before those of other articles


def spread(passages: Sequence[Passage], most: int) -> list[Passage]:
    """Choose the best passages, those of one article up to a few before all others.

    Args:
        passages: Best first.
        most: The most to choose.
    """
    of_article: Counter[str] = Counter()
    first: list[Passage] = []
    more: list[Passage] = []
    for passage in passages:
        of_article[passage.article.id] += 1
        few = of_article[passage.article.id] <= _OF_ONE_ARTICLE
        (first if few else more).append(passage)
    return [*first, *more][:most]


def read_in_groups(
    reader: Reader, question: Question, passages: Sequence[Passage], size: int
) -> list[ScoredSpan]:
    """Read passages in groups as large as those of an ordinary question, the best in each.

    A cascade reads a few of every group with its large network. Spans of different groups compare
    by how far they lie above "not here", so that is their score.

    Args:
        reader: Reads them.
        question: The question.
        passages: Best first.
        size: The most in a group.
    """
    count = -(-len(passages) // size)
    spans: list[ScoredSpan] = []
    for first in range(count):
        numbers = range(first, len(passages), count)
        read = read_spans(reader, question, [passages[number] for number in numbers])
        spans += [
            replace(scored, passage=numbers[scored.passage], score=scored.margin, null_score=0.0)
            for scored in read
        ]
    return best_first(spans)


def question_of_one(text: str, time: QuestionTime) -> Question:
    """The question for a single item of a list, without its time: that is looked at afterwards.

    Articles do not spell it: the one of October says what has closed, not that it is October.
    """
    frame = time.frame
    undated = None if frame is None else without_time(text, frame)
    return Question.parse(text if undated is None else undated)


def most_promising(
    spans: Sequence[ScoredSpan], passages: Sequence[Passage], most: int
) -> list[int]:
    """The numbers of the passages in which the reader sees the best answers, best first."""
    margins: dict[int, float] = {}
    for scored in spans:
        margin = scored.margin
        margins[scored.passage] = max(margin, margins.get(scored.passage, margin))
    numbers = sorted(range(len(passages)), key=lambda number: -margins.get(number, -99.0))
    return numbers[:most]


def read_again(
    first: Sequence[ScoredSpan], again: Sequence[ScoredSpan], numbers: Sequence[int]
) -> list[ScoredSpan]:
    """Join what was read for the list with what was read for one item of it.

    Args:
        first: Spans that were read for the whole list.
        again: Spans that were read for a single item, in some of the same passages.
        numbers: The numbers of those passages.
    """
    nulls = {scored.passage: scored.null_score for scored in first}
    moved = []
    for scored in again:
        passage = numbers[scored.passage]
        null = nulls.get(passage, scored.null_score)
        # Scores of two questions compare by how far they lie above "not here".
        score = null + scored.margin
        moved.append(replace(scored, passage=passage, score=score, null_score=null))
    return move_spans([*first, *moved], lambda scored: [scored.span])
