"""Judges what the service that started this process replies, or compares two evaluations.

``run CORPUS MOST FOLDER/ID`` asks the gold questions beside a corpus: each call of the service is a
line of JSON on standard output, its reply one on standard input. ``compare OLD NEW`` compares two
results.
"""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from index.errors import ArticleQAError
from index.loading.local_gold import gold_beside
from scripts.served_evaluation.piped_service import PipedService
from scripts.terminal.build_progress import ASKING, ProgressStyle
from scripts.terminal.extras import require_extra

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.evaluation.results import EvaluationResult, QuestionResult

_TOP_K: Final = 8
_MISSED: Final = 200


def main(arguments: Sequence[str]) -> int:
    """Run, or compare; gives the exit status."""
    try:
        require_extra("evaluation")
        if arguments[0] == "compare":
            _compare(*map(Path, arguments[1:]))
        else:
            corpus, most, file = arguments[1:]
            _run(Path(corpus), int(most), Path(file), PipedService(sys.stdout, sys.stdin))
    except (ArticleQAError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _run(corpus: Path, most: int, file: Path, service: PipedService) -> None:
    from scripts.evaluation.asking import System  # noqa: PLC0415 - these need the extra
    from scripts.evaluation.evaluating import evaluate  # noqa: PLC0415
    from scripts.evaluation.report.page import render  # noqa: PLC0415

    gold = gold_beside(corpus, skip_invalid=True)
    total = len(gold.questions)
    step = max(1, math.ceil(total / most))
    system = System("the service", service)
    reader = service.index().reader
    system.reader = None if reader is None else reader.name
    result = evaluate(
        dataclasses.replace(gold, questions=gold.questions[::step]),
        system,
        top_k=_TOP_K,
        show=ASKING[ProgressStyle.JSON],
    )
    result.write(file.with_suffix(".json"))
    file.with_suffix(".html").write_text(render(result), encoding="utf-8")
    said = {"evaluation": _figures(result, total), "missed": _missed(result)}
    print(json.dumps(said), flush=True)


def _figures(result: EvaluationResult, total: int) -> dict[str, Any]:
    settings = result.settings
    return {
        "created_at": result.created_at.isoformat(),
        "index_version": settings.index_version,
        "encoder": settings.encoder,
        "reader": settings.reader,
        "gold_sha256": settings.gold_sha256,
        "questions": len(result.questions),
        "of": total,
        "seconds": result.cost.seconds,
        "outcomes": {outcome.value: count for outcome, count in result.outcomes.items()},
        "measures": {
            name: estimate.model_dump(mode="json") for name, estimate in result.metrics.items()
        },
    }


def _missed(result: EvaluationResult) -> list[dict[str, Any]]:
    from scripts.evaluation.results import Outcome  # noqa: PLC0415

    wrong = [row for row in result.questions if row.outcome is not Outcome.RIGHT]
    return [_miss(row) for row in wrong[:_MISSED]]


def _miss(row: QuestionResult) -> dict[str, Any]:
    details = row.details
    return {
        "id": row.id,
        "question": None if details is None else details.question,
        "outcome": row.outcome.value,
        "expected": [] if details is None else list(details.expected_answers),
        "given": None if details is None else details.best_candidate,
        "error": row.error,
    }


def _compare(old: Path, new: Path) -> None:
    from scripts.evaluation.comparison import compare  # noqa: PLC0415
    from scripts.evaluation.results import load_result  # noqa: PLC0415

    print(compare(load_result(old), load_result(new)).model_dump_json(), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
