"""Replies of a service whose index is in shards, of which some do not answer."""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from api.main import create_app
from api.service.serving import Serving
from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.errors import IndexCorruptError, ShardLostError
from index.generations.generation import current_folder, open_current
from index.records import ShardCount
from index.retriever import Retriever
from index.stores.sharding.placement import shard_of
from index.stores.sharding.shards import ArticleById, ChunksById
from tests.conftest import ARTICLES, META, FakeEncoder, write_articles
from tests.index.fake_ray import install_fake

if TYPE_CHECKING:
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.stores.sharding.shards import Shard

QUESTION = "How much is Meta spending?"
RAIN = "Where did it rain all day?"
SHARDS = 3  # the articles of Meta and of the rain are in different ones
LOST = shard_of("rain", SHARDS)
NAME = f"{LOST}-of-{SHARDS}"


@pytest.fixture
def fleet(corpus_dir: Path, index_dir: Path, encoder: FakeEncoder) -> Path:
    """The folder of a generation in shards."""
    assert shard_of("meta", SHARDS) != LOST
    options = BuildOptions(shards=SHARDS)
    build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), options)
    return current_folder(index_dir)


def _ask(client: TestClient, question: str, **options: object) -> dict[str, Any]:
    body = {"question": question, "min_confidence": 0, **options}
    reply = client.post("/v1/ask", json=body)
    assert reply.status_code == 200, reply.text
    stated: dict[str, Any] = reply.json()
    return stated


def test_reply_of_all_shards_says_so(settings: Settings, models: Models, fleet: Path) -> None:
    with TestClient(create_app(settings, models)) as client:
        reply = _ask(client, QUESTION)
        assert (reply["status"], reply["shards"]) == ("answered", {"answered": 2, "of": 2})
        searched = client.post("/v1/search", json={"question": QUESTION}).json()
        assert searched["shards"] == {"answered": 2, "of": 2}
    assert len(list((fleet / "shards").iterdir())) == 2, "one of three has no articles"


def test_reply_of_an_index_without_shards_does_not_mention_them(shared_client: TestClient) -> None:
    assert "shards" not in _ask(shared_client, QUESTION)
    assert "shards" not in shared_client.post("/v1/search", json={"question": QUESTION}).json()


@pytest.mark.parametrize("damage", ["missing", "vectors.faiss", "articles.sqlite"])
def test_service_that_starts_without_a_damaged_shard_abstains_unless_allowed(
    settings: Settings,
    models: Models,
    fleet: Path,
    damage: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    shard = fleet / "shards" / NAME
    if damage == "missing":
        shutil.rmtree(shard)
    else:
        (shard / damage).write_bytes(b"?")
    with TestClient(create_app(settings, models)) as client:
        assert f"shard {LOST} of index {fleet.name} is left out" in caplog.text
        assert f"shards/{NAME}" in caplog.text
        for _ in range(2):  # nothing partial is kept
            reply = _ask(client, QUESTION)
            assert (reply["status"], reply["shards"]) == ("abstained", {"answered": 1, "of": 2})
            assert reply["abstention"]["reason"].startswith("Only 1 of 2 shards of the index answ")
            partial = _ask(client, QUESTION, allow_partial=True)
            assert (partial["status"], partial["shards"]) == ("answered", reply["shards"])
            assert partial["citations"][0]["article"]["id"] == "meta"
        assert "qa_partial_total 4.0" in client.get("/metrics").text
        found = client.post("/v1/search", json={"question": RAIN, "top_k": 9}).json()
        assert found["shards"] == {"answered": 1, "of": 2}
        assert {passage["article"]["id"] for passage in found["passages"]} <= {"meta", "microsoft"}
        lost = client.get("/v1/articles/rain")
        assert (lost.status_code, lost.headers["Retry-After"]) == (503, "5")
        assert f"no answer from these shards of the index: {NAME};" in lost.json()["detail"]
        listed = client.get("/v1/articles").json()
        assert [article["id"] for article in listed["articles"]] == ["meta", "microsoft", "rain"]


def test_service_asks_the_shards_that_a_cluster_serves(
    settings: Settings, models: Models, fleet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray = install_fake(monkeypatch)
    served = settings.model_copy(update={"serve_ray": "auto", "shard_replicas": 2})
    with TestClient(create_app(served, models)) as client:
        reply = _ask(client, QUESTION)
        assert (reply["status"], reply["shards"]) == ("answered", {"answered": 2, "of": 2})
        assert len(ray.actors) == 4
        for actor in ray.actors[2:]:  # of the shard of the rain
            actor.lost = True
        reply = _ask(client, f"{QUESTION} Now?")
        assert (reply["status"], reply["shards"]) == ("abstained", {"answered": 1, "of": 2})
        assert reply["index_version"] == fleet.name
    assert ray.left


def test_index_is_served_without_shards_only_where_there_is_no_other(
    settings: Settings, models: Models, fleet: Path, corpus_dir: Path, encoder: FakeEncoder
) -> None:
    serving = Serving(settings.index_dir, models)
    write_articles(corpus_dir, ARTICLES[::-1])
    options = BuildOptions(shards=SHARDS)
    build_index(corpus_dir, settings.index_dir, encoder, ChunkingParameters(), options)
    shutil.rmtree(current_folder(settings.index_dir) / "shards" / NAME)
    with pytest.raises(IndexCorruptError, match=f"{NAME}/.*--rollback"):
        serving.refresh()
    assert serving.current().generation.version == fleet.name
    shutil.rmtree(current_folder(settings.index_dir) / "shards")
    with pytest.raises(IndexCorruptError, match="No such file or directory"):
        Serving(settings.index_dir, models)


def test_shard_whose_disk_fails_while_asked_is_left_out(
    index_dir: Path, fleet: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    del fleet
    generation = open_current(index_dir, encoder)
    retriever = Retriever(generation, encoder)
    whole = retriever.retrieve(RAIN, 9)
    assert (whole.shards, whole.lost) == (ShardCount(2, 2), frozenset())
    calls: list[type] = []

    def fail(call: ChunksById, shard: Shard) -> object:
        calls.append(type(call))
        if generation.articles.shards._shards[LOST] is shard:  # type: ignore[attr-defined]
            raise sqlite3.OperationalError("disk I/O error")
        return original(call, shard)

    # The vectors are in memory: only loading the chunks fails, so that it is searched once more.
    original = ChunksById.__call__
    monkeypatch.setattr(ChunksById, "__call__", fail)
    partial = retriever.retrieve(RAIN, 9)
    assert (partial.shards, partial.lost) == (ShardCount(1, 2), frozenset({LOST}))
    others = [passage.chunk_id for passage in whole.passages if passage.article.id != "rain"]
    assert [passage.chunk_id for passage in partial.passages] == others
    assert calls.count(ChunksById) == 3
    again = retriever.retrieve(RAIN, 9, lost=partial.lost)
    assert again.shards == partial.shards
    with pytest.raises(ShardLostError, match=NAME):
        retriever.retrieve(RAIN, 9, lost=frozenset())
    with pytest.raises(ShardLostError, match=NAME):
        generation.articles.chunks([2])
    generation.close()


def test_article_of_a_shard_that_fails_is_asked_for_again_later(
    settings: Settings, models: Models, fleet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del fleet
    with TestClient(create_app(settings, models)) as client:
        before = _ask(client, QUESTION)
        assert before["citations"][0]["sentence"] == META

        def fail(*_: object) -> object:
            raise OSError("disk gone")

        monkeypatch.setattr(ArticleById, "__call__", fail)
        # What it has found cannot be cited, and it has said that all shards answered.
        lost = client.post("/v1/ask", json={"question": f"{QUESTION} Now?", "min_confidence": 0})
        assert (lost.status_code, lost.headers["Retry-After"]) == (503, "5")
        assert _ask(client, QUESTION) | {"timings_ms": 0} == before | {"timings_ms": 0}
