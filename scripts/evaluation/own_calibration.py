"""Calibrating on an operator's own gold set: cross-validated, with folds apart by article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import BaseModel, ConfigDict
from scipy.cluster.hierarchy import DisjointSet
from sklearn.model_selection import GroupKFold

from api.answering.questions.question import Question
from api.answering.ranking.features import FEATURES
from scripts.evaluation.calibration import (
    FITTED_CANDIDATES,
    Candidates,
    FittedConfidence,
    Threshold,
    judge_candidates,
    pick_threshold,
    thresholds,
)
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.metrics.bootstrap import Bootstrap
from scripts.evaluation.metrics.columns import confidence_columns
from scripts.evaluation.metrics.estimates import estimate_columns
from scripts.evaluation.metrics.measures import BY_NAME
from scripts.evaluation.results import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from api.answering.ranking.confidence import Calibration
    from api.answering.reading.reader import Reader
    from api.service.models import Models
    from index.loading.gold import GoldQuestion, GoldSet
    from index.retriever import Retriever
    from scripts.evaluation.evaluating import Shown

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

FOLDS: Final = 5
LEAST_ANSWERS: Final = 20
_LEAST_QUESTIONS: Final = 30
_EVENTS_PER_FEATURE: Final = 10
_SHOWN: Final = ("auroc", "aurc", "ece", "answered_right", "answerable_answered")


class ConfidenceReport(BaseModel):
    """How a confidence does on the gold set, by the measures' names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    threshold: float | None
    measures: dict[str, Estimate]


class CalibrationReport(BaseModel):
    """What a calibration rests on, and what it reaches; never on what it was fitted to.

    Attributes:
        groups: Sets of questions that share articles; each is in one fold.
        candidates: Candidates that the model was fitted to; ``right`` of them.
        before: The confidence in use.
        after: The new one, every question by a model and a threshold of the other folds.
        threshold: The one picked; None where none keeps to the error.
        best_error: The least error that any threshold with enough answers reaches.
        warnings: What to mind.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    questions: int
    answerable: int
    groups: int
    folds: int
    candidates: int
    right: int
    max_error: float
    before: ConfidenceReport
    after: ConfidenceReport
    threshold: float | None
    answered: int | None
    error: float | None
    best_error: float | None
    warnings: tuple[str, ...]


def calibrate(
    gold: GoldSet,
    retriever: Retriever,
    models: Models,
    *,
    top_k: int,
    max_error: float,
    show: Shown = lambda questions: questions,
) -> tuple[Calibration | None, CalibrationReport]:
    """Fit the confidence to a gold set and pick the threshold for a wanted share of errors.

    Args:
        gold: The gold questions.
        retriever: Of the index that they are about.
        models: With the calibration in use, to compare with.
        top_k: Passages to read.
        max_error: The wanted share of wrong answers among those given.
        show: Wraps the questions to show progress.

    Returns:
        The calibration, or None where no threshold keeps to the error; and the report.

    Raises:
        EvaluationError: If there are too few questions to fit anything.
    """
    ranker = models.ranker
    candidates, first_articles = _judge(gold, retriever, ranker.reader, top_k, show)
    groups = article_groups(gold.questions, first_articles)
    _check_enough(gold, candidates, groups)
    validation = _Validation.of(candidates, groups, max_error)
    confidence, right = validation.confidence, validation.right
    picked = pick_threshold(confidence, right, max_error, least_answers=LEAST_ANSWERS)
    report = _report(gold, validation, ranker.calibration, picked, max_error)
    if picked is None:
        return None, report
    calibration = FittedConfidence.fit(candidates).to_calibration(
        reader=ranker.reader.facts.name,
        reader_fingerprint=ranker.reader.facts.fingerprint,
        fitted_on=f"{gold.path.name}, {top_k} passages read of each question",
        questions=len(gold.questions),
        max_error=max_error,
        threshold=picked.confidence,
    )
    return calibration, report


def _judge(
    gold: GoldSet, retriever: Retriever, reader: Reader, top_k: int, show: Shown
) -> tuple[Candidates, list[str | None]]:
    """Judge every question's candidates; gives the first article retrieved for each, too."""
    count = reader.facts.passages_to_read(top_k)
    judged, first_articles = [], []
    for question in show(gold.questions):
        parsed = Question.parse(question.question)
        passages = retriever.retrieve(
            parsed.text, top_k, question.filters.to_filters(), read=count
        ).passages
        judged.append(judge_candidates(parsed, question.answers, passages, reader))
        first_articles.append(passages[0].article.id if passages else None)
    return Candidates.stack(judged), first_articles


@dataclass(frozen=True, slots=True)
class _Validation:
    """The candidates of a gold set, and each question's answer by a model of the other folds.

    Attributes:
        candidates: Of all questions.
        groups: ``(questions,)`` int64; questions with the same number are in one fold.
        folds: The number of folds.
        confidence: ``(questions,)`` float64, of each question's best candidate.
        right: ``(questions,)`` bool, whether that candidate is right.
        answered: ``(questions,)`` bool, by thresholds of the other folds.
    """

    candidates: Candidates
    groups: npt.NDArray[np.int64]
    folds: int
    confidence: Floats
    right: Bools
    answered: Bools

    @classmethod
    def of(
        cls, candidates: Candidates, groups: npt.NDArray[np.int64], max_error: float
    ) -> _Validation:
        folds = min(FOLDS, len(np.unique(groups)))
        confidence, right, fold = cross_validate(candidates, groups, folds)
        answered = nested_answered(confidence, right, fold, max_error)
        return cls(candidates, groups, folds, confidence, right, answered)


def _report(
    gold: GoldSet,
    validation: _Validation,
    in_use: Calibration,
    picked: Threshold | None,
    max_error: float,
) -> CalibrationReport:
    """Report a fit, beside the calibration in use."""
    candidates, confidence, right = validation.candidates, validation.confidence, validation.right
    fitted = candidates.place < FITTED_CANDIDATES
    answerable = np.array([bool(question.answers) for question in gold.questions])
    before, before_right = candidates.best(_in_use(in_use, candidates))
    threshold = None if picked is None else picked.confidence
    return CalibrationReport(
        questions=len(gold.questions),
        answerable=int(answerable.sum()),
        groups=len(np.unique(validation.groups)),
        folds=validation.folds,
        candidates=int(fitted.sum()),
        right=int(candidates.right[fitted].sum()),
        max_error=max_error,
        before=_confidence_report(
            before, before_right, before >= in_use.threshold, answerable, in_use.threshold
        ),
        after=_confidence_report(confidence, right, validation.answered, answerable, threshold),
        threshold=threshold,
        answered=None if picked is None else picked.answered,
        error=None if picked is None else picked.error,
        best_error=_best_error(thresholds(confidence, right)),
        warnings=tuple(_warnings(candidates, validation.answered, right, max_error)),
    )


def article_groups(
    questions: Sequence[GoldQuestion], found: Sequence[str | None]
) -> npt.NDArray[np.int64]:
    """Number questions so that those that share an article share a number.

    A question without gold articles goes with the article that was found first for it; a near
    copy of a question must not help to judge it.

    Args:
        questions: The gold questions.
        found: The first article found for each; None where nothing was.
    """
    groups = DisjointSet()
    named = []
    for at, (question, first) in enumerate(zip(questions, found, strict=True)):
        lone = f"question {at}" if first is None else f"article {first}"
        names = [f"article {article}" for article in question.articles]
        if not names:
            names = [lone]
        for name in names:
            groups.add(name)
            groups.merge(names[0], name)
        named.append(names[0])
    return np.unique([groups[name] for name in named], return_inverse=True)[1]


def cross_validate(
    candidates: Candidates, groups: npt.NDArray[np.int64], folds: int
) -> tuple[Floats, Bools, npt.NDArray[np.int64]]:
    """Confidence of every question's answer by a model of the other folds.

    Returns:
        Confidence, whether that candidate is right, and the fold: ``(questions,)`` each.

    Raises:
        EvaluationError: If the other folds' candidates are all right or all wrong.
    """
    fold = np.zeros(candidates.questions, dtype=np.int64)
    confidence = np.zeros(len(candidates.right))
    splitter = GroupKFold(n_splits=folds)
    for number, (_, held) in enumerate(splitter.split(groups, groups=groups)):
        fold[held] = number
    for number in range(folds):
        rows = fold[candidates.question] == number
        model = FittedConfidence.fit(candidates.of(fold != number))
        confidence[rows] = model.confidence(candidates)[rows]
    best, right = candidates.best(confidence)
    return best, right, fold


def nested_answered(
    confidence: Floats, right: Bools, fold: npt.NDArray[np.int64], max_error: float
) -> Bools:
    """Which questions would be answered, each by a threshold that the other folds picked."""
    given = np.zeros(len(confidence), dtype=np.bool_)
    for number in np.unique(fold):
        others = fold != number
        picked = pick_threshold(
            confidence[others], right[others], max_error, least_answers=LEAST_ANSWERS
        )
        if picked is not None:
            given[~others] = confidence[~others] >= picked.confidence
    return given


def _in_use(calibration: Calibration, candidates: Candidates) -> Floats:
    return np.array(
        [
            calibration.confidence(dict(zip(FEATURES, values, strict=True)))
            for values in candidates.values.tolist()
        ]
    )


def _check_enough(gold: GoldSet, candidates: Candidates, groups: npt.NDArray[np.int64]) -> None:
    right = candidates.right[candidates.place < FITTED_CANDIDATES]
    least = min(int(right.sum()), int((~right).sum()))
    if len(gold.questions) < _LEAST_QUESTIONS or least < FOLDS or len(np.unique(groups)) < 2:
        raise EvaluationError(
            f"{gold.path}: {len(gold.questions)} questions about {len(np.unique(groups))} sets of "
            f"articles, {int(right.sum())} right and {int((~right).sum())} wrong candidates; "
            f"to calibrate, expected at least {_LEAST_QUESTIONS} questions, 2 sets of articles and "
            f"{FOLDS} candidates of each kind"
        )


def _confidence_report(
    confidence: Floats, right: Bools, answered: Bools, answerable: Bools, threshold: float | None
) -> ConfidenceReport:
    columns = confidence_columns(confidence, right, answered, answerable)
    return ConfidenceReport(
        threshold=threshold,
        measures=estimate_columns(columns, Bootstrap(), [BY_NAME[name] for name in _SHOWN]),
    )


def _best_error(ways: Sequence[Threshold]) -> float | None:
    return min((way.error for way in ways if way.answered >= LEAST_ANSWERS), default=None)


def _warnings(
    candidates: Candidates, given: Bools, right: Bools, max_error: float
) -> Iterable[str]:
    first = candidates.right[candidates.place < FITTED_CANDIDATES]
    rarer = min(int(first.sum()), int((~first).sum()))
    wanted = _EVENTS_PER_FEATURE * candidates.varying
    if rarer < wanted:
        yield (
            f"few questions: {rarer} candidates of the rarer kind (right or wrong) for "
            f"{candidates.varying} features; with fewer than {wanted} the fit is shaky"
        )
    if given.any() and (error := float((~right[given]).mean())) > max_error:
        yield (
            f"picked on the other folds, the threshold lets {error:.3f} of the answers be wrong, "
            f"not {max_error:g}: expect somewhat more errors than asked for"
        )
