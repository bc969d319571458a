"""The connector for LlamaIndex."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.conftest import META

pytest.importorskip("llama_index.core", reason="the extra 'llama-index' is not installed")

from api.connectors.llama_index import ArticleQueryEngine, ArticleRetriever

if TYPE_CHECKING:
    from api.client import Client

QUESTION = "How much capital expenditure at Meta?"


def test_query_engine_cites_the_sentence(service: Client) -> None:
    engine = ArticleQueryEngine(service, max_answers=1)
    response = engine.query(QUESTION)
    assert str(response).startswith(f"{META} [1] (")
    node = response.source_nodes[0].node
    assert node.get_content() == META
    place = slice(node.metadata["quote_start"], node.metadata["quote_end"])
    assert service.article("meta").text[place] == node.metadata["quote"] == META
    assert response.metadata is not None
    assert response.metadata["status"] == "answered"
    assert str(asyncio.run(engine.aquery(QUESTION))) == str(response)


def test_query_engine_abstains_in_plain_words(service: Client) -> None:
    response = ArticleQueryEngine(service).query("Who runs Google?")
    assert "No article mentions 'Google'." in str(response)
    assert response.source_nodes == []


def test_retriever_finds_within_the_filters(service: Client) -> None:
    retriever = ArticleRetriever(service, top_k=2, filters={"sources": ["Sample Wire"]})
    (found,) = retriever.retrieve("2025 billion")
    assert found.node.metadata["article_id"] == "meta"
    assert found.score is not None
    text = service.article("meta").text
    assert text[found.node.metadata["start"] : found.node.metadata["end"]] == found.text
    assert asyncio.run(retriever.aretrieve("2025 billion")) == [found]
