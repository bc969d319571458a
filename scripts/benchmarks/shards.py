"""What spreading an index over shards costs, and whether it changes a passage or an answer."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from tqdm import tqdm

from api.answering.questions.question import Question
from api.answering.ranking.ranker import load_ranker, read_spans
from api.service.models import reader_options
from api.settings import read_settings
from index.building.options import MOST_SHARDS
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder
from index.generations.generation import Generation
from index.loading.gold import load_gold
from index.retriever import RetrievalParameters, Retriever
from index.stores.vector_tuning import RECALL_DEPTH, recall_at
from scripts.benchmarks.measuring import (
    DataOption,
    GoldOption,
    WorkOption,
    percentiles,
    print_result,
)
from scripts.benchmarks.sharded_indexes import (
    EmbeddedQuestions,
    build_sharded,
    chunks_of,
    squad_questions,
)
from scripts.evaluation.metrics.squad_metrics import exact_match, token_f1
from scripts.terminal.commands import IndexOption, JsonOption, reported_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from api.answering.ranking.ranker import Ranker
    from index.embedding.encoder import Encoder
    from index.loading.gold import GoldQuestion
    from index.records import Passage

    Ids = npt.NDArray[np.int64]

_TOP_K = 8
_EXACT = "Flat"
_CANDIDATES = RetrievalParameters().candidates


def shards(
    index: IndexOption = Path("var/index"),
    gold: GoldOption = Path("corpus/gold.jsonl"),
    shards: Annotated[
        list[int] | None, typer.Option(min=1, max=MOST_SHARDS, help="Numbers of shards.")
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="How many to ask, at most.")] = 200,
    data: DataOption = None,
    work: WorkOption = Path("var/squad"),
    vector_index: Annotated[
        str | None, typer.Option(help="Vector index of all; that of the index where not given.")
    ] = None,
    reader: Annotated[
        str | None, typer.Option(help="Reads the passages: small, large, cascade, or a folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare retrieval from 1, 2, 4 and 16 shards with that from an index without.

    All are built in a temporary folder from the corpus of an index, with its cached vectors.
    ``same_passages`` counts the questions whose first passages are the same, in the same order;
    ``recall_at_10`` is that of dense search against exact search without shards. Milliseconds are
    processor time of searching and loading, with the question embedded before; each question is
    asked of one after the other, by turns. ``over_unsharded`` is the difference of the medians.

    With ``--reader`` the passages are read, and the chosen answer has its exact match and token F1,
    of the questions that have an answer; passages that are the same, with the same scores, are read
    once.
    """
    with reported_errors(), ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL)
        ranker = None
        if reader is not None:
            ranker = load_ranker(reader, encoder, reader_options(read_settings()))
        if data is None:
            asked = load_gold(gold)[:questions]
        else:
            index, asked = squad_questions(data, work, encoder, questions)
        numbers = [1, 2, 4, 16] if shards is None else shards
        (exact,) = build_sharded(index, folder, encoder, [], _EXACT)
        built = build_sharded(index, folder, encoder, numbers, vector_index)
        opened = []
        for path in [exact, *built]:
            opened.append(Generation(path, encoder))
            ending.callback(opened[-1].close)
        print_result(_compare(opened, encoder, asked, ranker), as_json=as_json)


class _Measured:
    """What asking one index gave."""

    def __init__(self, retriever: Retriever) -> None:
        self.retriever = retriever
        self.milliseconds: list[float] = []
        self.same = 0
        self.same_answers = 0
        self.exact: list[float] = []
        self.f1: list[float] = []


def _compare(
    generations: Sequence[Generation],
    encoder: Encoder,
    gold: Sequence[GoldQuestion],
    ranker: Ranker | None,
) -> dict[str, object]:
    """Ask the indexes; the first one is only what dense search is compared with."""
    questions = EmbeddedQuestions(encoder, [question.question for question in gold])
    measured = [_Measured(Retriever(generation, questions)) for generation in generations[1:]]
    for at, question in enumerate(tqdm(gold, desc="asking", disable=None)):
        filters = question.filters.to_filters()
        passages: dict[int, list[Passage]] = {}
        for turn in range(len(measured)):
            which = (at + turn) % len(measured)
            started = time.process_time()
            retrieval = measured[which].retriever.retrieve(question.question, _TOP_K, filters)
            measured[which].milliseconds.append((time.process_time() - started) * 1e3)
            passages[which] = retrieval.passages
        for which, found in passages.items():
            measured[which].same += chunks_of(found) == chunks_of(passages[0])
        if ranker is not None:
            _read(ranker, question, passages, measured)
    nearest = _nearest(generations[0], questions, gold)
    rows = []
    for generation, each in zip(generations[1:], measured, strict=True):
        hits = _nearest(generation, questions, gold)
        row: dict[str, object] = {
            "shards": generation.manifest.shards,
            "same_passages": each.same,
            "recall_at_10": round(recall_at(nearest, hits), 4),
            "ms": percentiles(each.milliseconds),
        }
        if ranker is not None:
            row["same_answers"] = each.same_answers
            if each.exact:
                row["exact_match"] = round(float(np.mean(each.exact)), 4)
                row["f1"] = round(float(np.mean(each.f1)), 4)
        rows.append(row)
    medians = [percentiles(each.milliseconds)["p50"] for each in measured]
    return {
        "questions": len(gold),
        "answered_by_gold": sum(bool(question.answers) for question in gold),
        "articles": generations[0].manifest.articles,
        "chunks": generations[0].manifest.chunks,
        "unsharded": rows[0],
        "sharded": [
            {**row, "over_unsharded": round(median - medians[0], 3)}
            for row, median in zip(rows[1:], medians[1:], strict=True)
        ],
    }


def _read(
    ranker: Ranker,
    question: GoldQuestion,
    passages: dict[int, list[Passage]],
    measured: Sequence[_Measured],
) -> None:
    """Read the passages of each index, and score the answers."""
    parsed = Question.parse(question.question)
    read: list[tuple[list[Passage], str]] = []
    answers = {}
    for which, found in passages.items():
        answer = next((answer for before, answer in read if before == found), None)
        if answer is None:
            ranked = ranker.weigh(parsed, read_spans(ranker.reader, parsed, found), found)
            answer = ranked[0].candidate.text if ranked else ""
            read.append((found, answer))
        answers[which] = answer
    for which, answer in answers.items():
        measured[which].same_answers += answer == answers[0]
        if question.answers:
            measured[which].exact.append(exact_match(answer, question.answers))
            measured[which].f1.append(token_f1(answer, question.answers))


def _nearest(
    generation: Generation, questions: EmbeddedQuestions, gold: Sequence[GoldQuestion]
) -> Ids:
    """The chunks nearest to each question: ``(n_questions, 10)``, -1 where there are fewer."""
    rows = np.full((len(gold), RECALL_DEPTH), -1, dtype=np.int64)
    for row, question in zip(rows, gold, strict=True):
        hits = generation.vectors.search(questions.encode_question(question.question), _CANDIDATES)
        ids = [hit.chunk_id for hit in hits[:RECALL_DEPTH]]
        row[: len(ids)] = ids
    return rows
