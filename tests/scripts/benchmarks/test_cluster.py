"""The benchmark of a cluster, on one that makes its calls in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.cluster import Cluster
from index.generations.generation import current_folder
from index.loading.gold import GoldQuestion
from scripts.benchmarks import cluster
from scripts.benchmarks.machines import Serving
from tests.conftest import FakeEncoder
from tests.index.fake_ray import install_fake

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_shards_of_a_cluster_are_compared_with_none_and_modelled(
    tmp_path: Path, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_fake(monkeypatch)
    folders = []
    for shards in (1, 2):
        options = BuildOptions(shards=shards)
        index_dir = tmp_path / str(shards)
        build_index(corpus_dir, index_dir, FakeEncoder(), ChunkingParameters(), options)
        folders.append(current_folder(index_dir))
    gold = [
        GoldQuestion(id=text, question=text, answers=[], articles=[])
        for text in ("How much does Meta spend?", "rain in Dublin")
    ]
    machines = Serving([], replicas=2, reading=0.5)
    measured = cluster._measure(folders, FakeEncoder(), gold, Cluster("auto"), 3, machines)
    (served,) = measured["served"]
    assert (served["shards"], served["same_passages"]) == (2, 2)
    assert measured["unsharded"]["same_passages"] == 2
    assert served["processor_ms"].keys() == {"entrance", "shards"}
    assert served["processor_ms"]["shards"] > 0
    assert served["several_clients"]["simulated_times"] >= 1
    rows = {
        (row["entrances"], row["nodes"]): row["times"] for row in served["modelled_with_reading"]
    }
    assert 1.7 < rows[2, 2] <= 2.1
