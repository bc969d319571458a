"""How fast chunks are found, beside a NumPy brute-force search."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tqdm import tqdm

from index.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.generation import open_current
from index.records import Filters
from scripts.benchmarks.measuring import GoldOption, call_times, print_result
from scripts.commands import IndexOption, reported_errors
from scripts.gold_questions import load_gold


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
            "numpy": call_times(lambda at: np.argsort(-(rows @ vectors[at]))[:100], len(questions)),
            "dense": call_times(lambda at: store.search(vectors[at], 100), len(questions)),
            "dense_filtered": call_times(
                lambda at: store.search(vectors[at], 100, allowed), len(questions)
            ),
            "bm25": call_times(lambda at: lexical.search(questions[at], 100), len(questions)),
            "bm25_filtered": call_times(
                lambda at: lexical.search(questions[at], 100, filters), len(questions)
            ),
        }
    print_result({"chunks": len(store), "questions": len(questions), "ms": milliseconds})
