"""What the vectors of a fleet of any size cost, built and asked a few shards at a time.

Of each shard its vector index stays on disk, and what was measured when it was built, so that a run
that was ended goes on, and a larger fleet takes the shards of a smaller one that have its size; the
vectors that it is made of are removed.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from functools import cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from tqdm import tqdm

from index.manifest import VectorIndexRecord
from index.retriever import RetrievalParameters
from index.stores.faiss_names import AUTO
from index.stores.vector_store import FaissStore
from index.stores.vector_tuning import RECALL_DEPTH, build_store, exact_nearest, recall_at
from scripts.benchmarks.measuring import call_milliseconds, percentiles
from scripts.benchmarks.processes import mapped_bytes, own_bytes
from scripts.benchmarks.sizes.synthetic import nearest_ones, perturbed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from scripts.benchmarks.sizes.material import Material

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

_CANDIDATES: Final = RetrievalParameters().candidates
_MB: Final = 1e6


class _Built(NamedTuple):
    """A shard on disk.

    Attributes:
        path: Its vector index.
        first: The fleet's id of its first chunk; the others follow.
        record: What a manifest would say of it.
        seconds: Processor time of building.
        own: Anonymous memory of this process when it was built, in bytes.
        exact: ``(n_questions, RECALL_DEPTH)`` int64: ids of the nearest chunks, best first.
        cosines: ``(n_questions, RECALL_DEPTH)`` float32: theirs.
    """

    path: Path
    first: int
    record: VectorIndexRecord
    seconds: float
    own: int
    exact: Ids
    cosines: Vectors


def measure_fleet(
    material: Material, chunks: int, shards: int, resident: int, recall: float, folder: Path
) -> dict[str, object]:
    """Build and ask the vector indexes of a fleet.

    Args:
        material: What the vectors are made of, and asked.
        chunks: How many; each shard has as many as the others, give or take one.
        shards: How many shards.
        resident: Shards that are open at a time when they are asked.
        recall: What the vector indexes are tuned to.
        folder: Where the shards are written; those of an earlier run that have the same number,
            size and material are not built again.
    """
    neighbours = cache(partial(nearest_ones, material.real))
    folder.mkdir(parents=True, exist_ok=True)
    same = _digest(material, recall)
    bounds = [chunks * number // shards for number in range(shards + 1)]
    numbered = list(enumerate(itertools.pairwise(bounds)))
    built = [
        _earlier(path, first, same)
        or _build(material, neighbours(), first, last - first, number, recall, path, same)
        for number, (first, last) in tqdm(numbered, desc="building shards", disable=None)
        for path in [folder / f"shard-{number}-of-{last - first}-chunks.faiss"]
    ]
    asked = _ask(material.asked, built, resident)
    sizes = [shard.path.stat().st_size for shard in built]
    seconds = [shard.seconds for shard in built]
    recalls = [shard.record.recall_at_10 for shard in built]
    return {
        "chunks": chunks,
        "shards": shards,
        "resident": resident,
        "vector_index": ", ".join(dict.fromkeys(shard.record.factory for shard in built)),
        "recall_at_10": round(asked.recall, 4),
        "recall_at_10_tuned": min((r for r in recalls if r is not None), default=None),
        "megabytes": {
            "float32": round(chunks * material.real.shape[1] * 4 / _MB, 1),
            "vectors": round(sum(sizes) / _MB, 1),
            "largest_shard": round(max(sizes) / _MB, 1),
            "mapped": round(asked.mapped / _MB, 1),
            "building": round(max(shard.own for shard in built) / _MB, 1),
        },
        "seconds": {"building": round(sum(seconds), 1), "largest_shard": round(max(seconds), 1)},
        "ms": {
            "first": percentiles(asked.first.ravel().tolist()),
            "shard": percentiles(asked.again.ravel().tolist()),
            "one_after_the_other": percentiles(asked.again.sum(axis=0).tolist()),
            "slowest_shard": percentiles(asked.again.max(axis=0).tolist()),
        },
    }


def _digest(material: Material, recall: float) -> str:
    """What all shards that are made of the same, and asked the same, have in common."""
    digest = hashlib.sha256(repr(recall).encode())
    for vectors in (material.real, material.asked, material.tuned_with):
        digest.update(np.ascontiguousarray(vectors).data)
    return digest.hexdigest()


def _build(
    material: Material,
    neighbours: Ids,
    first: int,
    size: int,
    seed: int,
    recall: float,
    path: Path,
    same: str,
) -> _Built:
    """Build one shard, and find the exactly nearest of its vectors before they are removed."""
    raw, finished = path.with_suffix(".f32"), path.with_suffix(".npz")
    finished.unlink(missing_ok=True)  # of other material
    vectors = perturbed(material.real, neighbours, size, raw, seed)
    started = time.process_time()
    store, record = build_store(vectors, AUTO, recall, lambda: material.tuned_with)
    store.save(path)
    seconds, own = time.process_time() - started, own_bytes()
    del store
    exact = exact_nearest(vectors, material.asked, RECALL_DEPTH)
    cosines = np.einsum("qd,qkd->qk", material.asked, vectors[exact])
    raw.unlink()
    measured = path.with_suffix(".part")
    with measured.open("wb") as file:
        np.savez(
            file,
            same=same,
            record=record.model_dump_json(),
            seconds=seconds,
            own=own,
            exact=exact,
            cosines=cosines,
        )
    measured.replace(finished)
    return _Built(path, first, record, seconds, own, exact + first, cosines)


def _earlier(path: Path, first: int, same: str) -> _Built | None:
    """A shard of an earlier run; None where that has not built it, or of other material."""
    measured = path.with_suffix(".npz")
    if not measured.exists():
        return None
    with np.load(measured) as stored:
        if stored["same"].item() != same:
            return None
        record = VectorIndexRecord.model_validate_json(stored["record"].item())
        exact, cosines = stored["exact"] + first, stored["cosines"]
        return _Built(
            path, first, record, stored["seconds"].item(), stored["own"].item(), exact, cosines
        )


class _Asked(NamedTuple):
    """What asking all questions of all shards gave.

    Attributes:
        recall: Of the merged hits against exact search in all shards.
        mapped: Bytes of the shards that were in memory, of all together.
        first: ``(n_shards, n_questions)``: milliseconds on the clock, of a shard just opened.
        again: The same of processor time, when all questions had been asked once.
    """

    recall: float
    mapped: int
    first: Vectors
    again: Vectors


def _ask(asked: Vectors, built: Sequence[_Built], resident: int) -> _Asked:
    hits: list[list[tuple[float, int]]] = [[] for _ in asked]
    first, again = (np.zeros((len(built), len(asked)), dtype=np.float32) for _ in range(2))
    mapped = 0
    for begin in tqdm(range(0, len(built), resident), desc="asking shards", disable=None):
        group = range(begin, min(begin + resident, len(built)))
        stores = {number: FaissStore.open(built[number].path) for number in group}

        def search(number: int, at: int, stores: dict[int, FaissStore] = stores) -> None:
            found = stores[number].search(asked[at], _CANDIDATES)[:RECALL_DEPTH]
            hits[at] += [(hit.score, hit.chunk_id + built[number].first) for hit in found]

        for clock, times in ((time.perf_counter, first), (time.process_time, again)):
            for at in range(len(asked)):
                for number in group:
                    times[number, at] = call_milliseconds(partial(search, number), at, clock)
        mapped += sum(mapped_bytes(built[number].path) for number in group)
    merged = [_best(found) for found in hits]
    exact = np.concatenate([shard.exact for shard in built], axis=1)
    order = np.argsort(-np.concatenate([shard.cosines for shard in built], axis=1), axis=1)
    nearest = np.take_along_axis(exact, order[:, :RECALL_DEPTH], axis=1)
    return _Asked(recall_at(nearest, np.array(merged, dtype=np.int64)), mapped, first, again)


def _best(hits: list[tuple[float, int]]) -> list[int]:
    """The ids of the best hits; each was found twice."""
    best = [chunk_id for _, chunk_id in sorted(set(hits), reverse=True)[:RECALL_DEPTH]]
    return best + [-1] * (RECALL_DEPTH - len(best))
