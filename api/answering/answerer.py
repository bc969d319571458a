"""Question -> reply: retrieve passages, rank candidates, cite the best or abstain.

The page to read first: every step of an answer is called from here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from api.answering.answers import Abstention, Answer, Citation, Reply, Timings
from api.answering.citations import cite, nearest
from api.answering.question import Question
from api.answering.ranking import read_spans
from api.answering.words import split_words, text_words
from index.records import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.ranking import RankedCandidate, Ranker
    from api.answering.reading.reader import ScoredSpan
    from index.records import Article, Passage
    from index.retriever import Retrieval, Retriever

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
    """

    top_k: int = 8
    max_answers: int = 3
    min_confidence: float | None = None
    filters: Filters = field(default_factory=Filters)


class Answerer:
    """Answers questions from one generation.

    Args:
        retriever: Finds passages in the generation.
        ranker: Ranks the candidates in them.
    """

    def __init__(self, retriever: Retriever, ranker: Ranker) -> None:
        self._retriever = retriever
        self._ranker = ranker

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
        return self._retriever.retrieve(question.text, parameters.top_k, parameters.filters)

    def answer(self, question: Question, parameters: AskParameters, retrieval: Retrieval) -> Reply:
        """Answer from retrieved passages: the second half of `ask`.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
            CitationError: If a passage is not a slice of its article.
        """
        passages = retrieval.passages
        started = time.perf_counter()
        spans = read_spans(self._ranker.reader, question, passages)
        read_ms = (time.perf_counter() - started) * 1e3
        ranked = self._ranker.weigh(question, spans, passages)
        threshold = self._threshold(parameters.min_confidence)
        accepted = [candidate for candidate in ranked if candidate.confidence >= threshold]
        articles = _Articles(self._retriever)
        answers = _cited(accepted[: parameters.max_answers], passages, articles)
        abstention = None
        if not answers:
            abstention = _abstain(question, ranked, passages, threshold, articles)
        answer_ms = (time.perf_counter() - started) * 1e3
        total_ms = retrieval.encode_ms + retrieval.search_ms + answer_ms
        return Reply(
            question=question.verbatim,
            answers=answers,
            abstention=abstention,
            index_version=self._retriever.generation.version,
            timings=Timings(retrieval.encode_ms, retrieval.search_ms, read_ms, total_ms),
            undated=retrieval.undated,
        )

    def _threshold(self, min_confidence: float | None) -> float:
        return self._ranker.calibration.threshold if min_confidence is None else min_confidence


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
    accepted: Sequence[RankedCandidate], passages: Sequence[Passage], articles: _Articles
) -> tuple[Answer, ...]:
    """Cite every accepted candidate; citation numbers continue from answer to answer."""
    answers: list[Answer] = []
    number = 0
    for ranked in accepted:
        citations: list[Citation] = []
        for scored in ranked.candidate.spans[:_CITATIONS_PER_ANSWER]:
            number += 1
            passage = passages[scored.passage]
            citations.append(cite(number, scored, passage, articles.get(passage.article.id)))
        value = ranked.candidate.value
        answers.append(Answer(citations[0].quote, ranked.confidence, tuple(citations), value))
    return tuple(answers)


def _abstain(
    question: Question,
    ranked: Sequence[RankedCandidate],
    passages: Sequence[Passage],
    threshold: float,
    articles: _Articles,
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
            nearest(index + 1, passage, articles.get(passage.article.id), best_spans.get(index))
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
    lacking = [*sorted(question.names - present), *sorted(question.years - present)]
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
    """Spell a lower-case term as the question does."""
    return next((word for word in split_words(question.text) if word.lower() == term), term)
