"""Questions that one span does not answer: lists, comparisons, and what is not worked out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.answering.answers import (
    Abstention,
    Answer,
    ComparedSide,
    Comparison,
    FramedTime,
    Listing,
    milliseconds_since,
)
from api.answering.combining.abstaining import abstain, lacking_reason, refuse
from api.answering.combining.citing import Citing
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
from api.answering.combining.comparisons.side_reading import SideAnswer, SideReader
from api.answering.combining.comparisons.told_beside import told_beside
from api.answering.combining.lists.item_spans import item_spans
from api.answering.combining.lists.list_completeness import MOST_ITEMS, list_completeness
from api.answering.combining.lists.list_reading import (
    question_of_one,
    read_again,
    read_in_groups,
    spread,
)
from api.answering.combining.lists.told_lists import told_items
from api.answering.combining.lists.weighed_items import weigh_items
from api.answering.combining.reading_budget import TIMES_READ
from api.answering.combining.series.agreement import combine
from api.answering.combining.series.series_reading import SeriesReading
from api.answering.questions.question import Question
from api.answering.ranking.ranker import read_spans
from api.answering.time.frames import read_question_time

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from api.answering.combining.comparisons.comparison_questions import AskedComparison, AskedSide
    from api.answering.combining.comparisons.side_reading import ReadSides
    from api.answering.combining.lists.list_questions import AskedList
    from api.answering.combining.unanswered_forms import Unanswered
    from api.answering.names.looking_up import NamedQuestion, NameLookup
    from api.answering.ranking.ranker import Ranker
    from index.records import Filters, Passage
    from index.retriever import Retrieval, Retriever

_LOOKED_AT: Final = 2  # times what a list reads: passages among which those to read are chosen


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a question is answered within.

    Attributes:
        top_k: Passages that an ordinary question reads.
        most: The most items of a list; None for the default.
        threshold: The least confidence of an answer.
        filters: What articles must pass.
        day: The day that the question is asked on.
        lost: Shards of the index that did not answer, and are not asked again.
    """

    top_k: int
    most: int | None
    threshold: float
    filters: Filters
    day: dt.date
    lost: frozenset[int]


@dataclass(frozen=True, slots=True)
class SeveralAnswers:
    """Answers, or why there are none, and what finding them cost in milliseconds."""

    answers: tuple[Answer, ...]
    abstention: Abstention | None
    encode_ms: float
    search_ms: float
    read_ms: float
    listing: Listing | None = None
    comparison: Comparison | None = None
    time: FramedTime | None = None


class SeveralAnswering:
    """Answers lists and comparisons; each reads at most three times what a fact does.

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

    def list_items(
        self, named: NamedQuestion, asked: AskedList, bounds: Bounds, retrieval: Retrieval
    ) -> SeveralAnswers:
        """Answer with every item above the threshold, from passages of many articles.

        Where the question can be asked of a single item, too, a third of what a list may cost is
        spent on reading the best passages for that.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
        """
        question = replace(named.question, kind=asked.kind)
        share = (TIMES_READ - (asked.of_one is not None)) * bounds.top_k
        started = time.perf_counter()
        found = self._more_passages(retrieval, _LOOKED_AT * share, bounds.filters)
        load_ms = milliseconds_since(started)
        passages = spread(found, share)
        started = time.perf_counter()
        reader = self._ranker.reader
        read = read_in_groups(reader, question, passages, bounds.top_k)
        asked_time = read_question_time(question.text, bounds.day)
        if asked.of_one is not None:
            of_one = question_of_one(asked.of_one, asked_time)
            read = read_again(reader, of_one, passages, read, bounds.top_k)
        spans = item_spans(question, read, passages, asked.noun)
        articles = self._retriever.generation.articles
        told, passages = told_items(question, asked.noun, read, passages, articles.chunks_of)
        read_ms = milliseconds_since(started)
        weighed = weigh_items(
            self._ranker, question, asked, asked_time, spans, told, passages, bounds.threshold
        )
        items, use = weighed.items, weighed.use
        most = MOST_ITEMS if bounds.most is None else bounds.most
        above = [item for item in items if item.confidence >= bounds.threshold][:most]
        citing = Citing(articles, passages)
        answers = tuple(citing.answer(question, item, None) for item in above)
        searched = articles.infos(bounds.filters, 0, 0)[1]
        return SeveralAnswers(
            answers,
            None
            if answers
            else abstain(question, items or weighed.ranked, passages, bounds.threshold, citing),
            0.0,
            load_ms,
            read_ms,
            listing=list_completeness(items, bounds.threshold, most, searched),
            time=None
            if use is None or asked_time.frame is None
            else FramedTime(asked_time.frame, use),
        )

    def compare(self, asked: AskedComparison, bounds: Bounds) -> SeveralAnswers | None:
        """Answer with the value of each side, or abstain where one is missing.

        Returns:
            None for a change of what has no such values: it is asked as a fact then.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
        """
        if len(asked.sides) == 1:
            return self._change_over_time(asked.sides[0], bounds)
        changed = asked.aim == "change"
        within = replace(bounds, top_k=max(1, bounds.top_k // 2)) if changed else bounds
        read = self._read(asked.sides, within, owned=not changed)
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
        numbers, comparison = compared(best, asked.aim)
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

    def _more_passages(self, retrieval: Retrieval, most: int, filters: Filters) -> list[Passage]:
        """What was retrieved, and loaded with it what was ranked next, best first."""
        passages = retrieval.passages
        further = retrieval.runners_up[: max(0, most - len(passages))]
        found = [*passages, *self._retriever.load(further, filters)]
        found.sort(key=lambda passage: -passage.scores.fused)
        return [replace(passage, rank=rank) for rank, passage in enumerate(found[:most], start=1)]

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
            combined = combine(choice.series, citing.story_of, reading.passages)
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
