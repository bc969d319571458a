"""The connector for Haystack."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import pytest

from tests.conftest import META

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from api.client import Client

QUESTION = "How much capital expenditure at Meta?"


@pytest.fixture(scope="module")
def connector() -> Iterator[ModuleType]:
    """The connector; imported here, so that only the process that tests it imports the library."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HAYSTACK_TELEMETRY_ENABLED", "False")  # read when it is imported
        pytest.importorskip("haystack", reason="the extra 'haystack' is not installed")
        yield importlib.import_module("api.connectors.haystack")


def test_answerer_cites_the_sentence(connector: ModuleType, service: Client) -> None:
    pipeline = importlib.import_module("haystack").Pipeline()
    pipeline.add_component("answerer", connector.ArticleAnswerer(service, max_answers=1))
    result = pipeline.run({"answerer": {"query": QUESTION}})["answerer"]
    (answer,) = result["answers"]
    assert (answer.data, answer.query) == (META, QUESTION)
    assert answer.score == result["reply"]["confidence"]
    offset = answer.document_offset
    assert answer.document.content[offset.start : offset.end] == META
    (cited, *_) = answer.meta["citations"]
    text = service.article(cited["article_id"]).text
    assert text[cited["quote_start"] : cited["quote_end"]] == cited["quote"] == META
    assert result["text"].startswith(f"{META} [1] (")


def test_answerer_abstains_in_plain_words(connector: ModuleType, service: Client) -> None:
    result = connector.ArticleAnswerer(service).run(query="Who runs Google?")
    assert result["answers"] == []
    assert "No article mentions 'Google'." in result["text"]


def test_retriever_finds_within_the_filters(connector: ModuleType, service: Client) -> None:
    retriever = connector.ArticleRetriever(service, top_k=2, filters={"sources": ["Sample Wire"]})
    (document,) = retriever.run(query="2025 billion")["documents"]
    assert document.meta["article_id"] == "meta"
    text = service.article("meta").text
    assert text[document.meta["start"] : document.meta["end"]] == document.content
