"""Citations: spans with their sentence and article, checked against the article's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.answers import Citation, Nearest
from api.answering.errors import CitationError
from api.answering.sentences import sentence_around
from index.records import Span

if TYPE_CHECKING:
    from api.answering.reading.reader import ScoredSpan
    from index.records import Article, Passage


def cite(number: int, scored: ScoredSpan, passage: Passage, article: Article) -> Citation:
    """Cite a span of a passage.

    Raises:
        CitationError: If the passage is not a slice of the article.
    """
    _check_passage(passage, article)
    around = sentence_around(passage, scored.span)
    return Citation(
        number=number,
        article=passage.article.without_pages(),
        quote=article.text[slice(*scored.span)],
        span=scored.span,
        sentence=article.text[slice(*around)],
        sentence_span=around,
        passage_span=Span(passage.chunk.start, passage.chunk.end),
        page=article.info.page_at(scored.span.start),
        retrieval=passage.scores,
        reader_score=scored.score,
    )


def nearest(number: int, passage: Passage, article: Article, scored: ScoredSpan | None) -> Nearest:
    """Describe a near passage by the sentence of its best span, else by its first.

    Raises:
        CitationError: If the passage is not a slice of the article.
    """
    _check_passage(passage, article)
    around = passage.chunk.sentences[0] if scored is None else sentence_around(passage, scored.span)
    return Nearest(
        number=number,
        article=passage.article.without_pages(),
        sentence=article.text[slice(*around)],
        sentence_span=around,
        passage_span=Span(passage.chunk.start, passage.chunk.end),
        page=article.info.page_at(around.start),
        retrieval=passage.scores,
        reader_score=None if scored is None else scored.score,
    )


def _check_passage(passage: Passage, article: Article) -> None:
    chunk = passage.chunk
    if article.info.id != chunk.article_id or article.text[chunk.start : chunk.end] != chunk.text:
        raise CitationError(
            f"chunk {passage.chunk_id} is not [{chunk.start}, {chunk.end}) of article "
            f"'{article.info.id}'; rebuild the index"
        )
