"""The items of a list with their confidence: weighed, fitted, and with those told beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.answering.combining.lists.fitting_items import fit_items
from api.answering.combining.lists.list_confidence import with_company
from api.answering.combining.lists.told_in_sentences import told_in_sentences
from api.answering.questions.answer_kind import NAMED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.answers import FrameUse
    from api.answering.combining.lists.list_questions import AskedList
    from api.answering.questions.question import Question
    from api.answering.ranking.ranker import RankedCandidate, Ranker
    from api.answering.reading.reader import ScoredSpan
    from api.answering.time.frames import QuestionTime
    from index.records import Chunk, Passage


@dataclass(frozen=True, slots=True)
class WeighedItems:
    """What a list can hold, best first.

    Attributes:
        items: The items.
        ranked: All candidates, items or not.
        use: What the question's time frame did; None without one.
    """

    items: list[RankedCandidate]
    ranked: list[RankedCandidate]
    use: FrameUse | None


def weigh_items(
    ranker: Ranker,
    question: Question,
    asked: AskedList,
    time: QuestionTime,
    spans: Sequence[ScoredSpan],
    told: Sequence[ScoredSpan],
    passages: Sequence[Passage],
    chunks_of: Callable[[str], Sequence[Chunk]],
    threshold: float,
) -> WeighedItems:
    """Weigh what was read for a list, and keep what can be an item.

    Where items of the asked time are sure enough without its year, that does not count against
    them: what happened in 2024 need not stand beside the number.

    Args:
        ranker: Weighs them.
        question: The question.
        asked: What it lists.
        time: The time that it asks about.
        spans: The spans that may be items.
        told: Those that a list or table calls by the asked name.
        passages: Where they were read.
        chunks_of: Loads the chunks of an article.
        threshold: The least confidence of an item.
    """
    everything = [*told, *spans]
    ranked = ranker.weigh(question, everything, passages, several=True)
    items, use = fit_items(question, asked, time, ranked, passages, threshold)
    if question.years:
        undated = replace(question, years=frozenset())
        weighed = ranker.weigh(undated, everything, passages, several=True)
        of_time, met = fit_items(question, asked, time, weighed, passages, threshold)
        if met == "filter":
            items, use = of_time, met
    listed = {(scored.passage, scored.span) for scored in told}
    bar = ranker.calibration.threshold
    items = with_company(
        items,
        passages,
        listed | told_in_sentences(question, asked, items, passages, chunks_of, bar),
        bar,
        named=question.kind in NAMED,
    )
    return WeighedItems(items, ranked, use)
