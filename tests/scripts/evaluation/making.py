"""Gold questions and results of questions in a few words."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from scripts.evaluation.metrics.bootstrap import Bootstrap
from scripts.evaluation.metrics.estimates import confusion, count_outcomes, estimate
from scripts.evaluation.metrics.statement_scores import STATEMENT_SCORES
from scripts.evaluation.results import (
    Cost,
    EvaluationResult,
    EvaluationSettings,
    Found,
    Outcome,
    QuestionResult,
)
from tests.conftest import META, MICROSOFT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

QUICK = Bootstrap(replicates=200)
GOLD: list[dict[str, Any]] = [
    {
        "id": "g1",
        "question": "How much capital expenditure does Meta expect?",
        "answers": [META],
        "articles": ["meta"],
        "tags": ["capex", "answerable"],
    },
    {
        "id": "g2",
        "question": "How much does Microsoft plan to spend on data centres?",
        "answers": [MICROSOFT],
        "articles": ["microsoft"],
        "tags": ["capex", "answerable"],
    },
    {
        "id": "g3",
        "question": "Where did it rain all day?",
        "answers": ["It rained in Dublin all day."],
        "articles": ["rain"],
        "tags": ["answerable"],
    },
    {"id": "g4", "question": "Who runs Google?", "answers": [], "tags": ["unanswerable"]},
]


def write_gold(path: Path, questions: Sequence[dict[str, Any]] = GOLD) -> Path:
    """Write gold questions as a file."""
    lines = [json.dumps(question) for question in questions]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def make_question(name: str = "q", **changes: Any) -> QuestionResult:
    """A question that was answered rightly, with changes."""
    known: dict[str, Any] = {
        "id": name,
        "fingerprint": f"print of {name}",
        "tags": (),
        "answerable": True,
        "outcome": Outcome.RIGHT,
        "answered": True,
        "exact": 1.0,
        "f1": 1.0,
        "confidence": 0.9,
        "candidate_right": True,
        "answer_digest": "a",
        "articles": Found(relevant=1, ranks=(1,)),
        "passages": Found(relevant=1, ranks=(1,)),
        "cited": 1,
        "verified": 1,
        "citation_precision": 1.0,
        "citation_recall": 1.0,
        "timings_ms": {"encode": 1.0, "retrieve": 1.0, "read": 1.0, "total": 3.0, "request": 4.0},
    }
    return QuestionResult.model_validate(known | changes)


BEST_STATEMENTS = {name: float(one.higher_is_better) for name, one in STATEMENT_SCORES.items()}
WORST_STATEMENTS = {name: 1 - score for name, score in BEST_STATEMENTS.items()}
WRONG: dict[str, Any] = {
    "outcome": Outcome.READER_MISSED,
    "exact": 0.0,
    "f1": 0.0,
    "candidate_right": False,
    "answer_digest": "b",
}
ABSTAINED: dict[str, Any] = {
    "outcome": Outcome.WRONGLY_ABSTAINED,
    "answered": False,
    "exact": 0.0,
    "f1": 0.0,
    "answer_digest": None,
    "cited": 0,
    "verified": 0,
    "citation_precision": None,
    "citation_recall": 0.0,
}
LEFT_OPEN: dict[str, Any] = ABSTAINED | {
    "outcome": Outcome.RIGHT,
    "answerable": False,
    "exact": 1.0,
    "f1": 1.0,
    "candidate_right": False,
    "confidence": 0.1,
    "articles": None,
    "passages": None,
    "citation_recall": None,
}
FAILED: dict[str, Any] = ABSTAINED | {
    "outcome": Outcome.FAILED,
    "confidence": None,
    "candidate_right": False,
    "articles": Found(relevant=1, ranks=()),
    "passages": Found(relevant=1, ranks=()),
    "citation_precision": 0.0,
    "timings_ms": {},
    "error": "it broke",
}


def make_result(questions: Sequence[QuestionResult], version: str = "v1") -> EvaluationResult:
    """The result of an evaluation with these questions."""
    return EvaluationResult(
        created_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        settings=EvaluationSettings(
            gold="gold.jsonl",
            gold_sha256="0" * 64,
            index="index",
            index_version=version,
            encoder="fake",
            reader="fake",
            top_k=8,
            threshold=0.5,
            search_depth=50,
            replicates=QUICK.replicates,
            seed=QUICK.seed,
        ),
        cost=Cost(seconds=1.0, asking_seconds=1.0, ratio=1.0),
        metrics=estimate(questions, QUICK),
        confusion=confusion(questions),
        outcomes=count_outcomes(questions),
        tags={},
        unknown_articles=(),
        skipped=(),
        questions=tuple(questions),
    )
