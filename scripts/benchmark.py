"""Speed and memory, as ratios to something run beside it: `python -m scripts.benchmark --help`."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import numpy as np
import torch
import typer
from tqdm import tqdm

from api.answering.answerer import AskParameters
from api.serving import Serving, load_models
from api.settings import Settings
from index.articles import Skipped, load_articles
from index.builder import build_index
from index.chunking import ChunkingParameters, chunk_article
from index.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.generation import open_current
from index.records import Filters
from scripts.benchmarks.load import load
from scripts.commands import IndexOption, reported_errors
from scripts.gold_questions import load_gold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
app.command()(load)
_BATCH_SIZES: Final = (8, 16, 32, 64, 128)
CorpusOption = Annotated[Path, typer.Option(envvar="QA_CORPUS_DIR", help="Folder of articles.")]
GoldOption = Annotated[Path, typer.Option(help="Gold questions to ask.")]


def _machine() -> dict[str, object]:
    return {
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }


def _print(result: dict[str, object]) -> None:
    print(json.dumps({**result, **_machine()}))


@app.command()
def build(
    corpus: CorpusOption = Path("corpus"),
    rounds: Annotated[int, typer.Option(min=1, help="Builds, each beside a bare run.")] = 3,
) -> None:
    """Compare a whole build with nothing but embedding the same texts.

    Each round builds the index once and encodes the chunks once with
    ``SentenceTransformer.encode`` at its best batch size; ``ratio`` is the median of chunks per
    second of the build by that of the bare encoder.
    """
    with reported_errors():
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        chunking = ChunkingParameters()
        texts = [
            chunk.indexed_text
            for article in load_articles(corpus)
            if not isinstance(article, Skipped)
            for chunk in chunk_article(article, chunking)
        ]
        bare = encoder.transformer
        sample = texts[:512]
        best = max(_BATCH_SIZES, key=lambda size: _rate(bare.encode, sample, size))
        built, encoded = [], []
        for _ in tqdm(range(rounds), desc="rounds"):
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                summary = build_index(corpus, Path(folder), encoder, chunking)
                built.append(summary.chunks / (time.perf_counter() - started))
            encoded.append(_rate(bare.encode, texts, best))
    ratios = [mine / raw for mine, raw in zip(built, encoded, strict=True)]
    _print(
        {
            "chunks": len(texts),
            "best_batch_size": best,
            "build_chunks_per_second": round(statistics.median(built), 1),
            "encode_chunks_per_second": round(statistics.median(encoded), 1),
            "ratio": round(statistics.median(ratios), 3),
            "ratios": [round(ratio, 3) for ratio in ratios],
        }
    )


def _rate(encode: Callable[..., Any], texts: Sequence[str], batch_size: int) -> float:
    started = time.perf_counter()
    encode(list(texts), batch_size=batch_size, show_progress_bar=False)
    return len(texts) / (time.perf_counter() - started)


@app.command()
def ask(
    index: IndexOption = Path("var/index"),
    gold: GoldOption = Path("corpus/gold.jsonl"),
    questions: Annotated[int, typer.Option(min=1, help="How many to ask, at most.")] = 200,
) -> None:
    """Split the time of asking into its stages.

    ``overhead`` is the share of the whole that is neither encoding the question nor reading.
    """
    with reported_errors():
        answerer = Serving(index, load_models(Settings(index_dir=index))).current().answerer
        asked = load_gold(gold)[:questions]
        for question in asked[:5]:
            answerer.ask(question.question)
        replies = [
            answerer.ask(
                question.question, AskParameters(filters=question.filters.to_filters())
            ).timings
            for question in tqdm(asked, desc="asking")
        ]
    total = sum(timings.total for timings in replies)
    known = sum(timings.encode + timings.read for timings in replies)
    _print(
        {
            "questions": len(replies),
            "overhead": round((total - known) / total, 4),
            "p50_ms": _percentiles(replies, 50),
            "p95_ms": _percentiles(replies, 95),
        }
    )


def _percentiles(replies: Sequence[Any], percent: int) -> dict[str, float]:
    return {
        stage: round(float(np.percentile([getattr(one, stage) for one in replies], percent)), 2)
        for stage in ("encode", "retrieve", "read", "total")
    }


@app.command()
def search(
    index: IndexOption = Path("var/index"),
    gold: GoldOption = Path("corpus/gold.jsonl"),
) -> None:
    """Time dense and BM25 search, with and without filters, beside a NumPy brute-force search."""
    with reported_errors():
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        generation = open_current(index, encoder)
        questions = [question.question for question in load_gold(gold)]
        vectors = [encoder.encode_question(question) for question in tqdm(questions, "encoding")]
        rows = generation.vectors.vectors()
        infos, _ = generation.articles.infos(Filters(), 0, 10)
        filters = Filters(article_ids=frozenset(info.id for info in infos))
        allowed = generation.articles.allowed_chunks(filters)
        store, lexical = generation.vectors, generation.lexical
        milliseconds = {
            "numpy": _times(lambda at: np.argsort(-(rows @ vectors[at]))[:100], len(questions)),
            "dense": _times(lambda at: store.search(vectors[at], 100), len(questions)),
            "dense_filtered": _times(
                lambda at: store.search(vectors[at], 100, allowed), len(questions)
            ),
            "bm25": _times(lambda at: lexical.search(questions[at], 100), len(questions)),
            "bm25_filtered": _times(
                lambda at: lexical.search(questions[at], 100, filters), len(questions)
            ),
        }
    _print({"chunks": len(store), "questions": len(questions), "ms": milliseconds})


def _times(run: Callable[[int], object], count: int) -> dict[str, float]:
    spent = []
    for at in range(count):
        started = time.perf_counter()
        run(at)
        spent.append((time.perf_counter() - started) * 1e3)
    return {f"p{percent}": round(float(np.percentile(spent, percent)), 3) for percent in (50, 95)}


@app.command()
def start(
    index: IndexOption = Path("var/index"),
    port: Annotated[int, typer.Option(help="A free port.")] = 8765,
) -> None:
    """Time the server from start to ready, beside a process that only loads the models."""
    environment = {**os.environ, "QA_INDEX_DIR": str(index)}
    load = (
        "from api.serving import load_models; from api.settings import Settings; "
        "load_models(Settings())"
    )
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", load], env=environment, check=True)
    loading = time.perf_counter() - started
    command = [sys.executable, "-m", "uvicorn", "api.main:create_app", "--factory"]
    started = time.perf_counter()
    server = subprocess.Popen(
        [*command, "--port", str(port), "--log-level", "warning"], env=environment
    )
    try:
        while not _is_ready(f"http://127.0.0.1:{port}/readyz"):
            if server.poll() is not None:
                print("error: the server ended before it was ready", file=sys.stderr)
                raise typer.Exit(1)
            time.sleep(0.02)
        ready = time.perf_counter() - started
        memory = _resident_megabytes(server.pid)
    finally:
        server.terminate()
        server.wait()
    _print(
        {
            "ready_seconds": round(ready, 2),
            "loading_models_seconds": round(loading, 2),
            "loading_share": round(loading / ready, 3),
            "resident_mb": memory,
        }
    )


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - loopback only
            return bool(response.status == 200)
    except urllib.error.URLError:
        return False


def _resident_megabytes(process: int) -> float | None:
    """Resident memory, where the system says it the Linux way."""
    path = Path(f"/proc/{process}/status")
    if not path.exists():
        return None
    line = next(line for line in path.read_text().splitlines() if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


if __name__ == "__main__":
    app()
