"""Question -> reply: retrieve passages, rank candidates, cite the best or abstain.

The page to read first: every step of an answer is called from here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from api.answering.answers import FramedTime, Reply, Timings, milliseconds_since
from api.answering.combining.abstaining import abstain
from api.answering.combining.citing import Citing
from api.answering.combining.comparison_answers import ComparisonAnswering
from api.answering.combining.comparisons.comparison_questions import asked_comparison
from api.answering.combining.list_answers import ListAnswering
from api.answering.combining.lists.list_questions import asked_list
from api.answering.combining.series.agreement import combine
from api.answering.combining.series.series_reading import SeriesReading
from api.answering.combining.several_answers import Bounds
from api.answering.combining.unanswered_forms import unanswered_form, untold_form
from api.answering.days import today
from api.answering.names.findings import Names
from api.answering.names.looking_up import NameLookup
from api.answering.questions.question import Question
from api.answering.questions.talk import why_not_asked
from api.answering.time.frames import read_question_time
from index.records import Filters

if TYPE_CHECKING:
    import datetime as dt

    from api.answering.combining.several_answers import SeveralAnswers
    from api.answering.names.looking_up import NamedQuestion
    from api.answering.ranking.ranker import Ranker
    from index.retriever import Retrieval, Retriever

_MOST_ANSWERS: Final = 3


@dataclass(frozen=True, slots=True)
class AskParameters:
    """What one question is asked with.

    Attributes:
        top_k: Number of passages to read; a reader with a quick first stage looks through more.
        max_answers: The most answers to return; None for 3, or 10 where a list is asked for. A
            comparison has one for each side, whatever is set.
        min_confidence: The least confidence of an answer; None for the calibrated threshold.
        filters: The articles that may answer.
        as_of: The day that the question is asked on; None for today. Articles published after a
            day in the past don't answer, nor do those without a day.
        allow_partial: Whether to answer from a part of the articles where shards of the index do
            not answer.
    """

    top_k: int = 8
    max_answers: int | None = None
    min_confidence: float | None = None
    filters: Filters = field(default_factory=Filters)
    as_of: dt.date | None = None
    allow_partial: bool = False

    @property
    def day(self) -> dt.date:
        """The day that "last quarter" and "currently" are counted from."""
        return today() if self.as_of is None else self.as_of

    @property
    def admitted(self) -> Filters:
        """The filters, with what was published after a past ``as_of`` left out."""
        last = self.filters.published_to
        if self.as_of is None or self.as_of >= today() or (last is not None and last < self.as_of):
            return self.filters
        first = self.filters.published_from
        if first is not None and first > self.as_of:
            first = self.as_of
        return replace(self.filters, published_from=first, published_to=self.as_of)


class Answerer:
    """Answers questions from one generation.

    Args:
        retriever: Finds passages in the generation.
        ranker: Ranks the candidates in them.
    """

    def __init__(self, retriever: Retriever, ranker: Ranker) -> None:
        self._retriever = retriever
        self._ranker = ranker
        self._reading = SeriesReading(retriever, ranker)
        self._names = NameLookup(retriever.generation)
        self._lists = ListAnswering(retriever, ranker)
        self._comparisons = ComparisonAnswering(retriever, ranker, self._names)

    def ask(self, question: str, parameters: AskParameters | None = None) -> Reply:
        """Answer a question with citations, or abstain and say why.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
            CitationError: If a passage is not a slice of its article.
        """
        chosen = AskParameters() if parameters is None else parameters
        parsed = Question.parse(question)
        return self.answer(parsed, chosen, self.retrieve(parsed, chosen))

    def retrieve(self, question: Question, parameters: AskParameters) -> Retrieval:
        """Retrieve the passages to answer from: the first half of `ask`."""
        read = self._ranker.reader.facts.passages_to_read(parameters.top_k)
        return self._retrieve(question, parameters, read)

    def search(self, question: Question, parameters: AskParameters) -> Retrieval:
        """Retrieve ``top_k`` passages without reading them."""
        return self._retrieve(question, parameters, parameters.top_k)

    def _retrieve(self, question: Question, parameters: AskParameters, read: int) -> Retrieval:
        named = self._names.look_up(question)
        return self._retriever.retrieve(
            named.question.text, parameters.top_k, parameters.admitted, named.also, read=read
        )

    def answer(self, question: Question, parameters: AskParameters, retrieval: Retrieval) -> Reply:
        """Answer from retrieved passages: the second half of `ask`.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
            CitationError: If a passage is not a slice of its article.
            ShardLostError: If a shard does not answer that has found passages.
        """
        shards = retrieval.shards
        if shards is None or not shards.is_partial or parameters.allow_partial:
            reply = self._answer(question, parameters, retrieval)
        else:
            reply = self._without_reading(
                question,
                Names(),
                retrieval,
                f"Only {shards.answered} of {shards.of} shards of the index answered, so that the "
                "answer may stand in articles that were not searched. Ask again later, or allow a "
                "partial answer.",
            )
        return replace(reply, shards=shards)

    def _answer(self, question: Question, parameters: AskParameters, retrieval: Retrieval) -> Reply:
        started = time.perf_counter()
        unasked = why_not_asked(question.verbatim)
        if unasked is not None:
            return self._without_reading(
                question, Names(), replace(retrieval, passages=[]), unasked
            )
        named = self._names.look_up(question)
        question = named.question
        if named.names.absent:
            return self._without_reading(question, named.names, retrieval, named.names.reason())
        bounds = Bounds(
            parameters.top_k,
            parameters.max_answers,
            self._threshold(parameters.min_confidence),
            parameters.admitted,
            parameters.day,
            retrieval.lost,
        )
        several = self._several_answers(named, bounds, retrieval)
        if several is None:
            return self._fact(named, bounds, retrieval, started)
        return Reply(
            question=question.verbatim,
            answers=several.answers,
            abstention=several.abstention,
            index_version=self._retriever.generation.version,
            undated=retrieval.undated,
            timings=Timings(
                retrieval.encode_ms + several.encode_ms,
                retrieval.search_ms + several.search_ms,
                several.read_ms,
                retrieval.encode_ms + retrieval.search_ms + milliseconds_since(started),
            ),
            time=several.time,
            names=named.names,
            listing=several.listing,
            comparison=several.comparison,
        )

    def _several_answers(
        self, named: NamedQuestion, bounds: Bounds, retrieval: Retrieval
    ) -> SeveralAnswers | None:
        """Answer what one span does not answer; None for a fact."""
        text = named.question.text
        comparison = asked_comparison(text)
        if comparison is not None:
            return self._comparisons.compare(named, comparison, bounds, retrieval.passages)
        form = unanswered_form(text)
        if form is not None:
            return self._comparisons.refuse(named, form, bounds, retrieval.passages)
        listed = asked_list(text)
        if listed is None:
            return None
        return self._lists.answer(named, listed, bounds, retrieval)

    def _fact(
        self, named: NamedQuestion, bounds: Bounds, retrieval: Retrieval, started: float
    ) -> Reply:
        """Answer with the best spans, and what other statements of the same thing come to."""
        question, threshold = named.question, bounds.threshold
        asked_time = read_question_time(question.text, bounds.day)
        reading = self._reading.read(question, asked_time, bounds.filters, retrieval, threshold)
        choice, passages = reading.choice, reading.passages
        accepted = [candidate for candidate in choice.ranked if candidate.confidence >= threshold]
        untold = untold_form(question.text, choice.series[0]) if choice.series else None
        if untold is not None:
            accepted = []
        most = _MOST_ANSWERS if bounds.most is None else bounds.most
        citing = Citing(self._retriever.generation.articles, passages)
        answers = tuple(
            citing.answer(question, item, None if place else choice.series[0])
            for place, item in enumerate(accepted[:most])
        )
        combined = None
        if answers:
            combined = combine(
                choice.series, citing.story_of, passages, question, choice.of_other_times
            )
        abstention = None
        if not answers:
            abstention = abstain(question, choice.ranked, passages, threshold, citing)
        if abstention is not None and untold is not None:
            abstention = replace(abstention, reason=untold.refusal)
        return Reply(
            question=question.verbatim,
            answers=answers,
            abstention=abstention,
            index_version=self._retriever.generation.version,
            undated=retrieval.undated,
            timings=Timings(
                retrieval.encode_ms,
                retrieval.search_ms + reading.load_ms,
                reading.read_ms,
                retrieval.encode_ms + retrieval.search_ms + milliseconds_since(started),
            ),
            agreement=None if combined is None else combined.agreement,
            timeline=()
            if combined is None
            else tuple(citing.entry(claim) for claim in combined.timeline),
            time=None
            if asked_time.frame is None or choice.frame_use is None
            else FramedTime(asked_time.frame, choice.frame_use),
            names=named.names,
        )

    def _without_reading(
        self, question: Question, names: Names, retrieval: Retrieval, reason: str
    ) -> Reply:
        """Abstain from a question for a reason that its passages have no part in."""
        citing = Citing(self._retriever.generation.articles, retrieval.passages)
        abstention = abstain(question, [], retrieval.passages, 0.0, citing)
        total_ms = retrieval.encode_ms + retrieval.search_ms
        return Reply(
            question=question.verbatim,
            answers=(),
            abstention=replace(abstention, reason=reason),
            index_version=self._retriever.generation.version,
            timings=Timings(retrieval.encode_ms, retrieval.search_ms, 0.0, total_ms),
            undated=retrieval.undated,
            names=names,
        )

    def _threshold(self, min_confidence: float | None) -> float:
        return self._ranker.calibration.threshold if min_confidence is None else min_confidence
