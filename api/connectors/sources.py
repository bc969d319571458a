"""What the documents of all frameworks say of their source: article, place and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.schemas import CitationOut, PassageOut


def passage_id(passage: PassageOut) -> str:
    """Name a passage by its article and its place in it."""
    return f"{passage.article.id}#{passage.start}-{passage.end}"


def citation_id(citation: CitationOut) -> str:
    """Name a cited sentence by its article and its place in it."""
    return f"{citation.article.id}#{citation.sentence_start}-{citation.sentence_end}"


def passage_metadata(passage: PassageOut) -> dict[str, Any]:
    """Metadata of a document whose text is a passage: ``article.text[start:end]``."""
    return {
        **_metadata(passage),
        "start": passage.start,
        "end": passage.end,
        "context": passage.context,
    }


def citation_metadata(citation: CitationOut) -> dict[str, Any]:
    """Metadata of a document whose text is the sentence of a citation.

    ``article.text[start:end]`` is that sentence, ``article.text[quote_start:quote_end]`` the quote.
    """
    return {
        **_metadata(citation),
        "start": citation.sentence_start,
        "end": citation.sentence_end,
        "quote": citation.quote,
        "quote_start": citation.start,
        "quote_end": citation.end,
    }


def _metadata(item: PassageOut | CitationOut) -> dict[str, Any]:
    article = item.article.model_dump(
        mode="json", include={"title", "url", "source", "author", "published_at", "tags"}
    )
    return {
        "number": item.number,
        "article_id": item.article.id,
        **article,
        "page": item.page,
        "scores": item.scores.model_dump(),
    }
