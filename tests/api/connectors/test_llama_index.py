"""The connector for LlamaIndex."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

import pytest

from tests.conftest import META

if TYPE_CHECKING:
    from types import ModuleType

    from api.client import Client

QUESTION = "How much capital expenditure at Meta?"


@pytest.fixture(scope="module")
def connector() -> ModuleType:
    """The connector; imported here, so that only the process that tests it imports the library."""
    pytest.importorskip("llama_index.core", reason="the extra 'llama-index' is not installed")
    return importlib.import_module("api.connectors.llama_index")


def test_query_engine_cites_the_sentence(connector: ModuleType, service: Client) -> None:
    engine = connector.ArticleQueryEngine(service, max_answers=1)
    response = engine.query(QUESTION)
    assert str(response).startswith(f"{META} [1] (")
    node = response.source_nodes[0].node
    assert node.get_content() == META
    place = slice(node.metadata["quote_start"], node.metadata["quote_end"])
    assert service.article("meta").text[place] == node.metadata["quote"] == META
    assert response.metadata is not None
    assert response.metadata["status"] == "answered"
    assert str(asyncio.run(engine.aquery(QUESTION))) == str(response)


def test_query_engine_abstains_in_plain_words(connector: ModuleType, service: Client) -> None:
    response = connector.ArticleQueryEngine(service).query("Who runs Google?")
    assert "No article mentions 'Google'." in str(response)
    assert response.source_nodes == []


def test_retriever_finds_within_the_filters(connector: ModuleType, service: Client) -> None:
    retriever = connector.ArticleRetriever(service, top_k=2, filters={"sources": ["Sample Wire"]})
    (found,) = retriever.retrieve("2025 billion")
    assert found.node.metadata["article_id"] == "meta"
    assert found.score is not None
    text = service.article("meta").text
    assert text[found.node.metadata["start"] : found.node.metadata["end"]] == found.text
    assert asyncio.run(retriever.aretrieve("2025 billion")) == [found]
