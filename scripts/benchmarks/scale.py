"""What search costs from a thousand to a million chunks, most of them synthetic.

Vectors: each real one is moved towards one of its ten nearest neighbours by a random part of the
way, and a little in a random direction. Texts: 60 words each, drawn from those of a real corpus.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from tqdm import tqdm

from index.generation import CONTEXT_WEIGHT
from index.lexical import LexicalStore, LexicalWriter
from index.records import ArticleInfo, Chunk, Filters, Span
from index.vector_index import RECALL_DEPTH, build_store, exact_nearest, recall_at
from index.vector_store import FaissStore
from scripts.benchmarks.measuring import call_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from scripts.benchmarks.words import WordSource

    Vectors = npt.NDArray[np.float32]

_BLOCK: Final = 20_000
_NOISE: Final = 0.2  # length of the random step; vectors have length 1
_NEIGHBOURS: Final = 10
_CANDIDATES: Final = 100
_WORDS: Final = 60
_SOURCES: Final = 20
_FIRST_DAY: Final = dt.date(2023, 1, 1)
_DAYS: Final = 1000
_SEED: Final = 6


def measure_sizes(
    largest: int,
    real: Vectors,
    asked: Vectors,
    questions: Sequence[str],
    words: WordSource,
    recall_target: float,
    tuned_with: Vectors,
) -> list[dict[str, object]]:
    """Measure search at 1,000, 10,000, ... chunks, up to the largest number.

    Args:
        largest: The largest number of chunks.
        real: ``(n, dimension)`` float32, unit rows: vectors of real chunks.
        asked: ``(n_questions, dimension)`` float32, unit rows: vectors of the questions.
        questions: The questions.
        words: Where the words of the texts come from.
        recall_target: What the vector index is tuned to.
        tuned_with: ``(n, dimension)`` float32, unit rows: what it is tuned with.

    Returns:
        A row for each number of chunks.
    """
    sizes = [size for size in (10**power for power in range(3, 9)) if size < largest]
    rows = []
    for size in tqdm([*sizes, largest], desc="sizes"):
        with tempfile.TemporaryDirectory() as folder:
            rows.append(
                {
                    "chunks": size,
                    **_measure(
                        Path(folder), size, real, asked, questions, words, recall_target, tuned_with
                    ),
                }
            )
    return rows


def _measure(
    folder: Path,
    size: int,
    real: Vectors,
    asked: Vectors,
    questions: Sequence[str],
    words: WordSource,
    recall_target: float,
    tuned_with: Vectors,
) -> dict[str, object]:
    vectors = perturbed(real, size, folder / "vectors.f32")
    exact_store = FaissStore.empty(vectors.shape[1])
    for start in range(0, size, _BLOCK):
        exact_store.add(vectors[start : start + _BLOCK])
    started = time.perf_counter()
    built, record = build_store(vectors, "auto", recall_target, lambda: tuned_with)
    seconds = time.perf_counter() - started
    path = folder / "vectors.faiss"
    built.save(path)
    del built
    store = FaissStore.open(path)
    started = time.perf_counter()
    lexical = _lexical(folder / "lexical", size, words)
    lexical_seconds = time.perf_counter() - started
    generator = np.random.default_rng(_SEED)
    few, half = (
        np.sort(generator.choice(size, max(1, int(size * share)), replace=False))
        for share in (0.01, 0.5)
    )
    filters = Filters(
        sources=frozenset({"Source 3", "Source 7"}),
        published_from=_FIRST_DAY + dt.timedelta(days=_DAYS // 2),
    )
    count = len(questions)
    found = np.array(
        [[hit.chunk_id for hit in store.search(question, RECALL_DEPTH)] for question in asked]
    )
    exact = call_times(lambda at: exact_store.search(asked[at], _CANDIDATES), count)
    dense = call_times(lambda at: store.search(asked[at], _CANDIDATES), count)
    return {
        "vector_index": record.factory,
        "search_value": record.search_value,
        "vector_build_seconds": round(seconds, 1),
        "lexical_build_seconds": round(lexical_seconds, 1),
        "recall_at_10": round(recall_at(exact_nearest(vectors, asked, RECALL_DEPTH), found), 4),
        "recall_at_10_tuned": record.recall_at_10,
        "times_faster_than_exact": round(exact["p50"] / dense["p50"], 1),
        "memory_share_of_float32": round(_resident(path) / (vectors.size * 4), 3),
        "ms": {
            "exact": exact,
            "dense": dense,
            "dense_1_percent": call_times(
                lambda at: store.search(asked[at], _CANDIDATES, few), count
            ),
            "dense_50_percent": call_times(
                lambda at: store.search(asked[at], _CANDIDATES, half), count
            ),
            "bm25": call_times(lambda at: lexical.search(questions[at], _CANDIDATES), count),
            "bm25_filtered": call_times(
                lambda at: lexical.search(questions[at], _CANDIDATES, filters), count
            ),
            "both": call_times(lambda at: _both(store, lexical, asked[at], questions[at]), count),
        },
    }


def perturbed(real: Vectors, size: int, path: Path) -> Vectors:
    """Make unit vectors near real ones, in a file that is mapped into memory."""
    count, dimension = real.shape
    generator = np.random.default_rng(_SEED)
    neighbours = exact_nearest(real, real, min(_NEIGHBOURS + 1, count))
    with path.open("wb") as file:
        for start in range(0, size, _BLOCK):
            number = min(_BLOCK, size - start)
            one = generator.integers(0, count, number)
            other = neighbours[one, generator.integers(0, neighbours.shape[1], number)]
            part = generator.random((number, 1), dtype=np.float32)
            step = generator.standard_normal((number, dimension), dtype=np.float32)
            step *= _NOISE / np.sqrt(dimension)
            rows = real[one] * (1 - part) + real[other] * part + step
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            file.write(rows.astype(np.float32).tobytes())
    made: Vectors = np.memmap(path, dtype=np.float32, mode="r", shape=(size, dimension))
    return made


def _lexical(folder: Path, size: int, words: WordSource) -> LexicalStore:
    generator = np.random.default_rng(_SEED)
    with LexicalWriter(folder, "en") as writer:
        for number, text in enumerate(words.texts(generator, size, _WORDS)):
            info = ArticleInfo(
                id=str(number),
                title=None,
                url=None,
                source=f"Source {number % _SOURCES}",
                author=None,
                published_at=_FIRST_DAY + dt.timedelta(days=number % _DAYS),
                tags=(),
                sha256="",
                path="",
            )
            span = Span(0, len(text))
            writer.add(number, Chunk(info.id, *span, text, "", (span,)), info)
    return LexicalStore(folder, "en", context_weight=CONTEXT_WEIGHT)


def _both(store: FaissStore, lexical: LexicalStore, vector: Vectors, question: str) -> None:
    """Both searches, and the cosines that only one of them lacks, as the retriever runs them."""
    dense = {hit.chunk_id for hit in store.search(vector, _CANDIDATES)}
    words = [hit.chunk_id for hit in lexical.search(question, _CANDIDATES)]
    store.similarities(vector, [chunk_id for chunk_id in words if chunk_id not in dense])


def _resident(path: Path) -> int:
    """Bytes of a mapped file that are in memory; all of it where the system does not say."""
    maps = Path("/proc/self/smaps")
    if not maps.exists():
        return path.stat().st_size
    resident, inside = 0, False
    for line in maps.read_text().splitlines():
        name = line.split(maxsplit=5)
        if "-" in name[0] and not name[0].endswith(":"):
            inside = name[-1] == str(path)
        elif inside and line.startswith("Rss:"):
            resident += int(name[1]) * 1024
    return resident
