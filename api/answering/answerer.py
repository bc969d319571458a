"""Question -> reply: retrieve, read, weigh, cite or abstain."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from api.answering.answers import Abstention, Answer, Citation, Reply, Timings
from api.answering.candidates import Candidate, group_spans
from api.answering.citations import cite, nearest
from api.answering.confidence import Calibration, candidate_features
from api.answering.question import Question
from api.answering.reading.reader import Reader, check_spans
from api.answering.words import split_words, text_words
from index.records import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Article, Passage
    from index.retriever import Retrieval, Retriever

_NEAREST_SHOWN: Final = 3
_CITATIONS_PER_ANSWER: Final = 3


@dataclass(frozen=True, slots=True)
class AskParameters:
    """How one question is asked.

    Attributes:
        top_k: Passages to read.
        max_answers: The most answers to return.
        min_confidence: The least confidence of an answer; None for the calibrated threshold.
        filters: Which articles may answer.
    """

    top_k: int = 8
    max_answers: int = 3
    min_confidence: float | None = None
    filters: Filters = field(default_factory=Filters)


class Answerer:
    """Answers questions from one generation with one reader."""

    def __init__(self, retriever: Retriever, reader: Reader, calibration: Calibration) -> None:
        self._retriever = retriever
        self._reader = reader
        self._calibration = calibration

    def ask(self, question: str, parameters: AskParameters | None = None) -> Reply:
        """Answer a question with citations, or abstain and say why.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
            CitationError: If a passage is not a slice of its article.
        """
        wanted = AskParameters() if parameters is None else parameters
        parsed = Question.parse(question)
        return self.answer(parsed, wanted, self.retrieve(parsed, wanted))

    def retrieve(self, question: Question, parameters: AskParameters) -> Retrieval:
        """Find the passages to answer from: the first half of `ask`."""
        return self._retriever.retrieve(question.text, parameters.top_k, parameters.filters)

    def answer(self, question: Question, parameters: AskParameters, retrieval: Retrieval) -> Reply:
        """Answer from passages that were retrieved: the second half of `ask`; raises as it does."""
        passages, wanted = retrieval.passages, parameters
        read_from = time.perf_counter()
        spans = self._reader.read(question, passages) if passages else []
        read_ms = (time.perf_counter() - read_from) * 1e3
        check_spans(spans, passages)
        ranked = self.rank(question, group_spans(spans, passages), passages)
        threshold = self._threshold(wanted.min_confidence)
        accepted = [(candidate, sure) for candidate, sure in ranked if sure >= threshold]
        articles = _Articles(self._retriever)
        answers = _cited(accepted[: wanted.max_answers], passages, articles)
        abstention = None
        if not answers:
            abstention = self._abstain(question, ranked, passages, threshold, articles)
        answer_ms = (time.perf_counter() - read_from) * 1e3
        total_ms = retrieval.encode_ms + retrieval.search_ms + answer_ms
        return Reply(
            question=question.verbatim,
            answers=answers,
            abstention=abstention,
            index_version=self._retriever.generation.version,
            timings=Timings(retrieval.encode_ms, retrieval.search_ms, read_ms, total_ms),
        )

    def rank(
        self, question: Question, candidates: Sequence[Candidate], passages: Sequence[Passage]
    ) -> list[tuple[Candidate, float]]:
        """Weigh candidates: each with the probability that it is right, best first."""
        features = candidate_features(question, candidates, passages)
        weighed = [
            (candidate, self._calibration.confidence(known))
            for candidate, known in zip(candidates, features, strict=True)
        ]
        return sorted(weighed, key=lambda item: (-item[1], -item[0].best.score))

    def _threshold(self, min_confidence: float | None) -> float:
        return self._calibration.threshold if min_confidence is None else min_confidence

    def _abstain(
        self,
        question: Question,
        ranked: Sequence[tuple[Candidate, float]],
        passages: Sequence[Passage],
        threshold: float,
        articles: _Articles,
    ) -> Abstention:
        best_spans: dict[int, ScoredSpan] = {}
        for candidate, _ in ranked:
            for found in candidate.spans:
                best_spans.setdefault(found.passage, found)
        best, confidence = ranked[0] if ranked else (None, None)
        return Abstention(
            reason=_reason(question, ranked, passages, threshold),
            nearest=tuple(
                nearest(index + 1, passage, articles.get(passage.article.id), best_spans.get(index))
                for index, passage in enumerate(passages[:_NEAREST_SHOWN])
            ),
            best_candidate=None if best is None else best.text,
            best_confidence=confidence,
        )


class _Articles:
    """The articles that one reply cites, each loaded once."""

    def __init__(self, retriever: Retriever) -> None:
        self._store = retriever.generation.articles
        self._loaded: dict[str, Article] = {}

    def get(self, article_id: str) -> Article:
        if article_id not in self._loaded:
            self._loaded[article_id] = self._store.own(article_id)
        return self._loaded[article_id]


def _cited(
    accepted: Sequence[tuple[Candidate, float]], passages: Sequence[Passage], articles: _Articles
) -> tuple[Answer, ...]:
    """Cite every accepted candidate; citation numbers run on from answer to answer."""
    answers: list[Answer] = []
    number = 0
    for candidate, confidence in accepted:
        citations: list[Citation] = []
        for found in candidate.spans[:_CITATIONS_PER_ANSWER]:
            number += 1
            passage = passages[found.passage]
            citations.append(cite(number, found, passage, articles.get(passage.article.id)))
        answers.append(Answer(citations[0].quote, confidence, tuple(citations)))
    return tuple(answers)


def _reason(
    question: Question,
    ranked: Sequence[tuple[Candidate, float]],
    passages: Sequence[Passage],
    threshold: float,
) -> str:
    """Say in one sentence why there is no answer."""
    if not passages:
        return "No article passes the filters, or none has a passage that matches the question."
    present = frozenset[str]().union(
        *(text_words(f"{passage.chunk.context} {passage.chunk.text}") for passage in passages)
    )
    lacking = [*sorted(question.names - present), *sorted(question.years - present)]
    if lacking:
        named = ", ".join(f"'{_spelling(question, term)}'" for term in lacking)
        return f"The nearest passages do not mention {named}."
    if not ranked:
        return "The reader found no span in the nearest passages."
    candidate, confidence = ranked[0]
    text = candidate.text if len(candidate.text) <= 80 else f"{candidate.text[:79]}…"
    return (
        f"The best candidate, '{text}', is right with a probability of only {confidence:.2f}; "
        f"at least {threshold:.2f} is needed."
    )


def _spelling(question: Question, term: str) -> str:
    """Spell a lower-case term as the question does."""
    return next((word for word in split_words(question.text) if word.lower() == term), term)
