"""A server over HTTP is asked and judged as the index in this process is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from api import examples
from index.errors import EvaluationError
from index.generation import open_current
from scripts.evaluation.asking import LocalIndex, Server
from scripts.evaluation.evaluating import evaluate
from scripts.gold_questions import load_gold_set
from tests.conftest import ARTICLES, META
from tests.evaluation.making import QUICK, write_gold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi.testclient import TestClient

    from api.serving import Models


def _local(index_dir: Path, models: Models) -> LocalIndex:
    return LocalIndex("here", open_current(index_dir, models.encoder), models)


def test_server_and_index_give_the_same_result(
    client: TestClient, index_dir: Path, models: Models, tmp_path: Path
) -> None:
    gold = load_gold_set(write_gold(tmp_path / "gold.jsonl"))
    local = evaluate(gold, _local(index_dir, models), top_k=8, bootstrap=QUICK)
    served = evaluate(gold, Server(client), top_k=8, bootstrap=QUICK)
    assert served.settings.index_version == local.settings.index_version
    assert (served.settings.reader, served.settings.threshold) == (None, None)
    for one, other in zip(local.questions, served.questions, strict=True):
        assert one.model_copy(update={"timings_ms": {}}) == other.model_copy(
            update={"timings_ms": {}}
        )


def test_server_and_index_know_the_same_articles_texts_and_passages(
    client: TestClient, index_dir: Path, models: Models
) -> None:
    local, server = _local(index_dir, models), Server(client)
    assert server.article_ids() == local.article_ids() == {one["id"] for one in ARTICLES}
    for article in ("meta", "none", "folder/none?x=1"):
        assert server.text(article) == local.text(article)
        assert server.original(article) == local.original(article)
        assert sorted(server.passages(article)) == sorted(local.passages(article))
    assert META in (local.text("meta") or "")


def _server(*replies: httpx2.Response) -> Server:
    """A server that gives these replies, one after the other, once it has told its index."""
    index = examples.INDEX
    queue = [httpx2.Response(200, json=index), *replies]
    transport = httpx2.MockTransport(lambda request: queue.pop(0))
    return Server(httpx2.Client(transport=transport, base_url="http://server"))


def test_server_that_is_busy_is_asked_again_when_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    busy = httpx2.Response(503, headers={"Retry-After": "2"})
    limited = httpx2.Response(429, headers={"Retry-After": "9999"})
    known = examples.ARTICLE | {"id": "a", "text": "It rained."}
    server = _server(busy, limited, httpx2.Response(200, json=known))
    assert server.text("a") == "It rained."
    assert waited == [2, 60]


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (lambda: httpx2.Response(500, text="no\ndisk"), "status 500: no disk"),
        (lambda: httpx2.Response(503), "status 503"),
        (lambda: httpx2.Response(200, json={"articles": []}), "field 'total': Field required"),
        (lambda: httpx2.Response(200, text="<html>"), "Invalid JSON"),
    ],
)
def test_server_that_replies_otherwise_is_named(
    reply: Callable[[], httpx2.Response], message: str
) -> None:
    with pytest.raises(EvaluationError, match=f"http://server/v1/articles.*: {message}"):
        _server(reply()).article_ids()


def test_server_that_cannot_be_reached_is_named() -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    client = httpx2.Client(transport=httpx2.MockTransport(refuse), base_url="http://server")
    with pytest.raises(EvaluationError, match="http://server: refused"):
        Server(client)


def test_index_that_changes_meanwhile_is_refused(
    index_dir: Path,
    models: Models,
    tmp_path: Path,
    build: Callable[[], Any],
    client: TestClient,
) -> None:
    gold = load_gold_set(write_gold(tmp_path / "gold.jsonl"))
    server = Server(client)
    server.index_version = "older"
    with pytest.raises(EvaluationError, match=r"several indexes replied, .*older: it was rebuilt"):
        evaluate(gold, server, top_k=8, bootstrap=QUICK)
