"""The reply to a question: answers with citations, or an abstention."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from api.answering.errors import CitationError
from api.answering.names.findings import Names

if TYPE_CHECKING:
    import datetime as dt

    from api.answering.time.frames import TimeFrame
    from api.answering.time.standing import Standing
    from api.answering.values.value import Value
    from index.records import ArticleInfo, RetrievalScores, ShardCount, Span

Agreement = Literal["single", "agree", "revised", "disagree"]
FrameUse = Literal["filter", "evidence", "not met", "contradictory"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and its place; all spans are offsets of the article's text.

    Attributes:
        number: 1, 2, 3, ... within a reply.
        quote: The slice of the article at ``span``, checked.
        sentence: The sentence or sentences around the quote, at ``sentence_span``.
        before_span: The sentence before that, where it begins with a pronoun or the like; else
            None, as is ``before``.
        passage_span: The chunk that was read.
        page: The page on which the quote begins, from 1; None if the article has no pages.
        retrieval: The passage's retrieval scores.
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
    before: str | None = None
    before_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The exact words that answer, their confidence and their citations.

    Attributes:
        value: What the words say, if they say a value; every citation's quote says the same.
        as_of: The day as of which the first citation's sentence holds; None where it is not known.
        standing: How that sentence stands.

    Raises:
        CitationError: If there is no citation.
    """

    text: str
    confidence: float
    citations: tuple[Citation, ...]
    value: Value | None = None
    as_of: dt.date | None = None
    standing: Standing = "reported"

    def __post_init__(self) -> None:
        if not self.citations:
            raise CitationError(f"answer '{self.text}': an answer needs at least one citation")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One of several statements of one thing.

    Attributes:
        text: Its exact words, which the citation quotes.
        value: What they say, if they say a value.
        as_of: The day as of which it holds; None where it is not known.
        standing: How it stands.
    """

    text: str
    value: Value | None
    as_of: dt.date | None
    standing: Standing
    citation: Citation


@dataclass(frozen=True, slots=True)
class FramedTime:
    """The time that the question asks about, and what it did.

    Attributes:
        use: "filter": statements of other times were left behind; "evidence": those of this time
            were preferred; "not met": none of this time answers, so that others do;
            "contradictory": the question names times that share no day, and nothing was filtered.
    """

    frame: TimeFrame
    use: FrameUse


@dataclass(frozen=True, slots=True)
class BelowTheBar:
    """A candidate that was not sure enough, or one too many, to be an item of a list."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Listing:
    """How complete the answers are as a list.

    Attributes:
        complete: "likely" where nothing came near the threshold without reaching it.
        articles_searched: Articles that pass the filters.
        below_the_bar: The candidates that came nearest to it, best first.
    """

    complete: Literal["likely", "unknown"]
    articles_searched: int
    below_the_bar: tuple[BelowTheBar, ...]


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """One side of a comparison.

    Attributes:
        subject: As the question spells it; of a change the time.
        answer: The number of its answer in the reply, from 0; None where none is sure enough.
    """

    subject: str
    answer: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which values were compared, and what came of it.

    Attributes:
        sides: At least two, in the question's order; of a change the earlier time first.
        greater: The number of the side with the greatest value, from 0; None where the values can't
            be compared, are equal or overlap, or one is missing.
        statement: What was compared, in one sentence.
    """

    sides: tuple[ComparedSide, ...]
    greater: int | None
    statement: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """One of the nearest passages of an abstention.

    Attributes:
        sentence: Its nearest sentence, at ``sentence_span``.
        page: The page on which the sentence begins, from 1; None if the article has no pages.
        reader_score: The score of its best span; None if the reader marked none.
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
    """Why there is no answer, and what came nearest.

    Attributes:
        reason: Why, in one sentence.
        nearest: The nearest passages, best first.
        best_candidate: The words of the best candidate; None if there is no candidate.
        best_confidence: Its confidence; None if there is no candidate.
    """

    reason: str
    nearest: tuple[Nearest, ...]
    best_candidate: str | None
    best_confidence: float | None


def milliseconds_since(started: float) -> float:
    """The milliseconds since a reading of `time.perf_counter`."""
    return (time.perf_counter() - started) * 1e3


@dataclass(frozen=True, slots=True)
class Timings:
    """Time of each stage, in milliseconds."""

    encode: float
    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to a question: answers, best first, or an abstention; never both, never neither.

    Attributes:
        undated: How many articles the filter by day left out because they have no day.
        agreement: How the statements of what is answered agree; None without an answer.
        timeline: Those statements where they differ, oldest first. Their citations are those of
            the answers, or have numbers after them.
        time: The time that the question asks about; None where it names none.
        names: Names of the question that no article mentions, or that were read as others.
        listing: How complete the answers are, where the question asks for a list.
        comparison: What the answers compare, where the question does; the side that it asks for
            answers first.
        shards: How many shards of the index answered; None where it is not sharded.

    Raises:
        CitationError: If there are both or neither.
    """

    question: str
    answers: tuple[Answer, ...]
    abstention: Abstention | None
    index_version: str
    timings: Timings
    undated: int = 0
    agreement: Agreement | None = None
    timeline: tuple[TimelineEntry, ...] = ()
    time: FramedTime | None = None
    names: Names = field(default_factory=Names)
    listing: Listing | None = None
    comparison: Comparison | None = None
    shards: ShardCount | None = None

    def __post_init__(self) -> None:
        if bool(self.answers) == (self.abstention is not None):
            raise CitationError("a reply holds either answers or an abstention")

    @property
    def is_partial(self) -> bool:
        """Whether it is made from a part of the articles."""
        return self.shards is not None and self.shards.is_partial

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, of the answers and of the timeline, each once, by number."""
        entries = (entry.citation for entry in self.timeline)
        cited = [*(citation for answer in self.answers for citation in answer.citations), *entries]
        by_number = {citation.number: citation for citation in cited}
        return tuple(by_number[number] for number in sorted(by_number))
