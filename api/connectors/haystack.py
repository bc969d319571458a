"""Haystack: components that retrieve passages and answer with citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.cited_text import cited_text
from api.connectors import needs_extra
from api.connectors.sources import (
    citation_id,
    citation_metadata,
    passage_id,
    passage_metadata,
)

with needs_extra("haystack"):
    from haystack import Document, component
    from haystack.dataclasses import ExtractedAnswer

if TYPE_CHECKING:
    from typing import Unpack

    from api.client import Client
    from api.client.calls import AskOptions, SearchOptions
    from api.schemas import AnswerOut, CitationOut


@component
class ArticleRetriever:
    """Retrieves the passages that best match a question, best first.

    Args:
        client: A client of the service.
        options: ``top_k`` and ``filters``, as `Client.search` takes them.
    """

    def __init__(self, client: Client, **options: Unpack[SearchOptions]) -> None:
        self._client = client
        self._options = options

    @component.output_types(documents=list[Document])
    def run(self, query: str) -> dict[str, Any]:
        """Retrieve; ``documents`` are the passages."""
        return {
            "documents": [
                Document(
                    id=passage_id(passage),
                    content=passage.text,
                    meta=passage_metadata(passage),
                    score=passage.scores.fused,
                )
                for passage in self._client.search(query, **self._options).passages
            ]
        }


@component
class ArticleAnswerer:
    """Answers a question with the exact words of the articles, or abstains.

    Args:
        client: A client of the service.
        options: How to ask, as `Client.ask` takes it.
    """

    def __init__(self, client: Client, **options: Unpack[AskOptions]) -> None:
        self._client = client
        self._options = options

    @component.output_types(answers=list[ExtractedAnswer], text=str, reply=dict[str, Any])
    def run(self, query: str) -> dict[str, Any]:
        """Answer; ``answers`` is empty where the reply abstains, and ``text`` says why.

        The score of an answer is its confidence, its document the sentence of its first citation.
        """
        reply = self._client.ask(query, **self._options)
        citations = {citation.number: citation for citation in reply.citations}
        return {
            "answers": [
                _extracted(query, answer, [citations[number] for number in answer.citations])
                for answer in reply.answers
            ],
            "text": cited_text(reply).text,
            "reply": reply.model_dump(mode="json"),
        }


def _extracted(query: str, answer: AnswerOut, citations: list[CitationOut]) -> ExtractedAnswer:
    first = citations[0]
    within = ExtractedAnswer.Span(
        first.start - first.sentence_start, first.end - first.sentence_start
    )
    return ExtractedAnswer(
        query=query,
        score=answer.confidence,
        data=answer.text,
        document=Document(
            id=citation_id(first), content=first.sentence, meta=citation_metadata(first)
        ),
        context=first.sentence,
        document_offset=within,
        context_offset=within,
        meta={"citations": [citation_metadata(citation) for citation in citations]},
    )
