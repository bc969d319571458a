"""Shards served by actors: the same passages as in one process, and what a lost replica does."""

from __future__ import annotations

import shutil
import time
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.cluster import Cluster
from index.code_version import code_fingerprint
from index.errors import IndexCorruptError, ShardLostError
from index.generations.generation import Generation, current_folder, open_current
from index.generations.published import PublishedIndex
from index.manifest import read_manifest
from index.records import Filters, ShardCount
from index.retriever import Retriever
from index.stores.sharding import replicas as replicas_module
from index.stores.sharding import served_shards, shard_server
from index.stores.sharding.served_shards import ServedShards
from index.stores.sharding.shard_server import ShardServer
from index.stores.sharding.shards import ShardSize
from tests.conftest import ARTICLES, FakeEncoder, write_articles
from tests.index.fake_ray import FakeRay, install_fake
from tests.storage import folder_storage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.replica_calls import ReplicaCall

SHARDS = (2, 4)
QUESTION = "How much does Meta spend on data centres in 2025?"


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Index folders of the same articles, by their number of shards."""
    folder, encoder = tmp_path_factory.mktemp("served"), FakeEncoder()
    (folder / "corpus").mkdir()
    more = [
        {**article, "id": f"{article['id']} {number}", "text": f"{article['text']} No. {number}."}
        for number in range(5)
        for article in ARTICLES
    ]
    write_articles(folder / "corpus", [*ARTICLES, *more])
    for shards in (1, *SHARDS):
        options = BuildOptions(shards=shards)
        index_dir = folder / str(shards)
        build_index(folder / "corpus", index_dir, encoder, ChunkingParameters(), options)
    return {shards: folder / str(shards) for shards in (1, *SHARDS)}


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    monkeypatch.setattr(replicas_module, "_AVOIDED_SECONDS", 0.0)
    return install_fake(monkeypatch)


@pytest.fixture
def serve(ray: FakeRay, indexes: dict[int, Path]) -> Iterator[Callable[..., Generation]]:
    """Opens an index by its number of shards, whose shards are served by replicas."""
    del ray
    opened = []

    def open_served(
        shards: int, replicas: int = 1, *, partly: bool = False, seconds: float = 0.02
    ) -> Generation:
        served = partial(ServedShards, Cluster("auto"), replicas=replicas, seconds=seconds)
        generation = open_current(
            indexes[shards], FakeEncoder(), partial=partly, open_shards=served
        )
        opened.append(generation)
        return generation

    yield open_served
    for generation in opened:
        generation.close()


@pytest.mark.parametrize("shards", [1, *SHARDS])
def test_passages_are_those_of_one_process(
    serve: Callable[..., Generation], indexes: dict[int, Path], ray: FakeRay, shards: int
) -> None:
    encoder = FakeEncoder()
    whole, served = open_current(indexes[1], encoder), serve(shards)
    assert len(ray.actors) == (0 if shards == 1 else shards)
    for filters in (Filters(), Filters.of(sources=["Sample Wire"]), Filters.of(tags=["none"])):
        for question in (QUESTION, "rain in Dublin", "nobody"):
            expected = Retriever(whole, encoder).retrieve(question, 5, filters, read=9)
            given = Retriever(served, encoder).retrieve(question, 5, filters, read=9)
            assert [(one.chunk, one.article, one.scores.lexical) for one in given.passages] == [
                (one.chunk, one.article, one.scores.lexical) for one in expected.passages
            ]
            assert given.shards == (None if shards == 1 else ShardCount(shards, shards))
    assert served.articles.own("meta 3") == whole.articles.own("meta 3")
    assert served.articles.chunks_of("rain 1") == whole.articles.chunks_of("rain 1")
    assert (served.vectors.vectors() == whole.vectors.vectors()).all()
    whole.close()


def test_nobody_notices_that_a_replica_is_lost(
    serve: Callable[..., Generation], ray: FakeRay, caplog: pytest.LogCaptureFixture
) -> None:
    generation = serve(4, 2)
    retriever = Retriever(generation, FakeEncoder())
    whole = retriever.retrieve(QUESTION, 5).passages
    assert len(ray.actors) == 8
    for lost in ray.actors[::2]:  # one of each shard
        lost.lost = True
    for _ in range(4):  # whose turn it is changes
        assert retriever.retrieve(QUESTION, 5).passages == whole
    assert caplog.text.count("replica 0 of shard") == 4
    ray.actors[1].hung = True  # all of the first shard
    found = retriever.retrieve(QUESTION, 5)
    assert (found.shards, found.lost) == (ShardCount(3, 4), frozenset({0}))
    assert caplog.text.count("does not answer in 0.01 s") == 1
    ray.actors[0].lost = ray.actors[1].hung = False  # begun again
    assert retriever.retrieve(QUESTION, 5).passages == whole


def test_every_call_is_told_once_with_what_came_of_it(
    indexes: dict[int, Path], ray: FakeRay
) -> None:
    told: list[ReplicaCall] = []
    folder = current_folder(indexes[2])
    served = ServedShards(
        Cluster("auto"), folder, read_manifest(folder), 2, seconds=0.02, observe=told.append
    )
    ask = partial(served.ask, dict.fromkeys(range(2), ShardSize()))
    ask()
    ray.actors[1].lost = ray.actors[3].hung = True
    ask()
    assert {(call.shard, call.replica, call.outcome, call.node) for call in told} == {
        (0, 0, "answered", "192.0.2.1"),
        (1, 0, "answered", "192.0.2.1"),
        (0, 1, "failed", ""),
        (1, 1, "late", ""),
    }
    assert len(told) == 6
    for call in told:
        assert (call.work is not None) == (call.outcome == "answered")
        assert call.sent_ns <= call.ended_ns
    served.close()


def test_next_replica_has_its_time_where_the_first_fails_late(
    serve: Callable[..., Generation], ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = serve(4, 2, seconds=2.0)
    retriever = Retriever(generation, FakeEncoder())
    whole = retriever.retrieve(QUESTION, 5).passages
    waits: list[object] = []
    wait = ray.wait

    def wait_for_long(*calls: Any, **options: Any) -> Any:
        waits.append(calls)
        return wait(*calls, **options)

    monkeypatch.setattr(ray, "wait", wait_for_long)
    clock = SimpleNamespace(monotonic=lambda: 2.0 * len(waits), time_ns=time.time_ns)
    monkeypatch.setattr(served_shards, "time", clock)
    monkeypatch.setattr(replicas_module, "time", clock)
    for lost in ray.actors[::2]:
        lost.lost = True
    for _ in range(2):
        assert retriever.retrieve(QUESTION, 5).passages == whole


def test_replica_that_failed_is_not_asked_for_a_while(
    serve: Callable[..., Generation], ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = serve(2)
    monkeypatch.setattr(replicas_module, "_AVOIDED_SECONDS", 60.0)
    retriever = Retriever(generation, FakeEncoder())
    ray.actors[0].lost = True
    assert retriever.retrieve(QUESTION, 5).lost == frozenset({0})
    ray.actors[0].lost = False
    assert retriever.retrieve(QUESTION, 5).lost == frozenset({0})
    ray.actors[1].lost = True
    with pytest.raises(ShardLostError, match="0-of-2, 1-of-2"):
        retriever.retrieve(QUESTION, 5)


@pytest.mark.parametrize("damage", ["file", "manifest", "code"])
def test_shard_that_no_node_can_open_is_left_out_where_that_is_allowed(
    serve: Callable[..., Generation],
    indexes: dict[int, Path],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    damage: str,
) -> None:
    shard = current_folder(indexes[2]) / "shards" / "1-of-2"
    damaged = shard / ("manifest.json" if damage == "manifest" else "vectors.faiss")
    intact, reason = damaged.read_bytes(), "vectors.faiss: 7 bytes,"
    if damage == "code":
        on_nodes = iter([0, 1])
        monkeypatch.setattr(replicas_module, "code_fingerprint", lambda: 0)
        monkeypatch.setattr(shard_server, "code_fingerprint", lambda: next(on_nodes))
        reason = "another version of this program"
    elif damage == "manifest":
        damaged.write_bytes(intact + b" ")
        reason = "another shard than the service expects"
    else:
        damaged.write_bytes(b"damaged")
    try:
        generation = serve(2, partly=True)
        assert reason in caplog.text
        assert Retriever(generation, FakeEncoder()).retrieve(QUESTION, 5).shards == (1, 2)
        if damage != "code":
            with pytest.raises(IndexCorruptError, match=r"no node has opened these shards: \[1\]"):
                serve(2)
    finally:
        damaged.write_bytes(intact)


def test_nodes_fetch_their_shards_from_a_storage(
    indexes: dict[int, Path], ray: FakeRay, tmp_path: Path
) -> None:
    url = folder_storage(tmp_path / "storage")
    published = PublishedIndex(url, shards_elsewhere=True)
    published.begin(indexes[4], 2).publish_current(indexes[4])
    entrance = tmp_path / "entrance"
    published.follow(entrance, 2)
    served = partial(ServedShards, Cluster("auto"), replicas=2, seconds=1.0, storage=url)
    encoder, check = FakeEncoder(), published.check_files
    generation = open_current(entrance, encoder, open_shards=served, check=check)
    whole = open_current(indexes[4], encoder)
    expected = Retriever(whole, encoder).retrieve(QUESTION, 5)
    assert Retriever(generation, encoder).retrieve(QUESTION, 5).passages == expected.passages
    whole.close()
    generation.close()
    # A node that has nothing but shards keeps the last two fleets; equal files are linked.
    manifest = read_manifest(current_folder(indexes[4]))
    assert manifest.fleet is not None
    record = manifest.fleet.generations[0]
    node = tmp_path / "node" / "generations"
    for fleet in ("first", "second", "third"):
        shard = node / fleet / "shards" / "0-of-4"
        ShardServer(shard, record.manifest_sha256, code_fingerprint(), url)
        sent = shard / "vectors.faiss"
    assert {fleet.name for fleet in node.iterdir()} == {"second", "third"}
    assert sent.samefile(node / "second" / "shards" / "0-of-4" / "vectors.faiss")
    sent.write_bytes(b"damaged")
    ShardServer(shard, record.manifest_sha256, code_fingerprint(), url)
    with pytest.raises(IndexCorruptError, match="of an index, is missing"):
        ShardServer(shard, "0" * 64, code_fingerprint(), url).check()


def test_shard_that_cannot_be_opened_is_tried_again(
    indexes: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ray would never begin an actor again whose constructor raises."""
    install_fake(monkeypatch)
    whole = current_folder(indexes[2])
    fleet = read_manifest(whole).fleet
    assert fleet is not None
    shard = tmp_path / "shard"
    server = ShardServer(shard, fleet.generations[0].manifest_sha256, code_fingerprint())
    with pytest.raises(IndexCorruptError, match="manifest"):
        server.check()
    shutil.copytree(next((whole / "shards").glob("0-of-*")), shard)
    with pytest.raises(IndexCorruptError):
        server.ask(ShardSize())  # not at each question, as checking a large shard takes a while
    monkeypatch.setattr(server, "_again_at", 0.0)
    (count, _), work = server.ask(ShardSize())
    assert server.check() == count > 0
    assert work.began_ns <= work.ended_ns
