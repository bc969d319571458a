"""Indexing the shards of a fleet: each becomes a generation of its own, or stays as it was."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from index.building.chunk_indexing import embed_and_index, embed_chunks
from index.building.finalising import ChunkIndexes, finalise
from index.manifest import (
    MANIFEST_FILE,
    FleetRecord,
    Manifest,
    ShardRecord,
    VectorIndexRecord,
    file_sha256,
    read_manifest,
)
from index.progress import Report, Stage
from index.stores.sharding.placement import SHARDS_FOLDER, shard_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from index.building.finalising import BuildInputs
    from index.building.options import BuildOptions
    from index.building.previous import PreviousGeneration
    from index.building.shard_tasks import ShardTasks
    from index.building.written import Written
    from index.embedding.embedding_cache import EmbeddingCache


def index_shards(
    folder: Path,
    index_dir: Path,
    inputs: BuildInputs,
    options: BuildOptions,
    cache: EmbeddingCache,
    shards: Mapping[int, Written],
    previous: PreviousGeneration | None,
    report: Report,
    tasks: ShardTasks | None = None,
) -> tuple[ChunkIndexes, int]:
    """Embed and index the chunks of every shard that has changed; copy the others.

    With a cluster, chunks are embedded shard by shard, and the shards before are indexed meanwhile.

    Args:
        folder: The folder of the fleet, with the articles of its shards.
        index_dir: The index folder that it will move into.
        inputs: What it is built from.
        options: What vector index to build, and of how many shards.
        cache: Vectors of earlier builds.
        shards: What has been written into each shard, by its number.
        previous: The generation to take unchanged shards from.
        report: Called with the progress.
        tasks: Indexes shards on other machines; this one does where None.

    Returns:
        The records of the shards, and the number of texts that the encoder embedded.

    Raises:
        BuildError: If the requested vector index cannot be trained on so few chunks, or a shard
            cannot be indexed on the cluster.
        ClusterError: If the cluster is lost.
    """
    chunks, done, embedded = sum(written.chunks for written in shards.values()), 0, 0
    language, encoder = inputs.chunking.language, inputs.encoder
    folders = {
        number: folder / SHARDS_FOLDER / shard_name(number, options.shards) for number in shards
    }
    manifests = dict[int, Manifest]()
    on_cluster = dict[int, Callable[[], VectorIndexRecord]]()
    started = time.monotonic()

    def finish(number: int, vector_index: VectorIndexRecord) -> Manifest:
        indexes = ChunkIndexes(vector_index)
        return finalise(folders[number], index_dir, inputs, indexes, shards[number], None, started)

    for number, written in sorted(shards.items()):
        shard = folders[number]
        unchanged = _unchanged(previous, inputs, options, shard.name, written)
        part = _part(report, done, chunks)
        if unchanged is not None:
            shutil.rmtree(shard)
            shutil.copytree(unchanged, shard)
            manifests[number] = read_manifest(shard)
        elif tasks is None:
            record, written.chunks_embedded = embed_and_index(
                shard, language, encoder, cache, options, part
            )
            manifests[number] = finish(number, record)
        else:
            written.chunks_embedded = embed_chunks(shard, encoder, cache, part)
            on_cluster[number] = tasks.start(shard, language, encoder, options)
        embedded += written.chunks_embedded
        done += written.chunks
    for number, wait in on_cluster.items():
        manifests[number] = finish(number, wait())
        report(Stage.FINISHING, sum(shards[each].chunks for each in manifests), chunks)
    records = tuple(
        ShardRecord(
            number=number,
            index_version=manifest.index_version,
            articles=manifest.articles,
            chunks=manifest.chunks,
            manifest_sha256=file_sha256(folders[number] / MANIFEST_FILE),
        )
        for number, manifest in sorted(manifests.items())
    )
    vector_index = _together([manifest.vector_index for manifest in manifests.values()])
    fleet = FleetRecord(shards=options.shards, generations=records)
    return ChunkIndexes(vector_index, fleet), embedded


def _unchanged(
    previous: PreviousGeneration | None,
    inputs: BuildInputs,
    options: BuildOptions,
    name: str,
    written: Written,
) -> Path | None:
    """The folder of the shard before, where a build of the same articles would give it again."""
    if previous is None or not previous.is_reproducible(inputs.encoder, options):
        return None
    shard = previous.folder / SHARDS_FOLDER / name
    if not shard.is_dir() or read_manifest(shard).corpus_sha256 != written.corpus_sha256:
        return None
    return shard


def _part(report: Report, before: int, chunks: int) -> Report:
    """Report the chunks of one shard as a part of those of the fleet."""

    def report_part(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.EMBEDDING:
            report(stage, before + done, chunks)
        else:
            report(stage, done, total)

    return report_part


def _together(records: Sequence[VectorIndexRecord]) -> VectorIndexRecord:
    """One record for all shards: the recall and effort of the shard with the lowest recall."""
    lowest = min(records, key=lambda record: 1.0 if (r := record.recall_at_10) is None else r)
    return lowest.model_copy(
        update={
            "factory": ", ".join(dict.fromkeys(record.factory for record in records)),
            "trained_on": sum(record.trained_on for record in records),
        }
    )
