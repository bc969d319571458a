"""How fast chunks are found, beside a search that compares every vector."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from tqdm import tqdm

from index.articles import Skipped, load_articles
from index.chunking import ChunkingParameters, chunk_article
from index.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.generation import open_current
from index.records import Chunk, Filters
from index.tuning_questions import spread, tuning_questions
from index.vector_store import FaissStore
from scripts.benchmarks.measuring import CorpusOption, GoldOption, call_times, print_result
from scripts.benchmarks.scale import measure_sizes
from scripts.benchmarks.words import WordSource
from scripts.commands import IndexOption, reported_errors
from scripts.gold_questions import load_gold


def search(
    index: IndexOption = Path("var/index"),
    gold: GoldOption = Path("corpus/gold.jsonl"),
    corpus: CorpusOption = Path("corpus"),
    chunks: Annotated[
        int | None,
        typer.Option(
            min=1000, help="Measure at 1,000, 10,000, ... up to so many synthetic chunks instead."
        ),
    ] = None,
    vectors: Annotated[
        Path | None,
        typer.Option(
            help="FAISS file of real vectors to make synthetic ones of; else the index's."
        ),
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="How many to ask, at most.")] = 200,
    recall: Annotated[float, typer.Option(help="Recall@10 to tune to, with --chunks.")] = 0.98,
) -> None:
    """Time dense and BM25 search, with and without filters, beside a brute-force search.

    With ``--chunks`` on synthetic data: vectors made by perturbing real ones, and texts of words of
    the corpus; the index is tuned with fragments of the corpus's sentences; recall is that of the
    gold questions against exact search over the same vectors, and
    memory what is resident of the mapped vectors after all searches.
    """
    with reported_errors():
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        asked = [question.question for question in load_gold(gold)][:questions]
        rows = np.stack([encoder.encode_question(question) for question in tqdm(asked, "encoding")])
        if chunks is not None:
            store = (
                open_current(index, encoder).vectors
                if vectors is None
                else FaissStore.open(vectors)
            )
            real = store.vectors()
            fragments = list(tuning_questions(_sampled_chunks(corpus)))
            tuned_with = np.stack([encoder.encode_question(text) for text in fragments])
            words = WordSource(corpus)
            table = measure_sizes(chunks, real, rows, asked, words, recall, tuned_with)
            print_result({"real_vectors": len(real), "questions": len(asked), "synthetic": table})
            return
        result = _search_index(index, encoder, asked, rows)
    print_result(result)


def _sampled_chunks(corpus: Path) -> list[Chunk]:
    chunks = [
        chunk
        for item in load_articles(corpus)
        if not isinstance(item, Skipped)
        for chunk in chunk_article(item, ChunkingParameters())
    ]
    return [chunks[number] for number in spread(len(chunks))]


def _search_index(
    index: Path,
    encoder: SentenceTransformerEncoder,
    asked: list[str],
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> dict[str, object]:
    generation = open_current(index, encoder)
    rows = generation.vectors.vectors()
    infos, _ = generation.articles.infos(Filters(), 0, 10)
    filters = Filters(article_ids=frozenset(info.id for info in infos))
    allowed = generation.articles.allowed_chunks(filters)
    store, lexical, count = generation.vectors, generation.lexical, len(asked)
    return {
        "chunks": len(store),
        "questions": count,
        "ms": {
            "numpy": call_times(lambda at: np.argsort(-(rows @ vectors[at]))[:100], count),
            "dense": call_times(lambda at: store.search(vectors[at], 100), count),
            "dense_filtered": call_times(lambda at: store.search(vectors[at], 100, allowed), count),
            "bm25": call_times(lambda at: lexical.search(asked[at], 100), count),
            "bm25_filtered": call_times(lambda at: lexical.search(asked[at], 100, filters), count),
        },
    }
