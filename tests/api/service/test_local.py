"""The service in this process gives the replies that it gives over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.client import Client
from api.schemas import ArticleWithText
from api.service import local as in_process
from api.service.local import LocalService, RefusedError
from index.errors import ArticleNotFoundError, IndexMissingError
from tests.conftest import ARTICLES, META, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi.testclient import TestClient
    from pydantic import BaseModel

    from api.client import Service
    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

QUESTION = "How much  capital\nexpenditure at Meta?"
ASKS: list[Callable[[Service], BaseModel]] = [
    lambda service: service.ask(QUESTION),
    lambda service: service.ask("Who runs Google?", min_confidence=0.9),
    lambda service: service.ask(QUESTION, max_answers=1, top_k=2, filters={"tags": ["capex"]}),
    lambda service: service.ask_batch([QUESTION, "Rain?"], filters={"published_to": "2025-03-01"}),
    lambda service: service.search(QUESTION, top_k=2),
    lambda service: service.search("rain", filters={"article_ids": ["rain"]}),
    lambda service: service.search("rain", filters=None),
    lambda service: service.verify(service.ask(QUESTION).citations),
    lambda service: service.facets(),
    lambda service: service.articles(),
    lambda service: service.articles(tag=["capex"], offset=1, limit=1),
    lambda service: service.articles(published_from="2025-04-01"),
    lambda service: service.article("meta"),
    lambda service: service.index(),
]
WRONG: list[Callable[[Service], object]] = [
    lambda service: service.ask(" "),
    lambda service: service.ask("Why?", top_k=0),
    lambda service: service.ask("Why?", filters={"published_from": "soon"}),
    lambda service: service.ask_batch([]),
    lambda service: service.search("Why?", top_k=51),
    lambda service: service.verify([]),
    lambda service: service.articles(limit=0),
    lambda service: service.articles(published_from="2025-02-01", published_to="2025-01-01"),
]


@pytest.fixture
def remote(client: TestClient) -> Client:
    return Client("http://127.0.0.1:8000", transport=client._transport)


@pytest.fixture
def local(
    client: TestClient, settings: Settings, models: Models, monkeypatch: pytest.MonkeyPatch
) -> LocalService:
    monkeypatch.setattr(in_process, "load_models", lambda _: models)
    return LocalService.open(settings)


def _without_times(reply: BaseModel) -> dict[str, Any]:
    """A reply without times, nor where files are, which only a server sends."""
    body = reply.model_dump(exclude={"timings_ms", "original", "original_type", "originals"})
    for response in body.get("responses", []):
        del response["timings_ms"]
    return body


@pytest.mark.parametrize("ask", ASKS)
def test_replies_are_those_of_the_server(
    local: LocalService, remote: Client, ask: Callable[[Service], BaseModel]
) -> None:
    here, there = ask(local), ask(remote)
    assert type(here) is type(there)
    assert _without_times(here) == _without_times(there)


def test_answers_are_found(local: LocalService) -> None:
    assert local.ask(QUESTION).answer == META
    article = local.article("meta")
    assert article == ArticleWithText.model_validate(article.model_dump())
    assert (article.text, article.original) == (ARTICLES[0]["text"], None)


@pytest.mark.parametrize("ask", WRONG)
def test_wrong_requests_are_refused_for_the_same_reason(
    local: LocalService, remote: Client, ask: Callable[[Service], object]
) -> None:
    with pytest.raises(RefusedError) as here:
        ask(local)
    with pytest.raises(Exception, match="422") as there:
        ask(remote)
    (reason,) = str(here.value).split("; ")
    assert reason in str(there.value)


def test_unknown_article_is_not_found(local: LocalService, remote: Client) -> None:
    for service in (local, remote):
        with pytest.raises(ArticleNotFoundError, match="article 'none': not in the index"):
            service.article("none")


def test_newest_generation_is_asked_and_one_that_is_damaged_is_not(
    local: LocalService,
    corpus_dir: Path,
    index_dir: Path,
    build: Callable[[], BuildSummary],
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = local.index().index_version
    write_articles(corpus_dir, [{"id": "new", "text": "Something new happened."}])
    second = build().index_version
    assert first != local.index().index_version == second
    write_articles(corpus_dir, ARTICLES)
    third = build().index_version
    (index_dir / "generations" / third / "manifest.json").write_text("{", encoding="utf-8")
    for _ in range(2):
        assert local.search("new").index_version == second
    # A service of another test may follow the same generations in its own thread.
    assert {
        record.message for record in caplog.records if "cannot be served" in record.message
    } == {"the new index cannot be served; the old one stays"}


def test_missing_index_is_said_before_models_are_loaded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_process, "load_models", lambda _: pytest.fail("loaded"))
    with pytest.raises(IndexMissingError, match="build one with"):
        LocalService.open(settings)
