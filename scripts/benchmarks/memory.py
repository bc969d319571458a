"""How much memory a build takes, for few articles and for many."""

from __future__ import annotations

import multiprocessing
import tempfile
import threading
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import numpy as np
import typer

from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from scripts.benchmarks.measuring import CorpusOption, print_result
from scripts.benchmarks.processes import own_bytes
from scripts.benchmarks.sizes.words import WordSource
from scripts.terminal.commands import JsonOption, reported_errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

_WORDS: Final = 40
_FEW: Final = 1000
_SEED: Final = 5
_MB: Final = 1e6
_LOOKS_SECONDS: Final = 0.01


class CheapEncoder:
    """Gives each text a random unit vector, always the same one, without a model."""

    model = "cheap"
    dimension = 384
    fingerprint = "cheap"

    def encode_chunks(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: ``(len(texts), 384)`` float32, unit rows."""
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, question: str) -> Vectors:
        """Embed one text: ``(384,)`` float32, of unit length."""
        generator = np.random.default_rng(zlib.crc32(question.encode()))
        vector = generator.standard_normal(self.dimension, dtype=np.float32)
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit


def memory(
    corpus: CorpusOption = Path("corpus"),
    articles: Annotated[
        int, typer.Option(min=_FEW, help="Generated articles of the larger build.")
    ] = 50_000,
    as_json: JsonOption = False,
) -> None:
    """Compare the peak memory of a build of 1,000 short articles with that of many.

    Each build runs in a process of its own, with random vectors instead of a model's. Memory is
    what belongs to the process alone (Linux: ``RssAnon``), beyond what it had before the build;
    pages of mapped files, which the system takes back when it needs them, do not count. The
    vectors as they are stored are in memory while they are written, and so reported beside it.
    """
    with reported_errors():
        words = WordSource(corpus)
        few, many = (_measure(words, count) for count in (_FEW, articles))
    beyond = (many["peak_mb"] - many["vectors_mb"]) - (few["peak_mb"] - few["vectors_mb"])
    print_result(
        {"builds": [few, many], "growth_without_vectors_mb": round(beyond, 1)}, as_json=as_json
    )


def _measure(words: WordSource, count: int) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, text in enumerate(words.texts(np.random.default_rng(_SEED), count, _WORDS)):
            (corpus / f"{number:06}.txt").write_text(text, encoding="utf-8")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_build, args=(corpus, Path(folder) / "index", sender))
        process.start()
        sender.close()
        try:
            chunks, peak, vectors = receiver.recv()
        finally:
            process.join()
    return {
        "articles": count,
        "chunks": chunks,
        "peak_mb": round(peak / _MB, 1),
        "vectors_mb": round(vectors / _MB, 1),
    }


def _build(corpus: Path, index: Path, sender: Connection) -> None:
    """Build in this process and tell chunks, peak bytes, and bytes of the vectors' file."""
    before, peak, done = own_bytes(), 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(_LOOKS_SECONDS):
            peak = max(peak, own_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        summary = build_index(corpus, index, CheapEncoder(), ChunkingParameters())
    finally:
        done.set()
        watcher.join()
    (vectors,) = index.glob("generations/*/vectors.faiss")
    sender.send((summary.chunks, peak - before, vectors.stat().st_size))
