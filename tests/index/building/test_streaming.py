"""What a build holds in memory does not grow with the corpus."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.building import chunk_indexing
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import open_current
from index.stores.article_store import ArticleStore
from index.stores.vector_tuning import TUNING_QUESTIONS
from tests.conftest import FakeEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from index.records import ArticleInfo, Chunk

BATCH = 64


class QuickEncoder(FakeEncoder):
    """Gives a vector that depends on the length of a text, and remembers no text."""

    def __init__(self) -> None:
        super().__init__(dimension=8)
        self.most = 0

    def encode_chunks(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.most = max(self.most, len(texts))
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, question: str) -> npt.NDArray[np.float32]:
        vector = np.zeros(self.dimension, dtype=np.float32)
        vector[len(question) % self.dimension] = 1
        return vector


@pytest.fixture(autouse=True)
def batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunk_indexing, "_BATCH", BATCH)


def _write(corpus: Path, count: int) -> int:
    """Write articles in files of fifty; returns the bytes of their texts.

    No two are alike, and all share a vocabulary: names hold each distinct word of a corpus once.
    """
    corpus.mkdir()
    total = 0
    for start in range(0, count, 50):
        with (corpus / f"{start:06}.jsonl").open("w") as file:
            for number in range(start, start + 50):
                words = " ".join(f"word{(number * 977 + step * step) % 997}" for step in range(200))
                file.write(f'{{"id": "{number}", "text": "{words}."}}\n')
                total += len(words)
    return total


def test_no_stage_of_a_build_is_given_more_than_a_batch_of_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[int] = []
    load = ArticleStore.chunks

    def watched(store: ArticleStore, ids: Sequence[int]) -> dict[int, tuple[Chunk, ArticleInfo]]:
        loaded.append(len(ids))
        return load(store, ids)

    monkeypatch.setattr(ArticleStore, "chunks", watched)
    _write(tmp_path / "corpus", 200)
    encoder = QuickEncoder()
    build_index(tmp_path / "corpus", tmp_path / "index", encoder, ChunkingParameters())
    with_all = open_current(tmp_path / "index", encoder)
    assert with_all.manifest.chunks > TUNING_QUESTIONS > BATCH
    with_all.close()
    assert 0 < encoder.most <= BATCH
    *batches, sample = sorted(loaded)
    assert max(batches) == BATCH
    assert sample <= TUNING_QUESTIONS


def test_memory_of_a_build_does_not_grow_with_the_texts(tmp_path: Path) -> None:
    peaks, sizes = [], []
    for count in (50, 100, 400):  # the first one only fills caches
        folder = tmp_path / str(count)
        folder.mkdir()
        sizes.append(_write(folder / "corpus", count))
        tracemalloc.start()
        build_index(folder / "corpus", folder / "index", QuickEncoder(), ChunkingParameters())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] - peaks[1] < 0.2 * (sizes[2] - sizes[1])
