"""Shards that are indexed as tasks of a cluster: the same index as without, whatever is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.building import shard_tasks
from index.building.builder import build_index
from index.building.options import BuildOptions
from index.building.shard_tasks import ShardTasks
from index.chunking.chunker import ChunkingParameters
from index.cluster import Cluster
from index.errors import BuildError, ClusterError
from index.generations.generation import current_folder, current_version, open_current
from index.manifest import read_manifest
from index.retriever import Retriever
from tests.conftest import ARTICLES, FakeEncoder, write_articles
from tests.index.fake_ray import FakeRay, install_fake

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.manifest import Manifest

SHARDS = 4
MORE = [
    {**article, "id": f"again {number}", "text": f"{article['text']} Again {number}."}
    for number in range(4)
    for article in ARTICLES[number % 3 : number % 3 + 1]
]


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    return install_fake(monkeypatch)


@pytest.fixture
def build_on(corpus_dir: Path, encoder: FakeEncoder) -> Callable[..., Manifest]:
    """Builds in an index folder, on a cluster unless told otherwise; gives the manifest."""
    write_articles(corpus_dir, [*ARTICLES, *MORE])

    def build(index_dir: Path, *, on_cluster: bool = True, faiss: str = "auto") -> Manifest:
        options = BuildOptions(shards=SHARDS, vector_index=faiss)
        tasks = ShardTasks(Cluster("auto")) if on_cluster else None
        build_index(corpus_dir, index_dir, encoder, ChunkingParameters(), options, tasks=tasks)
        return read_manifest(current_folder(index_dir))

    return build


def _files(manifest: Manifest) -> list[tuple[str, str]]:
    """The files of vectors and articles, and their hashes."""
    kept = ("vectors.faiss", "articles.sqlite", "chunk_shards.npy")
    return [(file.path, file.sha256) for file in manifest.files if file.path.endswith(kept)]


@pytest.mark.parametrize("lost", [0, 2])
def test_index_is_that_of_one_machine_also_where_workers_are_lost(
    ray: FakeRay,
    build_on: Callable[..., Manifest],
    tmp_path: Path,
    encoder: FakeEncoder,
    lost: int,
) -> None:
    ours = build_on(tmp_path / "ours", on_cluster=False)
    ray.lose = lost
    theirs = build_on(tmp_path / "theirs")
    assert ours.fleet is not None
    assert ray.tasks == len(ours.fleet.generations) + lost
    assert _files(theirs) == _files(ours)
    assert {file.path.split("/")[-2] for file in theirs.files if "lexical" in file.path} == {
        "lexical"
    }
    assert not any("attempt" in file.path or ".f32" in file.path for file in theirs.files)
    retrieved = []
    for name in ("ours", "theirs"):
        generation = open_current(tmp_path / name, encoder)
        retrieved.append(Retriever(generation, encoder).rank("Meta expects rain in 2025"))
        generation.close()
    assert retrieved[0] == retrieved[1]


def test_only_shards_that_changed_become_tasks(
    ray: FakeRay, build_on: Callable[..., Manifest], corpus_dir: Path, index_dir: Path
) -> None:
    build_on(index_dir)
    tasks = ray.tasks
    write_articles(corpus_dir, [*ARTICLES, *MORE[:3], {**MORE[3], "text": "It snowed."}])
    build_on(index_dir)
    assert ray.tasks == tasks + 1


def test_lost_cluster_and_lost_driver_leave_the_index_and_keep_what_was_embedded(
    ray: FakeRay,
    build_on: Callable[..., Manifest],
    index_dir: Path,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ray.lose = -1
    with pytest.raises(ClusterError, match=r"shard \d-of-4: .* has lost its task 4 times .*again"):
        build_on(index_dir)
    assert current_version(index_dir) is None
    embedded = len(encoder.encoded)
    ray.lose = 0

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("index.building.fleet.finalise", die)
        with pytest.raises(KeyboardInterrupt):
            build_on(index_dir)
    assert build_on(index_dir).articles == len(ARTICLES) + len(MORE)
    assert len(encoder.encoded) == embedded


def test_shard_that_a_node_cannot_index_is_named(
    ray: FakeRay,
    build_on: Callable[..., Manifest],
    index_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del ray
    with pytest.raises(BuildError, match=r"shard \d-of-4 .* 'IVF4096,Flat' cannot be trained"):
        build_on(index_dir, faiss="IVF4096,Flat")
    versions = iter(["the builder's", *["a node's"] * 9])
    monkeypatch.setattr(shard_tasks, "code_fingerprint", lambda: next(versions))
    with pytest.raises(BuildError, match=r"another version of this program .* on every node"):
        build_on(index_dir)


def test_shard_of_a_node_without_the_folder_is_indexed_here(
    ray: FakeRay,
    build_on: Callable[..., Manifest],
    index_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(shard_tasks, "_index_shard", lambda *_: None)
    assert build_on(index_dir).articles == len(ARTICLES) + len(MORE)
    assert ray.tasks > 0
    assert "let all nodes share the index folder" in caplog.text
