"""Points of the curves that a report draws from the results of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scripts.evaluation.metrics.calibration_error import reliability_table
from scripts.evaluation.metrics.columns import to_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.evaluation.results import Found, QuestionResult


def risk_coverage_curve(questions: Sequence[QuestionResult]) -> list[tuple[float, float, float]]:
    """Points (threshold, coverage, risk), from the most to the least confidence.

    Coverage is the share of questions with at least the threshold's confidence, risk the share of
    wrong best candidates among them; see `measures.aurc`.
    """
    columns = to_columns(questions)
    points = []
    for threshold in np.unique(columns.confidence)[::-1]:
        covered = columns.confidence >= threshold
        points.append(
            (float(threshold), float(covered.mean()), float(1 - columns.right[covered].mean()))
        )
    return points


def reliability_points(questions: Sequence[QuestionResult]) -> list[dict[str, float]]:
    """Mean confidence and share right of the best candidates by bin; see `measures.ece`.

    Each holds ``from`` (the bin's lower edge), ``count``, ``confidence`` and ``right``.
    """
    columns = to_columns(questions)
    return reliability_table(columns.confidence, columns.right)


def recall_curve(rankings: Sequence[Found | None], depth: int) -> list[float]:
    """Mean share of the relevant results among the first k, for k from 1 to ``depth``."""
    judged = [retrieved for retrieved in rankings if retrieved is not None]
    return [
        float(
            np.mean(
                [
                    sum(rank <= k for rank in retrieved.ranks) / retrieved.relevant
                    for retrieved in judged
                ]
            )
        )
        if judged
        else 0.0
        for k in range(1, depth + 1)
    ]
