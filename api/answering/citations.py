"""Spans -> citations, each checked against the article's own text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.answers import Citation, Nearest
from api.answering.errors import CitationError
from index.records import Span

if TYPE_CHECKING:
    from api.answering.reading.reader import ScoredSpan
    from index.records import Article, Passage


def cite(number: int, found: ScoredSpan, passage: Passage, article: Article) -> Citation:
    """Cite a span of a passage.

    Raises:
        CitationError: If the passage is not the slice of the article that it claims to be.
    """
    _check_passage(passage, article)
    around = sentence_around(passage, found.span)
    return Citation(
        number=number,
        article=passage.article,
        quote=article.text[slice(*found.span)],
        span=found.span,
        sentence=article.text[slice(*around)],
        sentence_span=around,
        passage_span=Span(passage.chunk.start, passage.chunk.end),
        page=article.info.page_at(found.span.start),
        retrieval=passage.scores,
        reader_score=found.score,
    )


def nearest(number: int, passage: Passage, article: Article, found: ScoredSpan | None) -> Nearest:
    """Describe a passage that came near: its sentence with the best span, else its first.

    Raises:
        CitationError: If the passage is not the slice of the article that it claims to be.
    """
    _check_passage(passage, article)
    around = passage.chunk.sentences[0] if found is None else sentence_around(passage, found.span)
    return Nearest(
        number=number,
        article=passage.article,
        sentence=article.text[slice(*around)],
        sentence_span=around,
        passage_span=Span(passage.chunk.start, passage.chunk.end),
        page=article.info.page_at(around.start),
        retrieval=passage.scores,
        reader_score=None if found is None else found.score,
    )


def sentence_around(passage: Passage, span: Span) -> Span:
    """Find the sentence that holds a span, or the stretch of sentences that it runs over."""
    touched = [
        sentence
        for sentence in passage.chunk.sentences
        if sentence.start < span.end and span.start < sentence.end
    ]
    starts = [sentence.start for sentence in touched]
    ends = [sentence.end for sentence in touched]
    return Span(min([*starts, span.start]), max([*ends, span.end]))


def _check_passage(passage: Passage, article: Article) -> None:
    chunk = passage.chunk
    if article.info.id != chunk.article_id or article.text[chunk.start : chunk.end] != chunk.text:
        raise CitationError(
            f"chunk {passage.chunk_id} is not [{chunk.start}, {chunk.end}) of article "
            f"'{article.info.id}'; rebuild the index"
        )
