"""Citations on the wire, and what became of earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.verifying import CitedQuote, verify
from api.schemas import CitationOut, NearestOut, VerifiedQuoteOut, VerifyResponse
from api.translation.articles import from_article
from api.translation.passages import from_scores

if TYPE_CHECKING:
    from api.answering.answers import Citation, Nearest
    from api.schemas import VerifyRequest
    from index.generations.generation import Generation


def from_citation(citation: Citation) -> CitationOut:
    """A citation on the wire."""
    return CitationOut(
        number=citation.number,
        article=from_article(citation.article),
        quote=citation.quote,
        start=citation.span.start,
        end=citation.span.end,
        sentence=citation.sentence,
        sentence_start=citation.sentence_span.start,
        sentence_end=citation.sentence_span.end,
        before=citation.before,
        before_start=None if citation.before_span is None else citation.before_span.start,
        before_end=None if citation.before_span is None else citation.before_span.end,
        passage_start=citation.passage_span.start,
        passage_end=citation.passage_span.end,
        page=citation.page,
        scores=from_scores(citation.retrieval, citation.reader_score),
    )


def from_nearest(item: Nearest) -> NearestOut:
    """The sentence nearest to a question that was not answered, on the wire."""
    return NearestOut(
        number=item.number,
        article=from_article(item.article),
        sentence=item.sentence,
        sentence_start=item.sentence_span.start,
        sentence_end=item.sentence_span.end,
        passage_start=item.passage_span.start,
        passage_end=item.passage_span.end,
        page=item.page,
        scores=from_scores(item.retrieval, item.reader_score),
    )


def from_quotes(generation: Generation, request: VerifyRequest) -> VerifyResponse:
    """What became of quotes in this index."""
    quotes = [CitedQuote(quote.article_id, quote.quote, quote.start) for quote in request.quotes]
    return VerifyResponse(
        quotes=[
            VerifiedQuoteOut(
                status=found.status,
                start=None if found.span is None else found.span.start,
                end=None if found.span is None else found.span.end,
                page=found.page,
            )
            for found in verify(quotes, generation.articles)
        ],
        index_version=generation.version,
    )
