"""What an index needs, worked out by hand for a round number of chunks."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from scripts.benchmark import app
from scripts.benchmarks.plan import Figures, estimate

ROUND = Figures(
    shard_chunks=1_000_000,
    vector_bytes=500,
    replica_bytes=600,
    vector_us=200,
    dense_ms=4,
    article_bytes=1000,
    word_bytes=100,
    entrance_bytes=10,
    other_us=160,
    words_ms=2,
    rest_ms=10,
    core_rate=100,
    gpu_rate=1000,
    machine_gb=50,
    machine_usd=0.5,
    core_usd=0.1,
    gpu_usd=1.0,
    storage_usd=0.02,
)


def test_estimates_follow_from_the_figures() -> None:
    assert estimate(36_000_000, 2, ROUND) == pytest.approx(
        {
            "chunks": 36_000_000,
            "shards": 36,
            "disk_gb": 58,  # 57.6
            "replica_memory_gb": 27,  # 21.6 and 36 times 0.15
            "entrance_memory_gb": 0.36,
            "entrance_mapped_gb": 3.6,
            "build_memory_gb": 0.81,  # 0.5, and 50 vectors of 1,536 bytes for 4,096 lists
            "build_disk_gb": 59,
            "embedding_core_hours": 100,
            "embedding_gpu_hours": 10,
            "indexing_core_hours": 3.6,
            "words_p95_ms": 72,
            "dense_p95_ms": 4,
            "retrieval_p95_ms": 86,
            "query_nodes": 2,  # 54 GB
            "entrances": 1,
            "machines_usd_a_month": 1100,  # 1,095
            "storage_usd_a_month": 2.3,  # twice 57.6 GB
            "embedding_usd_on_cores": 10,
            "embedding_usd_on_a_gpu": 10,
            "indexing_usd": 0.36,
        }
    )


def test_shards_are_larger_where_there_are_no_more() -> None:
    needs = estimate(128 * 4_000_000, 1, ROUND)
    assert needs["shards"] == 128
    assert needs["dense_p95_ms"] == 8, "the root of four"
    assert needs["indexing_core_hours"] == 80  # 400 and 160 us
    assert needs["query_nodes"] == 7  # 326 GB


def test_each_replica_of_a_shard_has_a_machine_of_its_own() -> None:
    assert estimate(1000, 3, ROUND)["query_nodes"] == 3


@pytest.mark.parametrize("option", ["--core-rate", "--gpu-rate", "--machine-gb"])
def test_figure_that_is_divided_by_is_not_zero(option: str) -> None:
    result = CliRunner().invoke(app, ["plan", option, "0"])
    assert result.exit_code == 2
    assert option in result.output
