"""Answers to comparisons, and refusals of what is not worked out."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from api.answering.answers import ComparedSide, Comparison, milliseconds_since
from api.answering.combining.abstaining import lacking_reason, refuse
from api.answering.combining.citing import Citing
from api.answering.combining.claims.claim import claims_of
from api.answering.combining.comparisons.change_points import (
    ends_of_change,
    told_change,
    told_change_between,
)
from api.answering.combining.comparisons.comparing import (
    TOLD_ALIKE,
    compared,
    matched,
    sure_answers,
)
from api.answering.combining.comparisons.difference_forms import tells_difference
from api.answering.combining.comparisons.side_reading import SideAnswer, SideReader
from api.answering.combining.comparisons.side_times import (
    differing_times,
    lead_claim,
    of_one_time,
)
from api.answering.combining.comparisons.told_beside import told_beside
from api.answering.combining.series.agreement import combine
from api.answering.combining.series.series_reading import SeriesReading
from api.answering.combining.several_answers import Bounds, SeveralAnswers
from api.answering.questions.question import Question
from api.answering.ranking.ranker import read_spans
from api.answering.time.frames import read_question_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.comparisons.comparison_questions import AskedComparison, AskedSide
    from api.answering.combining.comparisons.side_reading import ReadSides
    from api.answering.combining.unanswered_forms import Unanswered
    from api.answering.names.looking_up import NamedQuestion, NameLookup
    from api.answering.ranking.ranker import Ranker
    from index.records import Passage
    from index.retriever import Retriever


class ComparisonAnswering:
    """Answers comparisons, each from at most thrice a fact's passages, and refuses sums and such.

    Args:
        retriever: Finds passages.
        ranker: Ranks the candidates in them.
        names: Looks the names of questions up.
    """

    def __init__(self, retriever: Retriever, ranker: Ranker, names: NameLookup) -> None:
        self._retriever = retriever
        self._ranker = ranker
        self._names = names
        self._series = SeriesReading(retriever, ranker)
        self._sides = SideReader(retriever, ranker, names)

    def compare(
        self,
        named: NamedQuestion,
        asked: AskedComparison,
        bounds: Bounds,
        passages: Sequence[Passage],
    ) -> SeveralAnswers | None:
        """Answer with the value of each side, or abstain where one is missing.

        Args:
            named: The question.
            asked: What it compares.
            bounds: What it is answered within.
            passages: Those of the question itself.

        Returns:
            None for a change of what has no such values, and for a difference that a passage
            tells: it is asked as a fact then.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
        """
        if len(asked.sides) == 1:
            return self._change_over_time(asked.sides[0], bounds)
        started = time.perf_counter()
        if asked.for_difference and self._is_told(named, asked, bounds, passages):
            return None
        told_ms = milliseconds_since(started)
        changed = asked.aim == "change"
        within = replace(bounds, top_k=max(1, bounds.top_k // 2)) if changed else bounds
        read = self._read(asked.sides, within, owned=not changed)
        read = replace(read, read_ms=read.read_ms + told_ms)
        sure = sure_answers(read.answers, bounds.threshold)
        if not changed:
            sure = told_beside(asked.sides, sure, read.passages, bounds.threshold)
        best = matched(sure)
        citing = Citing(self._retriever.generation.articles, read.passages)
        if best is None:
            if changed:
                return (
                    None
                    if asked.whole is None
                    else self._change_over_time(asked.whole, within, asked.sides)
                )
            reason = _missing(asked.sides, sure)
            sides = tuple(ComparedSide(side.subject, None) for side in asked.sides)
            return self._refused(read, reason, citing, Comparison(sides, None, reason))
        of_any_time = not changed and not _are_times(asked.sides, bounds)
        if of_any_time:
            best = of_one_time(best, read.answers, read.passages)
        numbers, comparison = compared(best, asked.aim, for_difference=asked.for_difference)
        if of_any_time:
            comparison = _with_times(comparison, best, read.passages)
        answers = tuple(
            citing.answer(best[number].question, best[number].ranked, None) for number in numbers
        )
        costs = read.encode_ms, read.search_ms, read.read_ms
        return SeveralAnswers(answers, None, *costs, comparison=comparison)

    def refuse(
        self, named: NamedQuestion, form: Unanswered, bounds: Bounds, passages: Sequence[Passage]
    ) -> SeveralAnswers:
        """Abstain from a sum, an average or a yes or no, and show what was found.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
        """
        if form.sides:
            read = self._read(form.sides, bounds, owned=True)
            citing = Citing(self._retriever.generation.articles, read.passages)
            reason = (
                f"{form.refusal} {_found(sure_answers(read.answers, bounds.threshold))}".strip()
            )
            return self._refused(read, reason, citing, None)
        started = time.perf_counter()
        spans = read_spans(self._ranker.reader, named.question, passages)
        read_ms = milliseconds_since(started)
        ranked = self._ranker.weigh(named.question, spans, passages)
        best = [item.candidate.best for item in ranked[:1]]
        citing = Citing(self._retriever.generation.articles, passages)
        lacking = lacking_reason(named.question, passages)
        shown = refuse(form.refusal if lacking is None else lacking, best, passages, citing)
        return SeveralAnswers((), shown, 0.0, 0.0, read_ms)

    def _is_told(
        self,
        named: NamedQuestion,
        asked: AskedComparison,
        bounds: Bounds,
        passages: Sequence[Passage],
    ) -> bool:
        """Whether the question's best answer says itself how far the sides are apart."""
        best = next(iter(self._ranker.rank(named.question, passages)), None)
        if best is None or best.confidence < bounds.threshold:
            return False
        subjects = [side.subject for side in asked.sides]
        return any(
            tells_difference(claim.sentence, *claim.in_sentence, subjects)
            for claim in claims_of(0, best, passages)
        )

    def _read(self, sides: Sequence[AskedSide], bounds: Bounds, *, owned: bool) -> ReadSides:
        return self._sides.read(
            sides,
            bounds.day,
            bounds.top_k,
            bounds.filters,
            bounds.threshold,
            owned=owned,
            lost=bounds.lost,
        )

    def _refused(
        self, read: ReadSides, reason: str, citing: Citing, comparison: Comparison | None
    ) -> SeveralAnswers:
        best = [side[0].ranked.candidate.best for side in read.answers if side]
        return SeveralAnswers(
            (),
            refuse(reason, best, read.passages, citing),
            read.encode_ms,
            read.search_ms,
            read.read_ms,
            comparison=comparison,
        )

    def _change_over_time(
        self, side: AskedSide, bounds: Bounds, times: Sequence[AskedSide] = ()
    ) -> SeveralAnswers | None:
        """Compare the oldest and the newest of differing statements of one thing.

        Args:
            side: What is asked.
            bounds: What it is answered within.
            times: The question at each of two times: only a change between those counts then, as
                one article tells it.
        """
        named = self._names.look_up(Question.parse(side.question))
        question = named.question
        found = self._retriever.retrieve(
            question.text, bounds.top_k, bounds.filters, named.also, lost=bounds.lost
        )
        asked_time = read_question_time(question.text, bounds.day)
        reading = self._series.read(question, asked_time, bounds.filters, found, bounds.threshold)
        choice = reading.choice
        if not choice.series:
            return None
        frames = [read_question_time(time.question, bounds.day).frame for time in times]
        periods = [frame.period for frame in frames if frame is not None]
        if len(periods) < len(times):
            return None
        told = (
            told_change_between(question, choice, *periods)
            if times
            else told_change(question, choice)
        )
        least = bounds.threshold if told is None else TOLD_ALIKE * bounds.threshold
        if choice.ranked[0].confidence < least:
            return None
        citing = Citing(self._retriever.generation.articles, reading.passages)
        ends = told
        if not times:
            combined = combine(choice.series, citing.story_of, reading.passages, question)
            ends = ends_of_change(question, combined, choice, told)
        if ends is None:
            return None
        _, comparison = compared(ends, "change")
        return SeveralAnswers(
            tuple(citing.answer(question, end.ranked, None) for end in ends),
            None,
            found.encode_ms,
            found.search_ms + reading.load_ms,
            reading.read_ms,
            comparison=comparison,
        )


def _are_times(sides: Sequence[AskedSide], bounds: Bounds) -> bool:
    """Whether the sides ask for different times, or one of them for a time and another for none."""
    return len({read_question_time(side.question, bounds.day).frame for side in sides}) > 1


def _with_times(
    comparison: Comparison, best: Sequence[SideAnswer], passages: Sequence[Passage]
) -> Comparison:
    """The comparison, which says where its values are of different times."""
    times = differing_times([lead_claim(answer, passages) for answer in best])
    if times is None:
        return comparison
    return replace(comparison, statement=f"{comparison.statement} {times}")


def _missing(sides: Sequence[AskedSide], sure: Sequence[Sequence[SideAnswer]]) -> str:
    lacking = [
        f"'{side.subject}'" for side, answers in zip(sides, sure, strict=True) if not answers
    ]
    if not lacking:
        return f"Nothing is compared: one value was found for all sides. {_found(sure)}"
    names = " and ".join(lacking)
    return f"Nothing is compared: no value was found for {names}. {_found(sure)}".strip()


def _found(sure: Sequence[Sequence[SideAnswer]]) -> str:
    best = [f"'{side[0].subject}': {side[0].text}" for side in sure if side]
    return f"Found for {'; '.join(best)}." if best else ""
