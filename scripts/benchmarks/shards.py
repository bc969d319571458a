"""What spreading an index over shards costs, and whether it changes a passage."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

from index.building.build_choices import build_choices
from index.building.builder import CACHE_FILE, build_index
from index.building.options import MOST_SHARDS, BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder, WrappedEncoder
from index.generations.generation import Generation, generation_folder
from index.loading.gold import load_gold
from index.retriever import Retriever
from scripts.benchmarks.measuring import GoldOption, percentiles, print_result
from scripts.terminal.commands import IndexOption, JsonOption, reported_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from index.embedding.encoder import Encoder
    from index.loading.gold import GoldQuestion
    from index.records import Chunk, Passage

    Vectors = npt.NDArray[np.float32]

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
        built = _build(index, Path(folder), encoder, [1, 2, 4, 16] if shards is None else shards)
        print_result(_compare(built, encoder, load_gold(gold)[:questions]), as_json=as_json)


def _build(index: Path, folder: Path, encoder: Encoder, numbers: Sequence[int]) -> list[Path]:
    """Build an index without shards, and one for each number of them; returns their folders."""
    choices = build_choices(index, None)
    if (index / CACHE_FILE).exists():
        shutil.copyfile(index / CACHE_FILE, folder / CACHE_FILE)
    summaries = [
        build_index(
            choices.corpus_dir,
            folder,
            encoder,
            ChunkingParameters(**choices.chunking.model_dump()),
            BuildOptions(
                keep=1 + len(numbers),
                vector_index=choices.vector_index.requested,
                recall=choices.vector_index.recall_target,
                shards=number,
            ),
        )
        for number in tqdm([1, *numbers], desc="building", disable=None)
    ]
    return [generation_folder(folder, summary.index_version) for summary in summaries]


def _compare(
    folders: Sequence[Path], encoder: Encoder, gold: Sequence[GoldQuestion]
) -> dict[str, object]:
    with ExitStack() as closing:
        generations = [Generation(folder, encoder) for folder in folders]
        for generation in generations:
            closing.callback(generation.close)
        questions = _EmbeddedQuestions(encoder, [question.question for question in gold])
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
                same[which] += _chunks(found) == _chunks(passages[0])
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


def _chunks(passages: Sequence[Passage]) -> list[tuple[int, Chunk]]:
    return [(passage.chunk_id, passage.chunk) for passage in passages]


class _EmbeddedQuestions(WrappedEncoder):
    """Gives the vectors of questions that were embedded before."""

    def __init__(self, encoder: Encoder, questions: Sequence[str]) -> None:
        super().__init__(encoder)
        self._vectors = {question: encoder.encode_question(question) for question in questions}

    def encode_question(self, question: str) -> Vectors:
        return self._vectors[question]
