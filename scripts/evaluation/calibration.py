"""Fitting the confidence of a reader to judged candidates, and picking its threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.optimize import minimize

from api.answering.ranking.confidence import Calibration, Feature
from api.answering.ranking.features import FEATURES
from api.answering.ranking.ranker import describe, read_spans
from api.answering.reading.reader import Unit
from api.answering.values.normal_form import normalise_answer
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.metrics.squad_metrics import token_f1
from scripts.evaluation.results import RIGHT_F1

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from api.answering.questions.question import Question
    from api.answering.ranking.ranker import DescribedCandidate
    from api.answering.reading.reader import Reader
    from index.records import Passage

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]

FITTED_CANDIDATES: Final = 3
_LEAST_SCALE: Final = 1e-6  # of a feature that is the same for all candidates


@dataclass(frozen=True, slots=True)
class JudgedCandidate:
    """A candidate's features, and whether it is right.

    Attributes:
        place: Its rank by the reader's score, from 0.
    """

    features: dict[str, float]
    right: bool
    place: int


def judge_candidates(
    question: Question, answers: Sequence[str], passages: Sequence[Passage], reader: Reader
) -> list[JudgedCandidate]:
    """Judge every candidate that the ranker would weigh, best reader score first."""
    described = describe(question, read_spans(reader, question, passages), passages)
    return judge_described(described, answers, reader.facts.unit)


def judge_described(
    described: Sequence[DescribedCandidate], answers: Sequence[str], unit: Unit
) -> list[JudgedCandidate]:
    """Judge candidates, in their order."""
    return [
        JudgedCandidate(one.features, is_right(one.candidate.text, answers, unit), one.place)
        for one in described
    ]


def is_right(text: str, answers: Sequence[str], unit: Unit) -> bool:
    """Whether a candidate counts as right.

    A span must share at least half of its words with an answer (token F1); a sentence must hold
    one.
    """
    if unit is Unit.SENTENCE:
        words = f" {normalise_answer(text)} "
        return any(f" {normalise_answer(answer)} " in words for answer in answers)
    return token_f1(text, answers) >= RIGHT_F1


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of many questions, one row each.

    Attributes:
        values: ``(m, len(FEATURES))`` float64.
        right: ``(m,)`` bool.
        place: ``(m,)`` int64, rank within the question, from 0.
        question: ``(m,)`` int64, rising: which question each row belongs to.
        questions: How many questions there are; some may have no candidate.
    """

    values: Floats
    right: Bools
    place: Ints
    question: Ints
    questions: int

    @classmethod
    def stack(cls, judged: Sequence[Sequence[JudgedCandidate]]) -> Candidates:
        """Lay out the candidates of each question."""
        flat = [(number, each) for number, own in enumerate(judged) for each in own]
        return cls(
            values=np.array(
                [[each.features[name] for name in FEATURES] for _, each in flat], dtype=np.float64
            ).reshape(len(flat), len(FEATURES)),
            right=np.array([each.right for _, each in flat], dtype=np.bool_),
            place=np.array([each.place for _, each in flat], dtype=np.int64),
            question=np.array([number for number, _ in flat], dtype=np.int64),
            questions=len(judged),
        )

    @property
    def varying(self) -> int:
        """How many features are not the same for all of them, as some are with some readers."""
        return int((self.values.std(axis=0) > _LEAST_SCALE).sum())

    def of(self, wanted: Bools) -> Candidates:
        """Only the rows of the questions where ``(questions,)`` is true; the numbers stay."""
        rows = wanted[self.question]
        return Candidates(
            self.values[rows],
            self.right[rows],
            self.place[rows],
            self.question[rows],
            self.questions,
        )

    def question_weights(self, right_share: float | None) -> Floats:
        """How much each question counts where this share has a right first candidate.

        Returns:
            ``(questions,)`` float64 with mean 1; all 1 where the share is None, or where all
            first candidates are right or none is.
        """
        right = np.zeros(self.questions, dtype=np.bool_)
        right[self.question[(self.place == 0) & self.right]] = True
        here = right.mean()
        if right_share is None or here in (0.0, 1.0):
            return np.ones(self.questions)
        counts: Floats = np.where(right, right_share / here, (1.0 - right_share) / (1.0 - here))
        return counts

    def best(self, confidence: Floats) -> tuple[Floats, Bools]:
        """The candidate that would be answered: the one with the highest confidence.

        Args:
            confidence: ``(m,)`` float64.

        Returns:
            Its confidence and whether it is right, ``(questions,)`` each; 0 and False where a
            question has none.
        """
        rows = self.best_rows(confidence)
        answered = rows >= 0
        best, right = np.zeros(self.questions), np.zeros(self.questions, dtype=np.bool_)
        best[answered] = confidence[rows[answered]]
        right[answered] = self.right[rows[answered]]
        return best, right

    def best_rows(self, confidence: Floats) -> Ints:
        """The row of each question's surest candidate, ``(questions,)`` int64; -1 without any.

        Ties go to the better reader score, as in `api.answering.ranking.ranker`.
        """
        rows = np.full(self.questions, -1, dtype=np.int64)
        order = np.lexsort((self.place, -confidence, self.question))
        first = order[np.flatnonzero(np.diff(self.question[order], prepend=-1))]
        rows[self.question[first]] = first
        return rows


@dataclass(frozen=True, slots=True)
class FittedConfidence:
    """A logistic model over standardised features, all arrays ``(len(FEATURES),)`` float64."""

    mean: Floats
    scale: Floats
    weights: Floats
    intercept: float

    @classmethod
    def fit(cls, candidates: Candidates, right_share: float | None = None) -> FittedConfidence:
        """Fit to the first candidates of each question: the others are wrong all too surely.

        No weight is below zero. Every feature is evidence for an answer; fitted freely, one that
        goes along with another can come to speak against it, and then a passage that lacks the
        name asked about would make an answer surer.

        Args:
            candidates: What it is fitted to.
            right_share: How many questions have a right first candidate where the confidence will
                be used, in (0, 1); None if as many as here. Questions count more or less for it,
                which corrects for a shift of the prior alone (Saerens et al., Neural Computation
                2002).

        Raises:
            EvaluationError: If all of them are right, or all wrong.
        """
        rows = candidates.place < FITTED_CANDIDATES
        values, right = candidates.values[rows], candidates.right[rows]
        counts = candidates.question_weights(right_share)[candidates.question[rows]]
        if right.all() or not right.any():
            raise EvaluationError(
                f"{int(right.sum())} of {len(right)} candidates are right; a confidence can only "
                "be fitted to right and wrong ones"
            )
        mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), _LEAST_SCALE)
        weights, intercept = _non_negative_logistic((values - mean) / scale, right, counts)
        return cls(mean, scale, weights, intercept)

    def confidence(self, candidates: Candidates) -> Floats:
        """The probability that each candidate is right, ``(m,)`` float64."""
        log_odds = ((candidates.values - self.mean) / self.scale) @ self.weights + self.intercept
        probability: Floats = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30.0, 30.0)))
        return probability

    def to_calibration(
        self,
        *,
        reader: str,
        fitted_on: str,
        questions: int,
        max_error: float,
        threshold: float,
        reader_fingerprint: str | None = None,
    ) -> Calibration:
        """The file that the service loads, with the features that vary with this reader."""
        return Calibration(
            reader=reader,
            reader_fingerprint=reader_fingerprint,
            fitted_on=fitted_on,
            questions=questions,
            max_error=max_error,
            threshold=threshold,
            intercept=self.intercept,
            features={
                name: Feature(mean=float(mean), scale=float(scale), weight=float(weight))
                for name, mean, scale, weight in zip(
                    FEATURES, self.mean, self.scale, self.weights, strict=True
                )
                if scale > _LEAST_SCALE
            },
        )


def _non_negative_logistic(values: Floats, right: Bools, counts: Floats) -> tuple[Floats, float]:
    """Logistic regression with an L2 penalty of a half and no weight below zero.

    Args:
        values: ``(m, n)`` float64, standardised.
        right: ``(m,)`` bool.
        counts: ``(m,)`` float64, how many times each row counts.

    Returns:
        Weights ``(n,)`` and intercept.
    """
    sign = np.where(right, 1.0, -1.0)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, intercept = parameters[:-1], parameters[-1]
        margin = sign * (values @ weights + intercept)
        pull = -sign * counts / (1.0 + np.exp(margin))
        penalty = 0.5 * float(weights @ weights)
        slope = np.append(values.T @ pull + weights, pull.sum())
        return float((counts * np.logaddexp(0.0, -margin)).sum()) + penalty, slope

    size = values.shape[1]
    bounds = [(0.0, None)] * size + [(None, None)]
    fitted: Any = minimize(loss, np.zeros(size + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return fitted.x[:-1], float(fitted.x[-1])


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold and what it gives.

    Attributes:
        confidence: The least confidence that is answered.
        answered: Number of questions answered.
        wrong: Number of those answered wrongly.
    """

    confidence: float
    answered: int
    wrong: int

    @property
    def error(self) -> float:
        """The share of wrong answers among those given."""
        return self.wrong / self.answered


def thresholds(confidence: Floats, right: Bools) -> list[Threshold]:
    """Every way to cut ``(n,)`` confidences, from the fewest to the most answers.

    A cut lies half-way to the next lower confidence, so that rounding does not move it.
    """
    order = np.argsort(-confidence, kind="stable")
    falling, wrong = confidence[order], np.cumsum(~right[order])
    ends = np.flatnonzero(np.diff(falling, append=-1.0))
    below = np.append(falling[1:], falling[-1:])
    return [
        Threshold(float((falling[end] + below[end]) / 2), int(end) + 1, int(wrong[end]))
        for end in ends
        if falling[end] > 0
    ]


def pick_threshold(
    confidence: Floats, right: Bools, max_error: float, *, least_answers: int = 1
) -> Threshold | None:
    """The lowest threshold with at most this share of wrong answers among those given.

    Args:
        confidence: ``(n,)`` float64, of the candidate that would be answered.
        right: ``(n,)`` bool, whether it is right.
        max_error: The share of wrong answers.
        least_answers: A threshold that leaves fewer answers than this shows nothing.

    Returns:
        None where there is no such threshold.
    """
    within = [
        cut
        for cut in thresholds(confidence, right)
        if cut.answered >= least_answers and cut.error <= max_error
    ]
    return within[-1] if within else None
