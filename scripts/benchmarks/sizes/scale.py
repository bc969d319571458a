"""What an index costs to build and to search, from a thousand to a million chunks.

Searches are measured in processor time of this process: with one thread that is what they take
when nothing else runs on its core; the time of several threads adds up.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from tqdm import tqdm

from index.generations.generation import Generation
from index.records import Filters
from index.retriever import RetrievalParameters, Retriever
from index.stores.article_store import ArticleStore
from index.stores.faiss_names import AUTO
from index.stores.local import ARTICLES_FILE, VECTORS_FILE
from index.stores.vector_store import FaissStore
from index.stores.vector_tuning import RECALL_DEPTH, build_store, exact_nearest, recall_at
from scripts.benchmarks.measuring import call_milliseconds, call_times, percentiles
from scripts.benchmarks.processes import mapped_bytes, own_bytes
from scripts.benchmarks.sizes.synthetic import (
    HALF,
    ONE_PERCENT,
    nearest_ones,
    perturbed,
    write_articles,
    write_lexical,
    write_manifest,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from index.manifest import VectorIndexRecord
    from scripts.benchmarks.sizes.material import Material

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]
    Times = dict[str, float]

R = TypeVar("R")
_BLOCK: Final = 65_536
_CANDIDATES: Final = RetrievalParameters().candidates
_TOP_K: Final = 8
_TURN: Final = 20  # questions
_CLOCK: Final = time.process_time
_MB: Final = 1e6
_FILTERS: Final = {"": Filters(), "_1_percent": ONE_PERCENT, "_50_percent": HALF}


def measure_sizes(material: Material, largest: int, recall: float) -> list[dict[str, object]]:
    """Measure at 1,000, 10,000, ... chunks, up to the largest number.

    Args:
        material: What the chunks are made of.
        largest: The largest number of chunks.
        recall: What the vector index is tuned to.

    Returns:
        A row for each number of chunks.
    """
    sizes = [size for size in (10**power for power in range(3, 9)) if size < largest]
    neighbours = nearest_ones(material.real)
    rows = []
    for size in tqdm([*sizes, largest], desc="sizes", disable=None):
        with tempfile.TemporaryDirectory() as folder:
            vectors = perturbed(material.real, neighbours, size, Path(folder) / "vectors.f32")
            rows.append(_measure(Path(folder), material, vectors, recall))
    return rows


def _measure(
    folder: Path, material: Material, vectors: Vectors, recall: float
) -> dict[str, object]:
    size = len(vectors)
    written = folder / "generation"
    written.mkdir()
    count, articles_seconds = _timed(lambda: write_articles(written, size, material.words))
    _, lexical_seconds = _timed(lambda: write_lexical(written, size, material.words))
    record, vectors_seconds = _timed(lambda: _write_vectors(written, vectors, material, recall))
    write_manifest(written, material.encoder, count, size, record)
    own_before = own_bytes()
    store = FaissStore.open(written / VECTORS_FILE)
    hits = [store.search(row, _CANDIDATES)[:RECALL_DEPTH] for row in material.asked]
    found = np.array([[hit.chunk_id for hit in row] for row in hits])
    memory = own_bytes() - own_before + mapped_bytes(written / VECTORS_FILE)
    exact, dense = _beside_exact(store, vectors, material.asked)
    generation, opening_seconds = _timed(lambda: Generation(written, material.encoder))
    with closing(generation), closing(ArticleStore(written / ARTICLES_FILE)) as articles:
        milliseconds = _search_times(generation, articles, material)
    nearest = exact_nearest(vectors, material.asked, RECALL_DEPTH)
    return {
        "chunks": size,
        "articles": count,
        "vector_index": record.factory,
        "search_value": record.search_value,
        "recall_at_10": round(recall_at(nearest, found), 4),
        "recall_at_10_tuned": record.recall_at_10,
        "times_faster_than_exact": round(exact["p50"] / dense["p50"], 1),
        "memory_share_of_float32": round(memory / vectors.nbytes, 3),
        "megabytes": {
            "float32": round(vectors.nbytes / _MB, 1),
            "vectors": round(memory / _MB, 1),
            "disk": round(sum(file.bytes for file in generation.manifest.files) / _MB, 1),
        },
        "seconds": {
            "vectors": round(vectors_seconds, 2),
            "lexical": round(lexical_seconds, 2),
            "articles": round(articles_seconds, 2),
            "opening": round(opening_seconds, 2),
        },
        "ms": {"exact": exact, **milliseconds},
    }


def _timed(run: Callable[[], R]) -> tuple[R, float]:
    started = time.perf_counter()
    result = run()
    return result, time.perf_counter() - started


def _write_vectors(
    folder: Path, vectors: Vectors, material: Material, recall: float
) -> VectorIndexRecord:
    store, record = build_store(vectors, AUTO, recall, lambda: material.tuned_with)
    store.save(folder / VECTORS_FILE)
    return record


def _beside_exact(store: FaissStore, vectors: Vectors, asked: Vectors) -> tuple[Times, Times]:
    """Time exact search and a store's by turns, so that what else runs slows both."""
    exact = FaissStore.empty(vectors.shape[1])
    for start in range(0, len(vectors), _BLOCK):
        exact.add(vectors[start : start + _BLOCK])

    def by_exact(at: int) -> object:
        return exact.search(asked[at], _CANDIDATES)

    def by_store(at: int) -> object:
        return store.search(asked[at], _CANDIDATES)

    spent: tuple[list[float], list[float]] = ([], [])
    for start in range(0, len(asked), _TURN):
        turn = range(start, min(start + _TURN, len(asked)))
        for run, times in zip((by_exact, by_store), spent, strict=True):
            times.extend(call_milliseconds(run, at, _CLOCK) for at in turn)
    return percentiles(spent[0]), percentiles(spent[1])


def _search_times(
    generation: Generation, articles: ArticleStore, material: Material
) -> dict[str, Times]:
    """Ask every question in every way, and with every filter."""
    retriever = Retriever(generation, material.encoder)
    asked, questions, count = material.asked, material.questions, len(material.questions)
    store, lexical, encoder = generation.vectors, generation.lexical, material.encoder

    def ways(filters: Filters) -> dict[str, Callable[[int], object]]:
        return {
            "filter": lambda _: articles.allowed_chunks(filters),
            "dense": lambda at: store.search(asked[at], _CANDIDATES, filters),
            "bm25": lambda at: lexical.search(questions[at], _CANDIDATES, filters),
            "retrieval": lambda at: retriever.retrieve(questions[at], _TOP_K, filters),
        }

    times = {
        "encoding": call_times(lambda at: encoder.encode_question(questions[at]), count, _CLOCK)
    }
    for name, filters in _FILTERS.items():
        for way, run in ways(filters).items():
            times[f"{way}{name}"] = call_times(run, count, _CLOCK)
    return times
