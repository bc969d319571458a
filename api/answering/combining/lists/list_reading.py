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
    groups = [range(first, len(passages), count) for first in range(count)]
    read = (_read_some(reader, question, passages, numbers) for numbers in groups)
    return best_first(scored for group in read for scored in group)


def read_again(
    reader: Reader,
    of_one: Question,
    passages: Sequence[Passage],
    first: Sequence[ScoredSpan],
    most: int,
) -> list[ScoredSpan]:
    """Read the most promising passages for one item, too, and join it with what was read before.

    Args:
        reader: Reads them.
        of_one: The question for a single item.
        passages: All passages.
        first: Spans that `read_in_groups` read for the whole list.
        most: The most passages to read.
    """
    numbers = most_promising(first, passages, most)
    again = _read_some(reader, of_one, passages, numbers)
    return move_spans([*first, *again], lambda scored: [scored.span])


def _read_some(
    reader: Reader, question: Question, passages: Sequence[Passage], numbers: Sequence[int]
) -> list[ScoredSpan]:
    """Read some passages; a span's score is its margin, and lower where a cascade's is."""
    read = [
        replace(scored, passage=numbers[scored.passage], score=scored.margin, null_score=0.0)
        for scored in read_spans(reader, question, [passages[number] for number in numbers])
    ]
    once = [scored.score for scored in read if _read_once(scored)]
    top: dict[int, float] = {}
    for scored in read:
        if not _read_once(scored):
            top[scored.passage] = max(scored.score, top.get(scored.passage, scored.score))
    if not once or not top:
        return read
    # What only the first stage has read is no better than any passage that both have read.
    drop = max(0.0, max(once) - min(top.values()))
    return [
        replace(scored, score=scored.score - drop, null_score=-drop)
        if _read_once(scored)
        else scored
        for scored in read
    ]


def _read_once(scored: ScoredSpan) -> bool:
    """Whether a cascade's first stage alone has read a span."""
    return scored.cascade is not None and not scored.cascade.read_twice


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
