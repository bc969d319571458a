"""Benchmark of asking: the time of a question by stage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from tqdm import tqdm

from api.answering.answerer import AskParameters
from api.service.models import load_models
from api.service.serving import Serving
from api.settings import Settings
from index.loading.gold import load_gold
from scripts.benchmarks.measuring import GoldOption, print_result
from scripts.terminal.commands import IndexOption, JsonOption, reported_errors

if TYPE_CHECKING:
    from collections.abc import Sequence


def ask(
    index: IndexOption = Path("var/index"),
    gold: GoldOption = Path("corpus/gold.jsonl"),
    questions: Annotated[int, typer.Option(min=1, help="How many to ask, at most.")] = 200,
    as_json: JsonOption = False,
) -> None:
    """Measure the time of a question by stage.

    ``overhead`` is the share spent neither encoding the question nor reading passages.
    """
    with reported_errors():
        answerer = Serving(index, load_models(Settings(index_dir=index))).current().answerer
        gold_questions = load_gold(gold)[:questions]
        for question in gold_questions[:5]:
            answerer.ask(question.question)
        replies = [
            answerer.ask(
                question.question, AskParameters(filters=question.filters.to_filters())
            ).timings
            for question in tqdm(gold_questions, desc="asking", disable=None)
        ]
    total = sum(timings.total for timings in replies)
    in_models = sum(timings.encode + timings.read for timings in replies)
    print_result(
        {
            "questions": len(replies),
            "overhead": round((total - in_models) / total, 4),
            "p50_ms": _percentiles(replies, 50),
            "p95_ms": _percentiles(replies, 95),
        },
        as_json=as_json,
    )


def _percentiles(replies: Sequence[Any], percent: int) -> dict[str, float]:
    return {
        stage: round(
            float(np.percentile([getattr(timings, stage) for timings in replies], percent)), 2
        )
        for stage in ("encode", "retrieve", "read", "total")
    }
