"""Question -> reply: retrieve passages, rank candidates, cite the best or abstain.

The page to read first: every step of an answer is called from here.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from api.answering.answers import (
    Abstention,
    Answer,
    Citation,
    FramedTime,
    Reply,
    TimelineEntry,
    Timings,
)
from api.answering.citations import cite, nearest
from api.answering.combining.agreement import combine
from api.answering.combining.claims import Claim, claims_of
from api.answering.combining.series_reading import SeriesReading
from api.answering.combining.support import supporting
from api.answering.names.looking_up import NameLookup
from api.answering.question import Question
from api.answering.time.frames import read_question_time
from api.answering.words import split_words, text_words
from index.folding import fold
from index.records import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.names.findings import Names
    from api.answering.ranking import RankedCandidate, Ranker
    from api.answering.reading.reader import ScoredSpan
    from index.records import Article, Passage, Span
    from index.retriever import Retrieval, Retriever
    from index.stores.backend import Articles

_NEAREST_SHOWN: Final = 3
_CITATIONS_PER_ANSWER: Final = 3
_LONGEST_SHOWN: Final = 80  # characters of a candidate in the reason for an abstention


@dataclass(frozen=True, slots=True)
class AskParameters:
    """What one question is asked with.

    Attributes:
        top_k: Number of passages to read.
        max_answers: The most answers to return.
        min_confidence: The least confidence of an answer; None for the calibrated threshold.
        filters: The articles that may answer.
        as_of: The day that the question is asked on; None for today. Articles published after a
            day in the past don't answer, nor do those without a day.
    """

    top_k: int = 8
    max_answers: int = 3
    min_confidence: float | None = None
    filters: Filters = field(default_factory=Filters)
    as_of: dt.date | None = None

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


def today() -> dt.date:
    """The day in UTC."""
    return dt.datetime.now(tz=dt.UTC).date()


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
        named = self._names.look_up(question)
        return self._retriever.retrieve(
            named.question.text, parameters.top_k, parameters.admitted, named.also
        )

    def answer(self, question: Question, parameters: AskParameters, retrieval: Retrieval) -> Reply:
        """Answer from retrieved passages: the second half of `ask`.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
            CitationError: If a passage is not a slice of its article.
        """
        started = time.perf_counter()
        named = self._names.look_up(question)
        question = named.question
        if named.names.absent:
            return self._without_reading(question, named.names, retrieval)
        asked_time = read_question_time(question.text, parameters.day)
        threshold = self._threshold(parameters.min_confidence)
        reading = self._reading.read(
            question, asked_time, parameters.admitted, retrieval, threshold
        )
        choice, passages = reading.choice, reading.passages
        accepted = [candidate for candidate in choice.ranked if candidate.confidence >= threshold]
        citing = _Citing(self._retriever.generation.articles, passages)
        answers = tuple(
            citing.answer(question, item, None if place else choice.series[0])
            for place, item in enumerate(accepted[: parameters.max_answers])
        )
        combined = combine(choice.series, citing.story_of, passages) if answers else None
        abstention = None
        if not answers:
            abstention = _abstain(question, choice.ranked, passages, threshold, citing)
        answer_ms = (time.perf_counter() - started) * 1e3
        total_ms = retrieval.encode_ms + retrieval.search_ms + answer_ms
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
                total_ms,
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

    def _without_reading(self, question: Question, names: Names, retrieval: Retrieval) -> Reply:
        """Abstain from a question about a name that no article mentions."""
        citing = _Citing(self._retriever.generation.articles, retrieval.passages)
        abstention = _abstain(question, [], retrieval.passages, 0.0, citing)
        total_ms = retrieval.encode_ms + retrieval.search_ms
        return Reply(
            question=question.verbatim,
            answers=(),
            abstention=replace(abstention, reason=names.reason()),
            index_version=self._retriever.generation.version,
            timings=Timings(retrieval.encode_ms, retrieval.search_ms, 0.0, total_ms),
            undated=retrieval.undated,
            names=names,
        )

    def _threshold(self, min_confidence: float | None) -> float:
        return self._ranker.calibration.threshold if min_confidence is None else min_confidence


class _Citing:
    """The citations of one reply: numbered from 1 on, each article loaded once."""

    def __init__(self, store: Articles, passages: Sequence[Passage]) -> None:
        self._store = store
        self._passages = passages
        self._articles: dict[str, Article] = {}
        self._cited: dict[tuple[str, Span], Citation] = {}

    def article(self, article_id: str) -> Article:
        if article_id not in self._articles:
            self._articles[article_id] = self._store.own(article_id)
        return self._articles[article_id]

    def answer(self, question: Question, item: RankedCandidate, chosen: Claim | None) -> Answer:
        """Cite an accepted candidate; the claim chosen for its time, if any, tells it."""
        claims = supporting(question, claims_of(0, item, self._passages))
        spans = [claim.span for claim in claims[:_CITATIONS_PER_ANSWER]]
        citations = tuple(self._cite(span, self._passages[span.passage]) for span in spans)
        if chosen is None:
            chosen = claims[0]
        return Answer(
            text=citations[0].quote,
            confidence=item.confidence,
            citations=citations,
            value=item.candidate.value,
            as_of=chosen.as_of,
            standing=chosen.statement.standing,
        )

    def entry(self, claim: Claim) -> TimelineEntry:
        """Cite one of several statements."""
        citation = self._cite(claim.span, claim.passage)
        standing = claim.statement.standing
        return TimelineEntry(citation.quote, claim.value, claim.as_of, standing, citation)

    def story_of(self, article_id: str) -> str:
        """The first id, in alphabetical order, of an article and its near-duplicates."""
        near = (info.id for info, _ in self._store.near_duplicates(article_id))
        return min([article_id, *near])

    def _cite(self, span: ScoredSpan, passage: Passage) -> Citation:
        place = passage.article.id, span.span
        if place not in self._cited:
            article = self.article(passage.article.id)
            self._cited[place] = cite(len(self._cited) + 1, span, passage, article)
        return self._cited[place]


def _abstain(
    question: Question,
    ranked: Sequence[RankedCandidate],
    passages: Sequence[Passage],
    threshold: float,
    citing: _Citing,
) -> Abstention:
    """Say why there is no answer, and show the passages that come nearest."""
    best_spans: dict[int, ScoredSpan] = {}
    for each in ranked:
        for scored in each.candidate.spans:
            best_spans.setdefault(scored.passage, scored)
    best = ranked[0] if ranked else None
    return Abstention(
        reason=_reason(question, best, passages, threshold),
        nearest=tuple(
            nearest(index + 1, passage, citing.article(passage.article.id), best_spans.get(index))
            for index, passage in enumerate(passages[:_NEAREST_SHOWN])
        ),
        best_candidate=None if best is None else best.candidate.text,
        best_confidence=None if best is None else best.confidence,
    )


def _reason(
    question: Question,
    best: RankedCandidate | None,
    passages: Sequence[Passage],
    threshold: float,
) -> str:
    """Say in one sentence why there is no answer."""
    if not passages:
        return "No article passes the filters, or none has a passage that matches the question."
    present = frozenset[str]().union(
        *(text_words(f"{passage.chunk.context} {passage.chunk.text}") for passage in passages)
    )
    lacking = [*sorted(question.lacking_names(present)), *sorted(question.years - present)]
    if lacking:
        named = ", ".join(f"'{_spelling(question, term)}'" for term in lacking)
        return f"The nearest passages do not mention {named}."
    if best is None:
        return "The reader found no span in the nearest passages."
    text = best.candidate.text
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
    return (
        f"The best candidate, '{shown}', is right with a probability of only "
        f"{best.confidence:.2f}; at least {threshold:.2f} is needed."
    )


def _spelling(question: Question, term: str) -> str:
    """Spell a folded term as the question does."""
    return next((word for word in split_words(question.text) if fold(word) == term), term)
