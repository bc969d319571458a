"""Replicas that have come to lie on one node are moved, and their shard answers meanwhile."""

from __future__ import annotations

import logging
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.cluster import Cluster
from index.generations.generation import current_folder
from index.manifest import read_manifest
from index.stores.sharding import replicas as replicas_module
from index.stores.sharding.replicas import Replicas
from tests.conftest import ARTICLES, FakeEncoder, write_articles
from tests.index.fake_ray import FakeRay, install_fake

if TYPE_CHECKING:
    from pathlib import Path

SHARDS = 2


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index in two shards."""
    folder = tmp_path_factory.mktemp("replicas")
    (folder / "corpus").mkdir()
    articles = [{**ARTICLES[0], "id": f"{n}", "text": f"Number {n}."} for n in range(9)]
    write_articles(folder / "corpus", articles)
    options = BuildOptions(shards=SHARDS)
    build_index(folder / "corpus", folder / "index", FakeEncoder(), ChunkingParameters(), options)
    return current_folder(folder / "index")


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    fake = install_fake(monkeypatch)
    fake.machines = {"a": 1.0, "b": 1.0, "head": 0.0}
    return fake


@pytest.fixture
def replicas(ray: FakeRay, fleet: Path) -> Replicas:
    del ray
    return Replicas(Cluster("auto"), fleet, read_manifest(fleet), 2, storage=None)


def _actors(replicas: Replicas) -> dict[int, list[Any]]:
    return {shard: [each.actor for each in replicas.of(shard)] for shard in range(SHARDS)}


def _places(replicas: Replicas) -> dict[int, set[str]]:
    return {shard: {actor.place for actor in actors} for shard, actors in _actors(replicas).items()}


def test_replicas_of_a_shard_begin_on_different_nodes_that_give_processors(
    replicas: Replicas,
) -> None:
    assert _places(replicas) == {0: {"a", "b"}, 1: {"a", "b"}}
    assert not replicas.spread()


def test_replicas_move_apart_when_their_node_is_back(
    replicas: Replicas, ray: FakeRay, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    del ray.machines["b"]
    assert not replicas.spread(), "the other node has all shards already"
    ray.machines["b again"] = 1.0
    moved = 0
    while replicas.spread():
        moved += 1
    assert moved == SHARDS
    assert _places(replicas) == {0: {"a", "b again"}, 1: {"a", "b again"}}
    assert caplog.text.count("was moved to another node, b again") == SHARDS
    for actors in _actors(replicas).values():
        actors[0].place = "b again"  # as Ray chooses now and then
        actors[1].place = "b again"
    while replicas.spread():
        assert all(actor.check.remote().result() for actor in _actors(replicas)[0])
    assert _places(replicas) == {0: {"a", "b again"}, 1: {"a", "b again"}}
    replicas.close()
    assert all(actor.lost for actors in _actors(replicas).values() for actor in actors)


def test_only_replica_of_a_shard_begins_again_on_another_node(ray: FakeRay, fleet: Path) -> None:
    replicas = Replicas(Cluster("auto"), fleet, read_manifest(fleet), 1, storage=None)
    assert _places(replicas) == {0: {"a"}, 1: {"b"}}
    del ray.machines["b"]
    assert replicas.spread()
    assert _places(replicas) == {0: {"a"}, 1: {"a"}}
    ray.machines["c"] = 1.0
    assert replicas.spread()
    assert _places(replicas) == {0: {"c"}, 1: {"a"}}
    assert not replicas.spread()


@pytest.mark.parametrize("failure", ["OSError: no such folder", "Ray began it elsewhere"])
def test_replica_stays_where_the_other_node_does_not_open_its_shard(
    replicas: Replicas,
    ray: FakeRay,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failure: str,
) -> None:
    before = _actors(replicas)
    for actor in ray.actors:
        actor.place = "a"
    with monkeypatch.context() as patch:
        if "elsewhere" in failure:
            patch.setattr(Cluster, "on", lambda *_: ("a", True))
        else:
            ray.broken["b"] = failure
        for _ in range(4):
            assert not replicas.spread()
    assert _actors(replicas) == before
    assert len(ray.actors) == 3 * SHARDS, "each was tried once"
    assert all(actor.lost for actor in ray.actors[2 * SHARDS :])
    assert caplog.text.count(f"was not moved to another node: {failure}") == SHARDS
    ray.broken.clear()
    later = SimpleNamespace(monotonic=lambda: time.monotonic() + 3600.0)
    monkeypatch.setattr(replicas_module, "time", later)
    assert replicas.spread()


def test_replica_that_opens_once_all_are_closed_is_ended(
    replicas: Replicas, ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _actors(replicas)
    for actor in ray.actors:
        actor.place = "a"
    monkeypatch.setattr(replicas, "_failure_to_open", lambda *_: replicas.close())
    assert not replicas.spread()
    assert _actors(replicas) == before
    assert len(ray.actors) == 2 * SHARDS + 1
    assert all(actor.lost for actor in ray.actors)


def test_replica_that_is_lost_or_late_is_not_moved(replicas: Replicas, ray: FakeRay) -> None:
    for actor in ray.actors:
        actor.place = "a"
    for failure in ("lost", "hung"):
        for actors in _actors(replicas).values():
            setattr(actors[0], failure, True)
        assert not replicas.spread()
        for actors in _actors(replicas).values():
            setattr(actors[0], failure, False)
    assert replicas.spread()


def test_look_that_fails_is_not_the_last_until_the_cluster_is_left(
    replicas: Replicas,
    ray: FakeRay,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    looks: list[int] = []

    def fail() -> bool:
        looks.append(1)
        if len(looks) == 2:
            replicas.close()
        raise RuntimeError("no head")

    monkeypatch.undo()
    monkeypatch.setattr(replicas_module, "_LOOKING_SECONDS", 0.0)
    monkeypatch.setattr(replicas, "spread", fail)
    ray.left = True  # any call of Ray would fail
    replicas._keep_spread()
    assert not looks
    ray.left = False
    replicas._keep_spread()
    assert len(looks) == 2
    assert caplog.text.count("RuntimeError: no head") == 2
