"""The points that a report draws say what the measures say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.evaluation.curves import reliability_points, risk_coverage_curve
from scripts.evaluation.metrics.columns import to_columns
from scripts.evaluation.metrics.estimates import point
from scripts.evaluation.metrics.measures import BY_NAME
from tests.scripts.evaluation.making import make_question

if TYPE_CHECKING:
    from scripts.evaluation.results import QuestionResult

ROWS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 10)).map(
        lambda drawn: make_question(candidate_right=drawn[0], confidence=drawn[1] / 10)
    ),
    min_size=1,
    max_size=30,
)


def test_risk_coverage_curve_by_hand() -> None:
    rows = [
        make_question(candidate_right=True, confidence=0.9),
        make_question(candidate_right=False, confidence=0.5),
        make_question(candidate_right=True, confidence=0.5),
        make_question(candidate_right=False, confidence=None),
    ]
    assert risk_coverage_curve(rows) == [
        (0.9, 0.25, 0.0),
        (0.5, 0.75, pytest.approx(1 / 3)),
        (0.0, 1.0, 0.5),
    ]


@given(ROWS)
def test_area_under_the_risk_coverage_curve_is_aurc(rows: list[QuestionResult]) -> None:
    area, before = 0.0, 0.0
    for _, coverage, risk in risk_coverage_curve(rows):
        area += (coverage - before) * risk
        before = coverage
    expected = point(to_columns(rows), BY_NAME["aurc"])
    assert area == pytest.approx(expected)


@given(ROWS)
def test_reliability_points_add_up_to_ece(rows: list[QuestionResult]) -> None:
    points = reliability_points(rows)
    assert sum(bin_["count"] for bin_ in points) == len(rows)
    error = sum(bin_["count"] * abs(bin_["confidence"] - bin_["right"]) for bin_ in points) / len(
        rows
    )
    assert point(to_columns(rows), BY_NAME["ece"]) == pytest.approx(error)
