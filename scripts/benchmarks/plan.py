"""What an index of any size needs, worked out from what was measured of smaller ones."""

from __future__ import annotations

import math
from typing import Annotated, Final, NamedTuple

import typer

from index.building.options import MOST_SHARDS
from index.stores.vector_tuning import SAMPLE_PER_LIST, list_count
from scripts.terminal.commands import JsonOption, print_result, print_values, reported_errors

_GB: Final = 1e9
_HOUR: Final = 3600.0
_MONTH: Final = 730.0  # hours
_DIMENSIONS: Final = 384
_REPLICA_GB: Final = 0.15  # of a process without its vectors
_SIZES: Final = (10_000_000, 100_000_000, 1_000_000_000)


class Figures(NamedTuple):
    """What the estimates are made of: measured, but for the last six.

    Attributes:
        shard_chunks: Chunks of a shard, of which the next four were measured.
        vector_bytes: Of a chunk in the vector index on disk, and read by a search.
        replica_bytes: Of a chunk in the memory of a replica.
        vector_us: Processor time of a chunk for the vector index.
        dense_ms: 95th percentile of the slowest of the shards, each on a machine of its own.
        article_bytes: Of a chunk in the article database.
        word_bytes: Of a chunk in the words, which an entrance maps into memory.
        entrance_bytes: Of a chunk in an entrance's memory besides.
        other_us: Processor time of a chunk for words and articles.
        words_ms: 95th percentile of searching the words, for each million chunks.
        rest_ms: 95th percentile of the rest of retrieval: embedding the question, ranking, loading.
        core_rate: Chunks that a processor core embeds in a second.
        gpu_rate: Chunks that a GPU embeds in a second.
        machine_gb: Memory for shards of a machine.
        machine_usd: A machine for an hour.
        core_usd: A processor core for an hour.
        gpu_usd: A machine with one GPU for an hour.
        storage_usd: A GB of storage for a month; two indexes are kept there.
    """

    shard_chunks: int = 1_000_000
    vector_bytes: float = 500.0
    replica_bytes: float = 553.0
    vector_us: float = 114.0
    dense_ms: float = 4.6
    article_bytes: float = 965.0
    word_bytes: float = 67.0
    entrance_bytes: float = 10.0
    other_us: float = 229.0
    words_ms: float = 3.8
    rest_ms: float = 14.0
    core_rate: float = 72.0
    gpu_rate: float = 3500.0
    machine_gb: float = 50.0
    machine_usd: float = 0.5292
    core_usd: float = 0.066
    gpu_usd: float = 1.006
    storage_usd: float = 0.023


_DEFAULTS: Final = Figures()


def estimate(chunks: int, replicas: int, figures: Figures) -> dict[str, float]:
    """Work out what an index needs.

    Training and searching a vector index grow with its lists, the root of its size: so does what
    was measured at ``shard_chunks`` where shards are larger.

    Args:
        chunks: How many it has.
        replicas: Processes that serve each shard, on machines of their own.
        figures: What was measured.
    """
    shards = min(MOST_SHARDS, math.ceil(chunks / figures.shard_chunks))
    largest = math.ceil(chunks / shards)
    growth = math.sqrt(max(1.0, largest / figures.shard_chunks))
    lists = list_count(largest)
    vector = 4 * _DIMENSIONS
    memory = chunks * figures.replica_bytes / _GB + shards * _REPLICA_GB
    machines = max(replicas, math.ceil(replicas * memory / figures.machine_gb))
    disk = chunks * (figures.vector_bytes + figures.article_bytes + figures.word_bytes) / _GB
    core_hours = chunks / figures.core_rate / _HOUR
    gpu_hours = chunks / figures.gpu_rate / _HOUR
    indexing = chunks * (figures.vector_us * growth + figures.other_us) / 1e6 / _HOUR
    words_ms = chunks / 1e6 * figures.words_ms
    dense_ms = figures.dense_ms * growth
    return {
        "chunks": chunks,
        "shards": shards,
        "disk_gb": _rounded(disk),
        "replica_memory_gb": _rounded(memory),
        "entrance_memory_gb": _rounded(chunks * figures.entrance_bytes / _GB),
        "entrance_mapped_gb": _rounded(chunks * figures.word_bytes / _GB),
        "build_memory_gb": _rounded(
            (largest * figures.vector_bytes + SAMPLE_PER_LIST * lists * vector) / _GB
        ),
        "build_disk_gb": _rounded(disk + largest * vector / _GB),
        "embedding_core_hours": _rounded(core_hours),
        "embedding_gpu_hours": _rounded(gpu_hours),
        "indexing_core_hours": _rounded(indexing),
        "words_p95_ms": _rounded(words_ms),
        "dense_p95_ms": _rounded(dense_ms),
        "retrieval_p95_ms": _rounded(words_ms + dense_ms + figures.rest_ms),
        "query_nodes": machines,
        "entrances": 1,
        "machines_usd_a_month": _rounded((machines + 1) * _MONTH * figures.machine_usd),
        "storage_usd_a_month": _rounded(2 * disk * figures.storage_usd),
        "embedding_usd_on_cores": _rounded(core_hours * figures.core_usd),
        "embedding_usd_on_a_gpu": _rounded(gpu_hours * figures.gpu_usd),
        "indexing_usd": _rounded(indexing * figures.core_usd),
    }


def _rounded(value: float) -> float:
    """Two significant digits: no estimate is better."""
    return float(f"{value:.2g}")


def plan(
    chunks: Annotated[
        list[int] | None, typer.Option(min=1, help="Chunks of the index; 10, 100, 1,000 million.")
    ] = None,
    replicas: Annotated[int, typer.Option(min=1, max=8, help="Replicas of each shard.")] = 2,
    shard_chunks: Annotated[
        int, typer.Option(min=1, help="Chunks of a shard.")
    ] = _DEFAULTS.shard_chunks,
    vector_us: Annotated[
        float, typer.Option(min=0, help="Microseconds of the vector index, a chunk.")
    ] = _DEFAULTS.vector_us,
    dense_ms: Annotated[
        float, typer.Option(min=0, help="Milliseconds of the slowest shard, p95.")
    ] = _DEFAULTS.dense_ms,
    words_ms: Annotated[
        float,
        typer.Option(min=0, help="Milliseconds of searching the words of a million chunks, p95."),
    ] = _DEFAULTS.words_ms,
    rest_ms: Annotated[
        float, typer.Option(min=0, help="Milliseconds of the rest of retrieval, p95.")
    ] = _DEFAULTS.rest_ms,
    core_rate: Annotated[
        float, typer.Option(min=0.01, help="Chunks that a core embeds in a second.")
    ] = _DEFAULTS.core_rate,
    gpu_rate: Annotated[
        float, typer.Option(min=0.01, help="Chunks that a GPU embeds in a second.")
    ] = _DEFAULTS.gpu_rate,
    machine_gb: Annotated[
        float, typer.Option(min=0.01, help="GB of a machine's memory for shards.")
    ] = _DEFAULTS.machine_gb,
    machine_usd: Annotated[
        float, typer.Option(min=0, help="USD of a machine for an hour.")
    ] = _DEFAULTS.machine_usd,
    core_usd: Annotated[
        float, typer.Option(min=0, help="USD of a core for an hour.")
    ] = _DEFAULTS.core_usd,
    gpu_usd: Annotated[
        float, typer.Option(min=0, help="USD of a machine with a GPU for an hour.")
    ] = _DEFAULTS.gpu_usd,
    storage_usd: Annotated[
        float, typer.Option(min=0, help="USD of a GB of storage for a month.")
    ] = _DEFAULTS.storage_usd,
    as_json: JsonOption = False,
) -> None:
    """Work out machines, memory, disk, hours and money of an index of any size.

    The figures it begins with, and where they are from, are in docs/scaling.md; give your own.
    Nothing is measured. Bytes of a chunk are those of 60 words.
    """
    with reported_errors():
        figures = Figures(
            shard_chunks=shard_chunks,
            vector_us=vector_us,
            dense_ms=dense_ms,
            words_ms=words_ms,
            rest_ms=rest_ms,
            core_rate=core_rate,
            gpu_rate=gpu_rate,
            machine_gb=machine_gb,
            machine_usd=machine_usd,
            core_usd=core_usd,
            gpu_usd=gpu_usd,
            storage_usd=storage_usd,
        )
        sizes = _SIZES if chunks is None else chunks
        result = {"estimates": [estimate(size, replicas, figures) for size in sizes]}
        print_result(result, lambda: print_values(result), as_json=as_json)
