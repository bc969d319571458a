"""Citations: spans with their sentence and article, checked against the article's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.answers import Citation, Nearest
from api.answering.errors import CitationError
from api.answering.sentences import refers_back, sentence_around, sentence_before
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Article, Chunk, Passage


def cite(
    number: int,
    scored: ScoredSpan,
    passage: Passage,
    article: Article,
    chunks_of_article: Callable[[], Sequence[Chunk]] = tuple,
) -> Citation:
    """Cite a span of a passage.

    Args:
        number: The citation's number in the reply.
        scored: The span.
        passage: The passage that holds it.
        article: The article that holds the passage.
        chunks_of_article: Loads the article's chunks, where the sentence before is in another one.

    Raises:
        CitationError: If the passage is not a slice of the article.
    """
    _check_passage(passage, article)
    around = sentence_around(passage, scored.span)
    sentence = article.text[slice(*around)]
    before = None
    if refers_back(sentence):
        before = sentence_before(passage.chunk, around.start, chunks_of_article)
    return Citation(
        number=number,
        article=passage.article.without_pages(),
        quote=article.text[slice(*scored.span)],
        span=scored.span,
        sentence=sentence,
        sentence_span=around,
        before=None if before is None else article.text[slice(*before)],
        before_span=before,
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
