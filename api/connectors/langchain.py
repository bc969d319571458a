"""LangChain: a retriever of passages, and a runnable that answers with citations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from api.cited_text import cited_text
from api.client import Client  # noqa: TC001 - pydantic reads it
from api.connectors import needs_extra
from api.connectors.sources import (
    citation_id,
    citation_metadata,
    passage_id,
    passage_metadata,
)

with needs_extra("langchain"):
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable
    from pydantic import ConfigDict, Field

if TYPE_CHECKING:
    from typing import Unpack

    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.runnables import RunnableConfig

    from api.client.calls import AskOptions
    from api.schemas import AskResponse


class ArticleRetriever(BaseRetriever):
    """Retrieves the passages that best match a question, best first.

    Attributes:
        client: A client of the service.
        options: ``top_k`` and ``filters``, as `Client.search` takes them.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    client: Client
    options: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain passes it
    ) -> list[Document]:
        return [
            Document(
                id=passage_id(passage),
                page_content=passage.text,
                metadata=passage_metadata(passage),
            )
            for passage in self.client.search(query, **self.options).passages
        ]


class CitedAnswer(TypedDict):
    """An answer in text with numbered citations, the cited sentences, and the whole reply.

    ``answer`` says why there is none where the reply abstains; ``documents`` is empty then.
    """

    question: str
    answer: str
    documents: list[Document]
    reply: AskResponse


class ArticleAnswerer(Runnable[str, CitedAnswer]):
    """Answers a question with the exact words of the articles, or abstains.

    Args:
        client: A client of the service.
        options: How to ask, as `Client.ask` takes it.
    """

    def __init__(self, client: Client, **options: Unpack[AskOptions]) -> None:
        self._client = client
        self._options = options

    def invoke(
        self,
        input: str,  # noqa: A002 - LangChain's name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> CitedAnswer:
        """Answer one question."""
        return self._call_with_config(self._answer, input, config, **kwargs)

    def _answer(self, question: str) -> CitedAnswer:
        reply = self._client.ask(question, **self._options)
        return CitedAnswer(
            question=question,
            answer=cited_text(reply).text,
            documents=[
                Document(
                    id=citation_id(citation),
                    page_content=citation.sentence,
                    metadata=citation_metadata(citation),
                )
                for citation in reply.citations
            ],
            reply=reply,
        )
