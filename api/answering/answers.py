"""What asking a question gives: answers with citations, or an abstention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.answering.errors import CitationError

if TYPE_CHECKING:
    from index.records import ArticleInfo, RetrievalScores, Span


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands; every span is one of the article's text.

    Attributes:
        number: 1, 2, 3, ... in one response.
        quote: The slice of the article at ``span``, checked.
        sentence: The sentence (or sentences) around the quote, at ``sentence_span``.
        passage_span: The chunk that the reader read.
        page: The page on which the quote begins, from 1; None where the article has no pages.
        retrieval: How the passage was found.
        reader_score: The reader's score of the span; higher is better.
    """

    number: int
    article: ArticleInfo
    quote: str
    span: Span
    sentence: str
    sentence_span: Span
    passage_span: Span
    page: int | None
    retrieval: RetrievalScores
    reader_score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The exact words that answer, how probably they are right, and where they stand.

    Raises:
        CitationError: If there is no citation.
    """

    text: str
    confidence: float
    citations: tuple[Citation, ...]

    def __post_init__(self) -> None:
        if not self.citations:
            raise CitationError(f"answer '{self.text}': an answer needs at least one citation")


@dataclass(frozen=True, slots=True)
class Nearest:
    """A passage that came near without answering.

    Attributes:
        sentence: Its nearest sentence, at ``sentence_span``.
        page: The page on which that begins, from 1; None where the article has no pages.
    """

    number: int
    article: ArticleInfo
    sentence: str
    sentence_span: Span
    passage_span: Span
    page: int | None
    retrieval: RetrievalScores
    reader_score: float | None


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no answer, and what was found instead.

    Attributes:
        reason: In one sentence.
        nearest: The passages that came nearest.
        best_candidate: The exact words that would have been the answer; None where there are none.
        best_confidence: How probably they are right; None where there are none.
    """

    reason: str
    nearest: tuple[Nearest, ...]
    best_candidate: str | None
    best_confidence: float | None


@dataclass(frozen=True, slots=True)
class Timings:
    """What the stages cost, in milliseconds."""

    encode: float
    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to one question: answers, best first, or an abstention, never both or neither.

    Raises:
        CitationError: If there are both or neither.
    """

    question: str
    answers: tuple[Answer, ...]
    abstention: Abstention | None
    index_version: str
    timings: Timings

    def __post_init__(self) -> None:
        if bool(self.answers) == (self.abstention is not None):
            raise CitationError("a reply holds either answers or an abstention")
