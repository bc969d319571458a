"""Every measure of an evaluation, each a function of the questions' results and their weights.

``weights`` is ``(b, n)`` float64: how often each of the n questions counts in each of b samples.
Ones give the measure itself, the draws of a bootstrap its variation. A measure is NaN where it is
undefined.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from scripts.evaluation.metrics.calibration_error import expected_calibration_error
from scripts.evaluation.metrics.columns import STAGES, Columns
from scripts.evaluation.metrics.retrieval_metrics import LEVELS, RETRIEVAL_MEASURES
from scripts.evaluation.metrics.statement_scores import STATEMENT_SCORES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Floats = npt.NDArray[np.float64]


def weighted_mean(values: Floats, weights: Floats) -> Floats:
    """Means ``(b,)`` of ``(n,)`` values, without those that are NaN."""
    defined = ~np.isnan(values)
    total = weights[:, defined].sum(axis=1)
    with np.errstate(invalid="ignore"):
        means: Floats = (weights[:, defined] @ values[defined]) / np.where(total > 0, total, np.nan)
    return means


def exact_match(columns: Columns, weights: Floats) -> Floats:
    """Share of questions answered in the words of a gold answer, or rightly abstained from.

    Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP 2016;
    with unanswerable questions as in Rajpurkar, Jia and Liang, "Know What You Don't Know", ACL
    2018.
    """
    return weighted_mean(columns.exact, weights)


def f1(columns: Columns, weights: Floats) -> Floats:
    """Mean token F1 against the nearest gold answer; see `exact_match`."""
    return weighted_mean(columns.f1, weights)


def answerable_exact_match(columns: Columns, weights: Floats) -> Floats:
    """Exact match over the answerable questions only."""
    return weighted_mean(_where(columns.answerable, columns.exact), weights)


def answerable_f1(columns: Columns, weights: Floats) -> Floats:
    """Token F1 over the answerable questions only."""
    return weighted_mean(_where(columns.answerable, columns.f1), weights)


def answered_right(columns: Columns, weights: Floats) -> Floats:
    """Share of the answers given that are right: token F1 of at least a half."""
    return weighted_mean(_where(columns.answered, columns.right), weights)


def answerable_answered(columns: Columns, weights: Floats) -> Floats:
    """Share of the answerable questions that were answered, rightly or not."""
    return weighted_mean(_where(columns.answerable, columns.answered), weights)


def abstention_precision(columns: Columns, weights: Floats) -> Floats:
    """Share of the abstentions that are on unanswerable questions."""
    return weighted_mean(_where(columns.abstained, 1 - columns.answerable), weights)


def abstention_recall(columns: Columns, weights: Floats) -> Floats:
    """Share of the unanswerable questions on which it abstained; a failure is no abstention."""
    return weighted_mean(_where(1 - columns.answerable, columns.abstained), weights)


def auroc(columns: Columns, weights: Floats) -> Floats:
    """Chance that an answerable question is given more confidence than an unanswerable one.

    The area under the ROC curve, ties counting half: Hanley and McNeil, "The Meaning and Use of
    the Area under a ROC Curve", Radiology 1982. A failed question gets the worst rank.
    scikit-learn computes one sample a call; here the samples of a bootstrap are rows of a matrix.
    """
    lost = (columns.answered + columns.abstained) == 0
    score = np.where(lost, np.where(columns.answerable == 1, -1.0, 2.0), columns.confidence)
    _, group = np.unique(score, return_inverse=True)
    starts = _starts(np.sort(group))
    order = np.argsort(group, kind="stable")
    positive = np.add.reduceat((weights * columns.answerable)[:, order], starts, axis=1)
    negative = np.add.reduceat((weights * (1 - columns.answerable))[:, order], starts, axis=1)
    below = np.cumsum(negative, axis=1) - negative / 2
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    area: Floats = (positive * below).sum(axis=1) / np.where(pairs > 0, pairs, np.nan)
    return area


def aurc(columns: Columns, weights: Floats) -> Floats:
    """Area under the risk-coverage curve; lower is better.

    The mean, over all questions, of the share of wrong best candidates among the questions with
    at least as much confidence: El-Yaniv and Wiener, "On the Foundations of Noise-free Selective
    Classification", JMLR 2010; Geifman, Uziel and El-Yaniv, "Bias-Reduced Uncertainty Estimation
    for Deep Neural Classifiers", ICLR 2019. The best candidate of an unanswerable question is
    always wrong.
    """
    order = np.argsort(-columns.confidence, kind="stable")
    starts = _starts(columns.confidence[order])
    count = np.add.reduceat(weights[:, order], starts, axis=1)
    wrong = np.add.reduceat((weights * (1 - columns.right))[:, order], starts, axis=1)
    covered = np.cumsum(count, axis=1)
    risk = np.cumsum(wrong, axis=1) / np.maximum(covered, 1e-12)
    area: Floats = (count * risk).sum(axis=1) / covered[:, -1]
    return area


def ece(columns: Columns, weights: Floats) -> Floats:
    """Expected calibration error of the best candidates' confidence; lower is better.

    Abstained questions count too, with the candidate that was withheld.
    """
    return expected_calibration_error(columns.confidence, columns.right, weights)


def retrieval(columns: Columns, weights: Floats, *, level: str, measure: str) -> Floats:
    """Mean of a retrieval measure over answerable questions; see `retrieval_metrics`.

    An article is relevant when it is a gold article; its rank is that among the distinct articles
    of the passages. A passage is relevant when it is of a gold article and holds a gold answer.
    """
    return weighted_mean(columns.retrieval[level, measure], weights)


def citation_precision(columns: Columns, weights: Floats) -> Floats:
    """Mean share of the best answer's citations that are of gold articles.

    Over the questions that were answered; an answer to an unanswerable question has none. After
    Gao et al., "Enabling Large Language Models to Generate Text with Citations", EMNLP 2023, with
    gold articles in the place of an entailment model.
    """
    return weighted_mean(columns.citation_precision, weights)


def citation_recall(columns: Columns, weights: Floats) -> Floats:
    """Mean share of the gold articles that the best answer cites; see `citation_precision`.

    Over the answerable questions; one that was not answered cites none.
    """
    return weighted_mean(columns.citation_recall, weights)


def citation_verified(columns: Columns, weights: Floats) -> Floats:
    """Share of all citations whose quote and sentence are the slices that they claim to be."""
    cited = weights @ columns.cited
    share: Floats = (weights @ columns.verified) / np.where(cited > 0, cited, np.nan)
    return share


def statement(columns: Columns, weights: Floats, *, name: str) -> Floats:
    """Mean of a score of `statement_scores` over the questions that it is defined for."""
    return weighted_mean(columns.statements[name], weights)


def latency(columns: Columns, weights: Floats, *, stage: str, percent: int) -> Floats:
    """Percentile of a stage's milliseconds: the least that covers that share of the questions.

    The inverse of the empirical distribution: definition 1 of Hyndman and Fan, "Sample Quantiles
    in Statistical Packages", The American Statistician 1996. Failed questions have none.
    """
    values = columns.milliseconds[stage]
    defined = ~np.isnan(values)
    if not defined.any():
        return np.full(len(weights), np.nan)
    order = np.argsort(values[defined])
    covered = np.cumsum(weights[:, defined][:, order], axis=1)
    needed = covered[:, -1:] * percent / 100
    # Counts are whole numbers; the tolerance absorbs the rounding of the share.
    first = (covered >= needed - 1e-9).argmax(axis=1)
    percentiles: Floats = np.where(covered[:, -1] > 0, values[defined][order][first], np.nan)
    return percentiles


def _where(condition: Floats, values: Floats) -> Floats:
    return np.where(condition == 1, values, np.nan)


def _starts(ordered: npt.NDArray[np.float64] | npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The start of each run of equal values."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure by name.

    Attributes:
        group: answers, abstention, articles, passages, citations, statements or latency.
        higher_is_better: False where less is better.
        compute: Columns and weights ``(b, n)`` to values ``(b,)``.
        counted: Which questions it is measured on, ``(n,)`` bool.
    """

    name: str
    group: str
    compute: Callable[[Columns, Floats], Floats]
    counted: Callable[[Columns], npt.NDArray[np.bool_]]
    higher_is_better: bool = True


def _all(columns: Columns) -> npt.NDArray[np.bool_]:
    return np.ones(len(columns), dtype=np.bool_)


def _answerable(columns: Columns) -> npt.NDArray[np.bool_]:
    answerable: npt.NDArray[np.bool_] = columns.answerable == 1
    return answerable


def _retrieval_measures() -> Iterator[Measure]:
    for level in LEVELS:
        for measure in RETRIEVAL_MEASURES:
            yield Measure(
                f"{level.removesuffix('s')}_{measure}",
                level,
                partial(retrieval, level=level, measure=measure),
                _answerable,
            )


def _statement_measures() -> Iterator[Measure]:
    for name, score in STATEMENT_SCORES.items():
        yield Measure(
            name,
            "statements",
            partial(statement, name=name),
            partial(_scored, name=name),
            score.higher_is_better,
        )


def _scored(columns: Columns, name: str) -> npt.NDArray[np.bool_]:
    scored: npt.NDArray[np.bool_] = ~np.isnan(columns.statements[name])
    return scored


def _latency_measures() -> Iterator[Measure]:
    for stage in STAGES:
        for percent in (50, 95, 99):
            yield Measure(
                f"{stage}_p{percent}_ms",
                "latency",
                partial(latency, stage=stage, percent=percent),
                lambda columns: ~np.isnan(columns.milliseconds["total"]),
                higher_is_better=False,
            )


MEASURES: Final = (
    Measure("exact_match", "answers", exact_match, _all),
    Measure("f1", "answers", f1, _all),
    Measure("answerable_exact_match", "answers", answerable_exact_match, _answerable),
    Measure("answerable_f1", "answers", answerable_f1, _answerable),
    Measure("answered_right", "answers", answered_right, lambda columns: columns.answered == 1),
    Measure("answerable_answered", "abstention", answerable_answered, _answerable),
    Measure(
        "abstention_precision",
        "abstention",
        abstention_precision,
        lambda columns: columns.abstained == 1,
    ),
    Measure(
        "abstention_recall",
        "abstention",
        abstention_recall,
        lambda columns: columns.answerable == 0,
    ),
    Measure("auroc", "abstention", auroc, _all),
    Measure("aurc", "abstention", aurc, _all, higher_is_better=False),
    Measure("ece", "abstention", ece, _all, higher_is_better=False),
    *_retrieval_measures(),
    Measure(
        "citation_precision", "citations", citation_precision, lambda columns: columns.answered == 1
    ),
    Measure("citation_recall", "citations", citation_recall, _answerable),
    Measure("citation_verified", "citations", citation_verified, lambda columns: columns.cited > 0),
    *_statement_measures(),
    *_latency_measures(),
)
BY_NAME: Final = {measure.name: measure for measure in MEASURES}
