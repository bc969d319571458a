"""The connector for LangChain."""

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
    pytest.importorskip("langchain_core", reason="the extra 'langchain' is not installed")
    return importlib.import_module("api.connectors.langchain")


def test_answerer_cites_the_sentence(connector: ModuleType, service: Client) -> None:
    answer = connector.ArticleAnswerer(service, max_answers=1).invoke(QUESTION)
    assert answer["answer"].startswith(f"{META} [1] (")
    assert answer["reply"].answer == META
    (document,) = [each for each in answer["documents"] if each.metadata["number"] == 1]
    assert document.page_content == META
    article = service.article(document.metadata["article_id"])
    place = slice(document.metadata["quote_start"], document.metadata["quote_end"])
    assert article.text[place] == document.metadata["quote"] == META


def test_answerer_abstains_in_plain_words(connector: ModuleType, service: Client) -> None:
    answer = connector.ArticleAnswerer(service).invoke("Who runs Google?")
    assert "No article mentions 'Google'." in answer["answer"]
    assert answer["documents"] == []


def test_answerer_is_a_part_of_a_chain(connector: ModuleType, service: Client) -> None:
    runnables = importlib.import_module("langchain_core.runnables")
    parsers = importlib.import_module("langchain_core.output_parsers")
    answer = runnables.RunnableLambda(lambda x: x["answer"])
    chain = connector.ArticleAnswerer(service) | answer | parsers.StrOutputParser()
    assert asyncio.run(chain.ainvoke(QUESTION)).startswith(META)


def test_retriever_finds_within_the_filters(connector: ModuleType, service: Client) -> None:
    retriever = connector.ArticleRetriever(
        client=service, options={"top_k": 2, "filters": {"sources": ["Sample Wire"]}}
    )
    (document,) = retriever.invoke("2025 billion")
    assert document.metadata["article_id"] == "meta"
    assert document.metadata["published_at"] == "2025-04-30"
    text = service.article("meta").text
    place = slice(document.metadata["start"], document.metadata["end"])
    assert text[place] == document.page_content
