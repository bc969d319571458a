"""Reading: what was retrieved, and what may go on with the series that the answer is of."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.answering.answers import milliseconds_since
from api.answering.combining.claims.holders import is_stopgap
from api.answering.combining.claims.retellings import retellings
from api.answering.combining.series.choosing import choose, with_retellings
from api.answering.combining.series.named_reading import (
    MOST_ADDED,
    headed_by_names,
    passages_of_story,
    unnamed_question,
)
from api.answering.combining.series.newer_passages import newer_passages
from api.answering.combining.series.ranked_passages import RankedPassages
from api.answering.combining.series.read_passages import place_of, with_later_reading
from api.answering.combining.series.undated_reading import (
    answers_of_time,
    passages_of_time,
    undated_question,
)
from api.answering.combining.spans.levels import asks_for_move, moved_to
from api.answering.combining.spans.named_together import (
    asks_for_founders,
    asks_for_two,
    pairs_together,
    people_together,
)
from api.answering.combining.spans.predecessors import moved_to_predecessors
from api.answering.combining.spans.single_figures import single_figures
from api.answering.combining.spans.whole_reasons import whole_reasons
from api.answering.questions.holder_wordings import other_wordings
from api.answering.questions.question import Question
from api.answering.ranking.ranker import read_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.series.choosing import Choice
    from api.answering.ranking.ranker import Ranker
    from api.answering.reading.reader import ScoredSpan
    from api.answering.time.frames import QuestionTime
    from index.records import Filters, Passage
    from index.retriever import Retrieval, Retriever


@dataclass(frozen=True, slots=True)
class Reading:
    """The passages that were read, what was chosen in them, and the cost in milliseconds.

    Attributes:
        passages: Those that were retrieved, and perhaps newer ones after them.
        load_ms: For looking for newer passages.
        read_ms: For reading.
    """

    passages: Sequence[Passage]
    choice: Choice
    load_ms: float
    read_ms: float


class SeriesReading:
    """Reads passages and chooses; reads newer ones and chooses again where a series may go on.

    Args:
        retriever: Loads passages.
        ranker: Reads and ranks.
    """

    def __init__(self, retriever: Retriever, ranker: Ranker) -> None:
        self._retriever = retriever
        self._ranker = ranker

    def read(
        self,
        question: Question,
        asked_time: QuestionTime,
        filters: Filters,
        retrieval: Retrieval,
        threshold: float,
    ) -> Reading:
        """Read and choose.

        Args:
            question: The question.
            asked_time: What it says of time.
            filters: What articles must pass.
            retrieval: What was retrieved for it.
            threshold: The least confidence of an answer.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
        """
        passages = retrieval.passages
        ranked = RankedPassages(retrieval, self._retriever, filters)
        spans, read_ms = self._spans(question, passages)
        choice = self._choose(question, asked_time, spans, passages, threshold)
        undated = undated_question(question, asked_time, choice, threshold)
        if undated is not None:
            first = Reading(passages, choice, 0.0, read_ms)
            return self._read_undated(undated, asked_time, ranked, threshold, first)
        otherwise = other_wordings(question.text)
        answered = choice.answers(threshold)
        if otherwise and (not answered or is_stopgap(choice.series[0])):
            wordings = [
                replace(Question.parse(text), aliases=question.aliases) for text in otherwise
            ]
            first = Reading(passages, choice, 0.0, read_ms)
            other = self._read_otherwise(wordings, asked_time, threshold, first)
            if not answered or other.choice is not choice:
                return other
            read_ms = other.read_ms
        started = time.perf_counter()
        newer = newer_passages(question, asked_time, choice, ranked)
        load_ms = milliseconds_since(started)
        first = Reading(passages, choice, load_ms, read_ms)
        if newer:
            first = self._read_newer(question, asked_time, threshold, newer, spans, first)
        unnamed = unnamed_question(question, asked_time, first.choice)
        if unnamed is None:
            return first
        most = MOST_ADDED - len(newer)
        return self._read_named(question, unnamed, asked_time, ranked, most, first)

    def _read_newer(
        self,
        question: Question,
        asked_time: QuestionTime,
        threshold: float,
        newer: Sequence[Passage],
        spans: Sequence[ScoredSpan],
        first: Reading,
    ) -> Reading:
        """Read newer passages, too, and choose again; figures of no series are left out again."""
        more, read_ms = self._spans(question, newer)
        closer = with_later_reading(first.passages, spans, newer, more)
        again = self._choose(question, asked_time, closer.spans, closer.passages, threshold)
        if first.choice.series[0].value is not None:
            # What was read more closely is no rival of a series that it does not belong to.
            places = {place_of(claim.passage) for claim in again.series}
            of_series = [place_of(item) in places for item in newer]
            if not all(of_series):
                closer = with_later_reading(first.passages, spans, newer, more, of_series)
                again = self._choose(question, asked_time, closer.spans, closer.passages, threshold)
        return Reading(closer.passages, again, first.load_ms, first.read_ms + read_ms)

    def _read_named(
        self,
        question: Question,
        unnamed: Question,
        asked_time: QuestionTime,
        ranked: RankedPassages,
        most: int,
        first: Reading,
    ) -> Reading:
        """Read other articles under the question's names; what they retell is added."""
        started = time.perf_counter()
        passages = passages_of_story(question, unnamed, first.choice, ranked, most)
        load_ms = first.load_ms + milliseconds_since(started)
        if not passages:
            return replace(first, load_ms=load_ms)
        spans, read_ms = self._spans(
            question, [headed_by_names(question, item) for item in passages]
        )
        every = with_later_reading(first.passages, [], passages, spans)
        lead = first.choice.series[0]
        told = retellings(lead, question, unnamed, every.passages, every.spans, ranked.chunks_of)
        choice = with_retellings(first.choice, told, question, asked_time)
        return Reading(every.passages, choice, load_ms, first.read_ms + read_ms)

    def _read_otherwise(
        self,
        wordings: Sequence[Question],
        asked_time: QuestionTime,
        threshold: float,
        first: Reading,
    ) -> Reading:
        """Read the same passages for other words.

        What was read first stays without an answer, and without a newer one if it has one.
        """
        passages, read_ms = first.passages, first.read_ms
        answered = first.choice.answers(threshold)
        for asked in wordings:
            spans, more_ms = self._spans(asked, passages)
            read_ms += more_ms
            choice = self._choose(asked, asked_time, spans, passages, threshold)
            if choice.answers(threshold) and (not answered or _is_newer(choice, first.choice)):
                return replace(first, choice=choice, read_ms=read_ms)
        return replace(first, read_ms=read_ms)

    def _read_undated(
        self,
        undated: Question,
        asked_time: QuestionTime,
        ranked: RankedPassages,
        threshold: float,
        first: Reading,
    ) -> Reading:
        """Read again without the time; what was read first stays where that tells nothing of it."""
        frame = asked_time.frame
        if frame is None:
            return first
        started = time.perf_counter()
        passages = passages_of_time(frame, ranked)
        load_ms = milliseconds_since(started)
        spans, read_ms = self._spans(undated, passages)
        read_ms += first.read_ms
        choice = self._choose(undated, asked_time, spans, passages, threshold)
        if not answers_of_time(undated, frame, choice, threshold):
            return replace(first, load_ms=load_ms, read_ms=read_ms)
        return Reading(passages, choice, load_ms, read_ms)

    def _spans(
        self, question: Question, passages: Sequence[Passage]
    ) -> tuple[list[ScoredSpan], float]:
        """Read passages: the spans, and the milliseconds that it took."""
        started = time.perf_counter()
        spans = read_spans(self._ranker.reader, question, passages)
        if asks_for_founders(question.text):
            spans = people_together(spans, passages)
        elif asks_for_two(question.text):
            spans = pairs_together(spans, passages)
        spans = moved_to_predecessors(question, spans, passages)
        spans = whole_reasons(question, single_figures(question, spans, passages), passages)
        if not asks_for_move(question.text):
            spans = moved_to(spans, passages)
        return spans, milliseconds_since(started)

    def _choose(
        self,
        question: Question,
        asked_time: QuestionTime,
        spans: Sequence[ScoredSpan],
        passages: Sequence[Passage],
        threshold: float,
    ) -> Choice:
        ranked = self._ranker.weigh(question, spans, passages)
        calibration = self._ranker.calibration
        return choose(question, asked_time, ranked, passages, spans, calibration, threshold)


def _is_newer(choice: Choice, other: Choice) -> bool:
    """Whether what a choice answers with holds as of a later day than what another does."""
    day, earlier = choice.series[0].as_of, other.series[0].as_of
    return day is not None and earlier is not None and day > earlier
