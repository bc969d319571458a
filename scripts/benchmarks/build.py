"""Benchmark of building: a build beside merely embedding the same texts."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Annotated, Final

import typer
from tqdm import tqdm

from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters, chunk_article
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.loading.articles import load_articles
from index.loading.corpus_folder import Skipped
from scripts.benchmarks.measuring import CorpusOption, encode_rate, print_result
from scripts.benchmarks.rebuild import measure_rebuilds
from scripts.benchmarks.sizes.words import WordSource
from scripts.terminal.commands import JsonOption, reported_errors

_BATCH_SIZES: Final = (8, 16, 32, 64, 128)


def build(
    corpus: CorpusOption = Path("corpus"),
    rounds: Annotated[int, typer.Option(min=0, help="Builds, each beside a bare run.")] = 3,
    articles: Annotated[
        int, typer.Option(min=0, help="Generated articles to measure rebuilding on.")
    ] = 10_000,
    as_json: JsonOption = False,
) -> None:
    """Compare a build with merely embedding the same texts, and rebuilds with a first build.

    Each round builds the index once and encodes the chunks once with
    ``SentenceTransformer.encode`` at its best batch size; ``ratio`` is the median of chunks per
    second of the build by that of the bare encoder. ``rebuild`` is measured on short generated
    articles, each a file: the first build, one with nothing changed, one with 1% changed.
    """
    with reported_errors():
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        result: dict[str, object] = {}
        if rounds:
            result |= _compare(corpus, encoder, rounds)
        if articles:
            result["rebuild"] = measure_rebuilds(WordSource(corpus), encoder, articles)
    print_result(result, as_json=as_json)


def _compare(corpus: Path, encoder: SentenceTransformerEncoder, rounds: int) -> dict[str, object]:
    chunking = ChunkingParameters()
    texts = [
        chunk.indexed_text
        for article in load_articles(corpus)
        if not isinstance(article, Skipped)
        for chunk in chunk_article(article, chunking)
    ]
    bare = encoder.transformer
    sample = texts[:512]
    best = max(_BATCH_SIZES, key=lambda size: encode_rate(bare.encode, sample, size))
    built, encoded = [], []
    for _ in tqdm(range(rounds), desc="rounds", disable=None):
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            summary = build_index(corpus, Path(folder), encoder, chunking)
            built.append(summary.chunks / (time.perf_counter() - started))
        encoded.append(encode_rate(bare.encode, texts, best))
    ratios = [mine / raw for mine, raw in zip(built, encoded, strict=True)]
    return {
        "chunks": len(texts),
        "best_batch_size": best,
        "build_chunks_per_second": round(statistics.median(built), 1),
        "encode_chunks_per_second": round(statistics.median(encoded), 1),
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
    }
