"""Measures of a set of questions with their bootstrap intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scripts.evaluation.metrics.bootstrap import Bootstrap, percentile_interval
from scripts.evaluation.metrics.columns import Columns, to_columns
from scripts.evaluation.metrics.measures import MEASURES, Floats, Measure
from scripts.evaluation.results import Confusion, Estimate, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scripts.evaluation.results import QuestionResult


def estimate(
    questions: Sequence[QuestionResult],
    bootstrap: Bootstrap,
    measures: Sequence[Measure] = MEASURES,
) -> dict[str, Estimate]:
    """Measure some questions, by the measures' names."""
    return estimate_columns(to_columns(questions), bootstrap, measures)


def estimate_columns(
    columns: Columns, bootstrap: Bootstrap, measures: Sequence[Measure]
) -> dict[str, Estimate]:
    """Measure questions given as columns, by the measures' names."""
    estimates = {}
    for measure, drawn in zip(measures, replicates(columns, bootstrap, measures), strict=True):
        value = point(columns, measure)
        interval = None if value is None else percentile_interval(drawn)
        low, high = (None, None) if interval is None else interval
        estimates[measure.name] = Estimate(
            value=_rounded(value),
            low=_rounded(low),
            high=_rounded(high),
            questions=int(measure.counted(columns).sum()),
        )
    return estimates


def point(columns: Columns, measure: Measure) -> float | None:
    """One measure of the questions as they are; None where it is not defined."""
    value = float(measure.compute(columns, np.ones((1, len(columns))))[0])
    return None if np.isnan(value) else value


def replicates(columns: Columns, bootstrap: Bootstrap, measures: Sequence[Measure]) -> list[Floats]:
    """Each measure of every bootstrap sample: ``(replicates,)`` float64, the same samples."""
    blocks = [
        [measure.compute(columns, weights) for measure in measures]
        for weights in bootstrap.weights(len(columns))
    ]
    return [np.concatenate(parts) for parts in zip(*blocks, strict=True)]


def estimate_by_tag(
    questions: Sequence[QuestionResult], bootstrap: Bootstrap
) -> dict[str, dict[str, Estimate]]:
    """Measure the questions of each tag, without latency, which says little about a tag."""
    return _estimate_groups(questions, bootstrap, lambda question: question.tags)


def estimate_by_kind(
    questions: Sequence[QuestionResult], bootstrap: Bootstrap
) -> dict[str, dict[str, Estimate]]:
    """Measure the questions of each kind, without latency; those of no kind are left out."""
    return _estimate_groups(
        questions, bootstrap, lambda question: () if question.kind is None else (question.kind,)
    )


def _estimate_groups(
    questions: Sequence[QuestionResult],
    bootstrap: Bootstrap,
    groups_of: Callable[[QuestionResult], Sequence[str]],
) -> dict[str, dict[str, Estimate]]:
    measures = [measure for measure in MEASURES if measure.group != "latency"]
    groups = sorted({group for question in questions for group in groups_of(question)})
    return {
        group: estimate(
            [question for question in questions if group in groups_of(question)],
            bootstrap,
            measures,
        )
        for group in groups
    }


def confusion(questions: Sequence[QuestionResult]) -> Confusion:
    """Count questions by whether they are answerable and whether they were answered."""
    kept = [question for question in questions if question.outcome is not Outcome.FAILED]

    def count(*, answerable: bool, answered: bool) -> int:
        return sum(
            (question.answerable, question.answered) == (answerable, answered) for question in kept
        )

    return Confusion(
        answerable_answered=count(answerable=True, answered=True),
        answerable_abstained=count(answerable=True, answered=False),
        unanswerable_answered=count(answerable=False, answered=True),
        unanswerable_abstained=count(answerable=False, answered=False),
        failed=len(questions) - len(kept),
    )


def count_outcomes(questions: Sequence[QuestionResult]) -> dict[Outcome, int]:
    """Count questions by outcome, also those that did not occur."""
    return {
        outcome: sum(question.outcome is outcome for question in questions) for outcome in Outcome
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
