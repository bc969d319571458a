"""A server over HTTP is asked and judged as the index in this process is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from api.client import Client
from api.schemas import examples
from index.errors import ArticleQAError
from index.generations.generation import open_current
from index.loading.gold import load_gold_set
from scripts.evaluation.asking import LocalSystem, System
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.evaluating import evaluate
from tests.conftest import ARTICLES, META
from tests.scripts.evaluation.making import QUICK, write_gold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi.testclient import TestClient

    from api.service.models import Models


def _local(index_dir: Path, models: Models) -> LocalSystem:
    return LocalSystem("here", open_current(index_dir, models.encoder), models)


def _server_of(client: TestClient) -> System:
    return System("here", Client("http://127.0.0.1:8000", transport=client._transport))


def test_server_and_index_give_the_same_result(
    client: TestClient, index_dir: Path, models: Models, tmp_path: Path
) -> None:
    gold = load_gold_set(write_gold(tmp_path / "gold.jsonl"))
    local = evaluate(gold, _local(index_dir, models), top_k=8, bootstrap=QUICK)
    served = evaluate(gold, _server_of(client), top_k=8, bootstrap=QUICK)
    assert served.settings.index_version == local.settings.index_version
    assert (served.settings.reader, served.settings.threshold) == (None, None)
    for one, other in zip(local.questions, served.questions, strict=True):
        assert one.model_copy(update={"timings_ms": {}}) == other.model_copy(
            update={"timings_ms": {}}
        )


def test_server_and_index_know_the_same_articles_texts_and_passages(
    client: TestClient, index_dir: Path, models: Models
) -> None:
    local, server = _local(index_dir, models), _server_of(client)
    assert server.article_ids() == local.article_ids() == {one["id"] for one in ARTICLES}
    for article in ("meta", "none", "folder/none?x=1"):
        assert server.text(article) == local.text(article)
        assert server.original(article) == local.original(article)
        assert sorted(server.passages(article)) == sorted(local.passages(article))
    assert META in (local.text("meta") or "")


def _server(*replies: httpx2.Response, sleep: Callable[[float], None] = time.sleep) -> System:
    """A server that gives these replies, one after the other, once it has told its index."""
    queue = [httpx2.Response(200, json=examples.INDEX), *replies]
    transport = httpx2.MockTransport(lambda request: queue.pop(0))
    client = Client("http://server", transport=transport, sleep=sleep, max_wait=60)
    return System("http://server", client)


def test_server_that_is_busy_is_asked_again_when_it_says() -> None:
    waited: list[float] = []
    busy = httpx2.Response(503, headers={"Retry-After": "2"})
    limited = httpx2.Response(429, headers={"Retry-After": "50"})
    known = examples.ARTICLE | {"id": "a", "text": "It rained."}
    server = _server(busy, limited, httpx2.Response(200, json=known), sleep=waited.append)
    assert server.text("a") == "It rained."
    assert waited == [2, 50]
    late = httpx2.Response(429, headers={"Retry-After": "61"})
    with pytest.raises(ArticleQAError, match="429"):
        _server(late, sleep=waited.append).article_ids()


def test_index_that_changes_meanwhile_is_refused(
    index_dir: Path,
    models: Models,
    tmp_path: Path,
    build: Callable[[], Any],
    client: TestClient,
) -> None:
    gold = load_gold_set(write_gold(tmp_path / "gold.jsonl"))
    server = _server_of(client)
    server.index_version = "older"
    with pytest.raises(EvaluationError, match=r"several indexes replied, .*older: it was rebuilt"):
        evaluate(gold, server, top_k=8, bootstrap=QUICK)
