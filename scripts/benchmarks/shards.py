"""What spreading an index over shards costs, and whether it changes a passage."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

from index.building.options import MOST_SHARDS
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.generations.generation import Generation
from index.loading.gold import load_gold
from index.retriever import Retriever
from scripts.benchmarks.measuring import GoldOption, percentiles, print_result
from scripts.benchmarks.sharded_indexes import EmbeddedQuestions, build_sharded, chunks_of
from scripts.terminal.commands import IndexOption, JsonOption, reported_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.embedding.encoder import Encoder
    from index.loading.gold import GoldQuestion
    from index.records import Passage

_TOP_K = 8


def shards(
    index: IndexOption = Path("var/index"),
    gold: GoldOption = Path("corpus/gold.jsonl"),
    shards: Annotated[
        list[int] | None, typer.Option(min=1, max=MOST_SHARDS, help="Numbers of shards.")
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="How many to ask, at most.")] = 200,
    as_json: JsonOption = False,
) -> None:
    """Compare retrieval from 1, 2, 4 and 16 shards with that from an index without.

    All are built in a temporary folder from the corpus of an index, with its cached vectors.
    ``same_passages`` counts the questions whose first passages are the same, in the same order;
    Milliseconds are processor time of searching and loading, with the question embedded before;
    each question is asked of one after the other, by turns. ``over_unsharded`` is the difference of
    the medians.
    """
    with reported_errors(), tempfile.TemporaryDirectory() as folder:
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        built = build_sharded(
            index, Path(folder), encoder, [1, 2, 4, 16] if shards is None else shards
        )
        print_result(_compare(built, encoder, load_gold(gold)[:questions]), as_json=as_json)


def _compare(
    folders: Sequence[Path], encoder: Encoder, gold: Sequence[GoldQuestion]
) -> dict[str, object]:
    with ExitStack() as closing:
        generations = [Generation(folder, encoder) for folder in folders]
        for generation in generations:
            closing.callback(generation.close)
        questions = EmbeddedQuestions(encoder, [question.question for question in gold])
        retrievers = [Retriever(generation, questions) for generation in generations]
        milliseconds: list[list[float]] = [[] for _ in retrievers]
        same = [0] * len(retrievers)
        for at, question in enumerate(tqdm(gold, desc="asking", disable=None)):
            filters = question.filters.to_filters()
            passages: dict[int, list[Passage]] = {}
            for turn in range(len(retrievers)):
                which = (at + turn) % len(retrievers)
                started = time.process_time()
                retrieval = retrievers[which].retrieve(question.question, _TOP_K, filters)
                milliseconds[which].append((time.process_time() - started) * 1e3)
                passages[which] = retrieval.passages
            for which, found in passages.items():
                same[which] += chunks_of(found) == chunks_of(passages[0])
    medians = [percentiles(each)["p50"] for each in milliseconds]
    return {
        "questions": len(gold),
        "articles": generations[0].manifest.articles,
        "chunks": generations[0].manifest.chunks,
        "unsharded_ms": percentiles(milliseconds[0]),
        "sharded": [
            {
                "shards": generations[which].manifest.shards,
                "same_passages": same[which],
                "ms": percentiles(milliseconds[which]),
                "over_unsharded": round(medians[which] - medians[0], 3),
            }
            for which in range(1, len(folders))
        ],
    }
