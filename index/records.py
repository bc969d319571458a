"""The records of the pipeline: frozen, with offsets in Unicode code points."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable


class Span(NamedTuple):
    """A half-open interval ``[start, end)`` of Unicode code points of an article's text."""

    start: int
    end: int


DayOrigin = Literal["front matter", "metadata", "file name", "text"]


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """Metadata of an article.

    Attributes:
        id: Unique in the corpus: the article's own id, else its path relative to the corpus.
        title: The article's own title, if any.
        url: Address of publication.
        source: Publisher.
        author: Author.
        published_at: Day of publication.
        tags: Free labels, in the article's order.
        sha256: Hex digest of the canonical text in UTF-8.
        path: The file it was read from, relative to the corpus folder, with forward slashes; a
            line or row of a file with several articles follows after a colon.
        pages: Spans of the document's pages in the text, in order, with only white space in
            between; empty if the format has no pages.
        published_at_from: Where the day of publication was read: stated by the article (``front
            matter``) or by its record or file (``metadata``), or read from its path or first lines.
        left_out: What of its file is neither in its text nor in its metadata, as messages.
        marks_headings: Whether headings are marked in the text; else short lines that stand alone
            are taken for headings.
        recognised: Whether text of it was recognised in pictures of pages (OCR), and may be wrong
            in single letters.
    """

    id: str
    title: str | None
    url: str | None
    source: str | None
    author: str | None
    published_at: dt.date | None
    tags: tuple[str, ...]
    sha256: str
    path: str
    pages: tuple[Span, ...] = ()
    published_at_from: DayOrigin | None = None
    left_out: tuple[str, ...] = ()
    marks_headings: bool = True
    recognised: bool = False

    def page_at(self, offset: int) -> int | None:
        """The number of the page, from 1, that an offset is on; None without pages."""
        if not self.pages:
            return None
        return max(bisect_right(self.pages, offset, key=lambda page: page.start), 1)

    def without_pages(self) -> ArticleInfo:
        """The metadata alone, to be kept: pages of a long document take far more memory."""
        return replace(self, pages=()) if self.pages else self


@dataclass(frozen=True, slots=True)
class Article:
    """One source document: its metadata and its canonical text."""

    info: ArticleInfo
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A slice of one article, cut at sentence ends.

    Attributes:
        article_id: Id of the article.
        start: Start of the slice in ``Article.text``.
        end: End of the slice; ``text == Article.text[start:end]``.
        text: The slice.
        context: Article title and headings above the slice, joined; never part of an answer.
        sentences: The sentences (or list items) in it, as spans of ``Article.text``.
    """

    article_id: str
    start: int
    end: int
    text: str
    context: str
    sentences: tuple[Span, ...]

    @property
    def indexed_text(self) -> str:
        """The text that is embedded and indexed: context, a line break, the slice."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    def words(self, span: Span) -> str:
        """The words of a span of ``Article.text`` that lies in the slice."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Hit:
    """A result of dense or lexical search: higher scores are better, ranks count from 1."""

    chunk_id: int
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class RetrievalScores:
    """Scores of a passage; higher is better.

    Attributes:
        dense: Cosine similarity of question and chunk embeddings, in [-1, 1].
        lexical: BM25 score, at least 0; None if BM25 search did not return the passage.
        fused: The fused score, in [0, 1], by which passages are ranked.
    """

    dense: float | None
    lexical: float | None
    fused: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A ranked chunk, loaded with its article's metadata; ranks count from 1."""

    chunk_id: int
    chunk: Chunk
    article: ArticleInfo
    scores: RetrievalScores
    rank: int


SortField = Literal["id", "title", "source", "published_at"]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which articles a list has, and in what order.

    Attributes:
        words: Each must occur in id, title, address, source, author or tags, folded.
        sort: The field to sort by, without regard to case, and then by id; those without a value
            come last. None for corpus order.
        descending: Whether the largest value comes first.
        after: The id of the article after which the list goes on, and its value of the field.
    """

    words: tuple[str, ...] = ()
    sort: SortField | None = None
    descending: bool = False
    after: tuple[str, str | None] | None = None


CORPUS_ORDER: Final = ListQuery()


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters on the articles that a question may be answered from; an empty field filters nothing.

    Values of one field are alternatives; all fields must match. Days are inclusive, and an article
    without a day never passes a filter by day.

    Raises:
        ValueError: If the days are the wrong way round.
    """

    published_from: dt.date | None = None
    published_to: dt.date | None = None
    sources: frozenset[str] = field(default_factory=frozenset)
    article_ids: frozenset[str] = field(default_factory=frozenset)
    tags: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if (
            self.published_from is not None
            and self.published_to is not None
            and self.published_from > self.published_to
        ):
            raise ValueError(
                f"published_from ({self.published_from}) is after "
                f"published_to ({self.published_to})"
            )

    @classmethod
    def of(
        cls,
        *,
        published_from: dt.date | None = None,
        published_to: dt.date | None = None,
        sources: Iterable[str] = (),
        article_ids: Iterable[str] = (),
        tags: Iterable[str] = (),
    ) -> Filters:
        """Make filters of values in any order, repeated or not.

        Raises:
            ValueError: If the days are the wrong way round.
        """
        return cls(
            published_from,
            published_to,
            frozenset(sources),
            frozenset(article_ids),
            frozenset(tags),
        )

    @property
    def is_empty(self) -> bool:
        """Whether every article passes."""
        return self == NO_FILTERS

    def matches(self, article: ArticleInfo) -> bool:
        """Whether an article passes all filters, whatever its copies state."""
        day = article.published_at
        return (
            (self.published_from is None or (day is not None and day >= self.published_from))
            and (self.published_to is None or (day is not None and day <= self.published_to))
            and (not self.sources or article.source in self.sources)
            and (not self.article_ids or article.id in self.article_ids)
            and (not self.tags or not self.tags.isdisjoint(article.tags))
        )


NO_FILTERS: Final = Filters()


class ShardCount(NamedTuple):
    """How many shards of a fleet answered, of those that have articles."""

    answered: int
    of: int

    @property
    def is_partial(self) -> bool:
        """Whether one did not."""
        return self.answered < self.of


class FacetValue(NamedTuple):
    """A value that articles can be filtered by, and the number of articles with it."""

    value: str
    articles: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The values to filter by: the commonest sources and tags, months, and first and last day.

    A month is written as 2025-01; the newest comes first.
    """

    sources: tuple[FacetValue, ...]
    tags: tuple[FacetValue, ...]
    months: tuple[FacetValue, ...]
    first_day: dt.date | None
    last_day: dt.date | None
