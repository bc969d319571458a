"""LlamaIndex: a retriever of passages, and a query engine that answers with citations."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from api.cited_text import cited_text
from api.connectors import needs_extra
from api.connectors.sources import (
    citation_id,
    citation_metadata,
    passage_id,
    passage_metadata,
)

with needs_extra("llama-index"):
    from llama_index.core.base.base_query_engine import BaseQueryEngine
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.base.response.schema import Response
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

if TYPE_CHECKING:
    from typing import Unpack

    from api.client import Client
    from api.client.calls import AskOptions, SearchOptions


class ArticleRetriever(BaseRetriever):
    """Retrieves the passages that best match a question, best first.

    Args:
        client: A client of the service.
        options: ``top_k`` and ``filters``, as `Client.search` takes them.
    """

    def __init__(self, client: Client, **options: Unpack[SearchOptions]) -> None:
        super().__init__()
        self._client = client
        self._options = options

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._client.search(query_bundle.query_str, **self._options)
        return [
            _node(
                passage_id(passage),
                passage.text,
                passage_metadata(passage),
                passage.scores.fused,
            )
            for passage in found.passages
        ]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class ArticleQueryEngine(BaseQueryEngine):
    """Answers a question with the exact words of the articles, or abstains.

    The response is a text with numbered citations, or says why there is none; its nodes are the
    cited sentences, its metadata the whole reply.

    Args:
        client: A client of the service.
        options: How to ask, as `Client.ask` takes it.
    """

    def __init__(self, client: Client, **options: Unpack[AskOptions]) -> None:
        super().__init__(callback_manager=None)
        self._client = client
        self._options = options

    def _query(self, query_bundle: QueryBundle) -> Response:
        reply = self._client.ask(query_bundle.query_str, **self._options)
        return Response(
            response=cited_text(reply).text,
            source_nodes=[
                _node(
                    citation_id(citation),
                    citation.sentence,
                    citation_metadata(citation),
                    citation.scores.fused,
                )
                for citation in reply.citations
            ],
            metadata=reply.model_dump(mode="json"),
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


def _node(name: str, text: str, metadata: dict[str, Any], score: float) -> NodeWithScore:
    node = TextNode(
        id_=name,
        text=text,
        metadata=metadata,
        start_char_idx=metadata["start"],
        end_char_idx=metadata["end"],
    )
    return NodeWithScore(node=node, score=score)
