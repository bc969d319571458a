"""Fitting a confidence, and picking a threshold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.ranking.features import FEATURES
from api.answering.reading.reader import Unit
from scripts.calibrate_reader import fit, under_shift
from scripts.evaluation.calibration import (
    Candidates,
    FittedConfidence,
    JudgedCandidate,
    is_right,
    pick_threshold,
    thresholds,
)
from scripts.evaluation.errors import EvaluationError
from tests.conftest import FakeReader

if TYPE_CHECKING:
    from api.answering.ranking.confidence import Calibration


def _judged(margin: float, *, right: bool, place: int = 0) -> JudgedCandidate:
    features = {name: margin if name == "margin" else 0.0 for name in FEATURES}
    return JudgedCandidate(features, right, place)


def _logistic_candidates(questions: int, slope: float) -> Candidates:
    rng = np.random.default_rng(3)
    margins = rng.uniform(-3, 3, questions)
    right = rng.random(questions) < 1 / (1 + np.exp(-slope * margins))
    return Candidates.stack(
        [
            [_judged(float(margin), right=bool(known))]
            for margin, known in zip(margins, right, strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("text", "unit", "right"),
    [
        ("about $65 billion", Unit.SPAN, True),
        ("$65 billion in 2025 for Meta and others", Unit.SPAN, False),
        ("Meta has set aside $65 billion for 2025.", Unit.SENTENCE, True),
        ("Meta has set aside $650 billion.", Unit.SENTENCE, False),
    ],
)
def test_rightness_of_spans_and_sentences(text: str, unit: Unit, *, right: bool) -> None:
    assert is_right(text, ["$65 billion"], unit) is right


def test_nothing_is_right_for_an_unanswerable_question() -> None:
    assert not is_right("$65 billion", [], Unit.SPAN)
    assert not is_right("$65 billion", [], Unit.SENTENCE)


def _fitted(candidates: Candidates, max_error: float) -> Calibration:
    return fit(
        candidates, FakeReader.facts, max_error, threshold_on=candidates, fitted_on="made up"
    )


def test_confidence_under_shift_is_fitted_without_the_set_that_it_is_measured_on() -> None:
    def set_of(sign: int) -> list[list[JudgedCandidate]]:
        margins = np.random.default_rng(1).normal(size=200)
        return [[_judged(float(margin), right=bool(sign * margin > 0))] for margin in margins]

    rows = under_shift({"alike": set_of(1), "more": set_of(1), "reversed": set_of(-1)})
    assert rows["alike"]["questions"] == 200
    assert rows["alike"]["first_right"] == pytest.approx(0.5, abs=0.1)
    assert rows["reversed"]["auroc_left_out"] == 0
    assert rows["reversed"]["ece_left_out"] > rows["alike"]["ece_left_out"]


def test_fitted_confidence_follows_the_outcomes() -> None:
    candidates = _logistic_candidates(3000, slope=2.0)
    calibration = _fitted(candidates, 0.1)
    for margin in (-1.0, 0.0, 1.0):
        features = {name: margin if name == "margin" else 0.0 for name in FEATURES}
        expected = 1 / (1 + math.exp(-2 * margin))
        assert calibration.confidence(features) == pytest.approx(expected, abs=0.05)


def test_confidence_for_another_share_of_right_answers_moves_the_log_odds() -> None:
    candidates = _logistic_candidates(3000, slope=2.0)
    as_here, easier = FittedConfidence.fit(candidates), FittedConfidence.fit(candidates, 0.8)
    confidence = easier.confidence(candidates)
    counts = candidates.question_weights(0.8)
    assert counts.mean() == pytest.approx(1)
    assert np.average(confidence, weights=counts) == pytest.approx(0.8, abs=0.01)
    moved = np.log(0.8 / 0.2) - np.log(candidates.right.mean() / (~candidates.right).mean())
    assert easier.intercept - as_here.intercept == pytest.approx(moved, abs=0.15)
    assert as_here.confidence(candidates).argmax() == confidence.argmax()


def test_questions_without_a_candidate_count_as_wrongly_read() -> None:
    candidates = Candidates.stack([[_judged(1.0, right=True)], [], [], []])
    assert candidates.question_weights(0.5) == pytest.approx([2, 2 / 3, 2 / 3, 2 / 3])
    assert candidates.question_weights(None) == pytest.approx([1, 1, 1, 1])


def test_fitted_confidence_is_the_one_that_the_service_computes() -> None:
    candidates = _logistic_candidates(200, slope=1.0)
    fitted = FittedConfidence.fit(candidates)
    calibration = fitted.to_calibration(
        reader="fake", fitted_on="x", questions=200, max_error=0.1, threshold=0.5
    )
    served = [
        calibration.confidence(dict(zip(FEATURES, values, strict=True)))
        for values in candidates.values.tolist()
    ]
    assert fitted.confidence(candidates) == pytest.approx(served)


def test_fitted_threshold_keeps_to_the_error_rate() -> None:
    candidates = _logistic_candidates(2000, slope=2.0)
    calibration = _fitted(candidates, 0.1)
    confidence = FittedConfidence.fit(candidates).confidence(candidates)
    given_ = confidence >= calibration.threshold
    assert 0.05 < 1 - candidates.right[given_].mean() <= 0.1


def test_threshold_is_one_where_none_keeps_to_the_error_rate() -> None:
    some = [[_judged(1.0, right=False)], [_judged(1.0, right=True)]] * 10
    assert _fitted(Candidates.stack(some), 0.01).threshold == 1.0


@pytest.mark.parametrize("right", [True, False])
def test_confidence_cannot_be_fitted_to_one_kind_only(*, right: bool) -> None:
    with pytest.raises(EvaluationError, match="right and wrong ones"):
        FittedConfidence.fit(Candidates.stack([[_judged(1.0, right=right)]] * 3))


def test_best_candidate_is_the_most_confident_one_of_each_question() -> None:
    candidates = Candidates.stack(
        [
            [_judged(1, right=False), _judged(2, right=True, place=1)],
            [],
            [_judged(3, right=True), _judged(3, right=False, place=1)],
        ]
    )
    confidence, right = candidates.best(np.array([0.2, 0.6, 0.5, 0.5]))
    assert confidence.tolist() == [0.6, 0.0, 0.5]
    assert right.tolist() == [True, False, True]


def test_candidates_of_no_question_are_nothing() -> None:
    none = Candidates.stack([[], []])
    assert none.values.shape == (0, len(FEATURES))
    assert none.best(np.zeros(0))[0].tolist() == [0.0, 0.0]


def test_thresholds_by_hand() -> None:
    confidence = np.array([0.9, 0.5, 0.5, 0.1, 0.0])
    right = np.array([True, False, True, True, False])
    known = [(one.confidence, one.answered, one.wrong) for one in thresholds(confidence, right)]
    assert known == [(pytest.approx(0.7), 1, 0), (pytest.approx(0.3), 3, 1), (0.05, 4, 1)]


def test_pick_threshold_wants_enough_answers() -> None:
    confidence = np.array([0.9, 0.8, 0.7])
    right = np.array([True, False, False])
    picked = pick_threshold(confidence, right, 0.1)
    assert picked is not None
    assert picked.answered == 1
    assert pick_threshold(confidence, right, 0.1, least_answers=2) is None


@given(
    st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=30),
    st.floats(0.05, 0.95),
)
def test_picked_threshold_is_the_lowest_that_keeps_to_the_error(
    drawn: list[tuple[int, bool]], max_error: float
) -> None:
    confidence = np.array([sure / 10 for sure, _ in drawn])
    right = np.array([known for _, known in drawn])
    picked = pick_threshold(confidence, right, max_error)
    allowed = [
        level
        for level in np.unique(confidence)
        if (~right[confidence >= level]).mean() <= max_error
    ]
    if picked is None:
        assert allowed == []
        return
    answered = confidence >= picked.confidence
    assert answered.sum() == picked.answered
    assert (~right[answered]).mean() == pytest.approx(picked.error)
    assert confidence[answered].min() == pytest.approx(min(allowed))
