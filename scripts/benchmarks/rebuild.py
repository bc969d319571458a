"""Benchmark of rebuilding after no change and after few, beside the first build."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from scripts.terminal.commands import chunk_bar

if TYPE_CHECKING:
    from index.embedding.encoder import Encoder
    from scripts.benchmarks.sizes.words import WordSource

_WORDS: Final = 40
_SETTLED_SECONDS: Final = 2.5  # younger files are read to see whether they changed
_SEED: Final = 5


def measure_rebuilds(words: WordSource, encoder: Encoder, count: int) -> dict[str, object]:
    """Build an index of generated articles, again without a change and with 1% changed.

    Args:
        words: The source of the articles' words.
        encoder: The encoder to build with.
        count: Number of articles, of 40 words each, a file each.

    Returns:
        Seconds of the three builds, and the later two as ratios to the first.
    """
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        corpus.mkdir()
        generator = np.random.default_rng(_SEED)
        for number, text in enumerate(words.texts(generator, count, _WORDS)):
            (corpus / f"{number:06}.txt").write_text(text, encoding="utf-8")
        time.sleep(_SETTLED_SECONDS)
        first = _build(corpus, index, encoder, "first build")
        unchanged = _build(corpus, index, encoder, "nothing changed")
        changed = generator.choice(count, max(1, count // 100), replace=False)
        for number, text in zip(changed, words.texts(generator, len(changed), _WORDS), strict=True):
            (corpus / f"{number:06}.txt").write_text(text, encoding="utf-8")
        little = _build(corpus, index, encoder, "1% changed")
    return {
        "articles": count,
        "first_seconds": round(first, 2),
        "unchanged_seconds": round(unchanged, 3),
        "unchanged_ratio": round(unchanged / first, 4),
        "one_percent_seconds": round(little, 3),
        "one_percent_ratio": round(little / first, 4),
    }


def _build(corpus: Path, index: Path, encoder: Encoder, name: str) -> float:
    with chunk_bar(name) as show:
        started = time.perf_counter()
        build_index(corpus, index, encoder, ChunkingParameters(), progress=show)
        return time.perf_counter() - started
