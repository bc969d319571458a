"""Indexing the shards of a build as tasks of a Ray cluster, in a folder that its nodes share.

The building machine embeds (on the cluster, too) and keeps the embedding cache; a task makes the
vector index and the words of one shard. The task of a lost worker is run again by another one; each
run writes to a folder of its own, so that a worker that was only thought lost disturbs nothing.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from index.building.chunk_indexing import SPOOL, index_chunks
from index.cluster import last_line
from index.code_version import code_fingerprint
from index.embedding.encoder import Precision, SentenceTransformerEncoder
from index.errors import BuildError, ClusterError
from index.progress import no_report
from index.syncing import sync

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from index.building.options import BuildOptions
    from index.cluster import Cluster
    from index.embedding.encoder import Encoder
    from index.manifest import VectorIndexRecord

    Vectors = npt.NDArray[np.float32]

_LOGGER = logging.getLogger(__name__)
_RUNS_AGAIN: Final = 3
_ATTEMPT: Final = ".attempt-"


class ShardTasks:
    """Indexes embedded shards, as many at a time as the cluster has processors.

    Args:
        cluster: The cluster. A node that does not see the index folder leaves its shards to this
            machine.
        precision: Number format of the weights of the model that tunes a vector index.
    """

    def __init__(self, cluster: Cluster, precision: Precision = Precision.FLOAT32) -> None:
        self._cluster = cluster
        self._precision = precision
        self._running: list[Any] = []
        # The workers that embed hold the processors, and wait while shards are indexed.
        self._task = cluster.ray.remote(_index_shard).options(
            num_cpus=0, max_retries=_RUNS_AGAIN, scheduling_strategy="SPREAD"
        )

    def start(
        self, folder: Path, language: str, encoder: Encoder, options: BuildOptions
    ) -> Callable[[], VectorIndexRecord]:
        """Start to index a shard that `embed_chunks` has embedded.

        Args:
            folder: The shard's folder.
            language: ISO 639 code that its words are analysed with.
            encoder: The encoder that its vectors were made with.
            options: What vector index to build.

        Returns:
            Waits until its vectors and BM25 index are in the folder, and gives the record of the
            vector index. It raises `BuildError` if the shard cannot be indexed, `ClusterError` if
            the cluster has lost the task too often.
        """
        ray = self._cluster.ray
        if len(self._running) >= max(1, self._cluster.cpus):
            _, self._running = ray.wait(self._running, num_returns=1)
        on_node = _NodeEncoder(encoder, self._precision)
        task = self._task.remote(folder.absolute(), language, on_node, options, code_fingerprint())
        self._running.append(task)

        def finish() -> VectorIndexRecord:
            try:
                outcome: tuple[str, VectorIndexRecord] | None = ray.get(task)
            except ray.exceptions.RayTaskError as error:
                raise BuildError(
                    f"shard {folder.name} cannot be indexed on the cluster: {last_line(error)}"
                ) from error
            except ray.exceptions.RayError as error:
                raise ClusterError(
                    f"shard {folder.name}: the Ray cluster at '{self._cluster.address}' has lost "
                    f"its task {1 + _RUNS_AGAIN} times ({last_line(error)}); the index before "
                    "stays, and what was embedded is kept: build again"
                ) from error
            if outcome is None:
                _LOGGER.warning(
                    "a node of the Ray cluster does not see %s, or sees another folder there: "
                    "shard %s is indexed on this machine; let all nodes share the index folder",
                    folder.parent,
                    folder.name,
                )
                outcome = _index_into(folder, language, encoder, options)
            return _take_over(folder, outcome)

        return finish


def _take_over(folder: Path, outcome: tuple[str, VectorIndexRecord]) -> VectorIndexRecord:
    """Move what a run has written into the shard's folder, and remove all that others wrote."""
    name, record = outcome
    for path in (folder / name).iterdir():
        path.rename(folder / path.name)
    for leftover in folder.glob(f"{_ATTEMPT}*"):
        shutil.rmtree(leftover)
    (folder / SPOOL).unlink()
    return record


def _index_shard(
    folder: Path, language: str, encoder: Encoder, options: BuildOptions, code: str
) -> tuple[str, VectorIndexRecord] | None:
    """Index a shard on a node; see `_index_into`. None where the node does not see its folder."""
    if code_fingerprint() != code:
        raise BuildError(
            "a node has another version of this program than the machine that builds; install the "
            "same on every node"
        )
    return _index_into(folder, language, encoder, options) if (folder / SPOOL).is_file() else None


def _index_into(
    folder: Path, language: str, encoder: Encoder, options: BuildOptions
) -> tuple[str, VectorIndexRecord]:
    """Index an embedded shard into a new folder in its own; returns its name and the record."""
    target = folder / f"{_ATTEMPT}{uuid.uuid4().hex}"
    target.mkdir()
    record = index_chunks(folder, target, language, encoder, options, no_report)
    for path in [*target.rglob("*"), target]:
        sync(path)
    return target.name, record


class _NodeEncoder:
    """The encoder of a build on a node, where only a vector index that is tuned needs the model."""

    def __init__(self, encoder: Encoder, precision: Precision) -> None:
        self.model = encoder.model
        self.dimension = encoder.dimension
        self.fingerprint = encoder.fingerprint
        self._precision = precision

    @cached_property
    def _loaded(self) -> Encoder:
        return SentenceTransformerEncoder(self.model, precision=self._precision)

    def encode_question(self, question: str) -> Vectors:
        """Embed one question: ``(dimension,)`` float32, of unit length."""
        return self._loaded.encode_question(question)

    def encode_chunks(self, texts: Sequence[str]) -> Vectors:
        """Embed chunks: ``(len(texts), dimension)`` float32, unit rows."""
        return self._loaded.encode_chunks(texts)
