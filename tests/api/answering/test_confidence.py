"""Features of candidates, and the probability that one is right."""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from api.answering.candidates import group_spans
from api.answering.confidence import (
    FEATURES,
    Calibration,
    candidate_features,
    load_calibration,
)
from api.answering.errors import ReaderError
from api.answering.question import Question
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeReader

if TYPE_CHECKING:
    from pathlib import Path

FACTS = FakeReader.facts


def _calibration(**changes: Any) -> dict[str, Any]:
    return {
        "reader": "fake",
        "fitted_on": "nothing",
        "questions": 1,
        "max_error": 0.1,
        "threshold": 0.5,
        "intercept": 0.0,
        "features": {"margin": {"mean": 1.0, "scale": 2.0, "weight": 3.0}},
        **changes,
    }


def _write(folder: Path, content: object) -> Path:
    path = folder / "fake.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_candidate_features_of_a_single_candidate() -> None:
    passages = [
        make_passage("Meta spends $65 billion.", "It rained in 2024.", context="Budgets"),
        make_passage("The sum is $65 billion.", article_id="b"),
    ]
    spans = [
        find_span(passages, 0, "$65 billion", score=3, null_score=1),
        find_span(passages, 1, "$65 billion", score=2),
    ]
    question = "How much does Meta or Intel spend on budgets in 2024?"
    (features,) = candidate_features(
        Question.parse(question), group_spans(spans, passages), passages
    )
    assert features == {
        "margin": 2.0,
        "answerable": 0.5,
        "lead": 12.0,
        "support": math.log(2),
        "dense": 0.5,
        "fused": 0.25,
        "names": 0.5,
        "years": 1.0,
        "names_near": 0.5,
        "words_near": 2 / 5,
    }
    assert features.keys() == set(FEATURES)


def test_candidate_features_lead_is_negative_for_all_but_the_first() -> None:
    passages = [make_passage("Meta and Intel and Nvidia.")]
    spans = [
        find_span(passages, 0, "Meta", score=5),
        find_span(passages, 0, "Intel", score=3),
        find_span(passages, 0, "Nvidia", score=2),
    ]
    features = candidate_features(Question.parse("Who?"), group_spans(spans, passages), passages)
    assert [known["lead"] for known in features] == [2.0, -2.0, -3.0]


def test_candidate_features_clip_differences_of_scores() -> None:
    passages = [make_passage("Meta and Intel.")]
    spans = [find_span(passages, 0, "Meta", score=1e9), find_span(passages, 0, "Intel", score=-1e9)]
    best, worst = candidate_features(Question.parse("Who?"), group_spans(spans, passages), passages)
    assert (best["margin"], best["lead"]) == (12.0, 12.0)
    assert (worst["margin"], worst["lead"]) == (-12.0, -12.0)


def test_candidate_features_count_the_year_of_publication() -> None:
    passages = [make_passage("Meta.", day=dt.date(2025, 4, 30))]
    candidates = group_spans([find_span(passages, 0, "Meta")], passages)
    years = [
        candidate_features(Question.parse(question), candidates, passages)[0]["years"]
        for question in ("in 2025", "in 2024", "ever")
    ]
    assert years == [1.0, 0.0, 1.0]


def test_candidate_features_of_a_passage_found_by_words_only_have_no_cosine() -> None:
    passages = [make_passage("Meta.", dense=None)]
    candidates = group_spans([find_span(passages, 0, "Meta")], passages)
    assert candidate_features(Question.parse("Who?"), candidates, passages)[0]["dense"] == 0.0


def test_calibration_confidence_is_the_logistic_function() -> None:
    known = Calibration.model_validate(_calibration(intercept=1.0))
    assert known.confidence({"margin": 5.0}) == pytest.approx(1 / (1 + math.exp(-7.0)))


@settings(max_examples=50, deadline=None)
@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_calibration_confidence_is_a_rising_probability(left: float, right: float) -> None:
    known = Calibration.model_validate(_calibration())
    low, high = (known.confidence({"margin": value}) for value in sorted((left, right)))
    assert 0 < low <= high < 1


@pytest.mark.parametrize(
    "changes",
    [
        {"threshold": 1.5},
        {"threshold": float("nan")},
        {"max_error": 0},
        {"questions": 0},
        {"intercept": float("inf")},
        {"features": {"margin": {"mean": 0.0, "scale": 0.0, "weight": 1.0}}},
        {"features": {"colour": {"mean": 0.0, "scale": 1.0, "weight": 1.0}}},
        {"extra": 1},
    ],
)
def test_calibration_refuses_what_is_out_of_range(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Calibration.model_validate(_calibration(**changes))


def test_load_calibration_reads_what_was_written(tmp_path: Path) -> None:
    loaded = load_calibration(_write(tmp_path, _calibration()), FACTS)
    assert loaded == Calibration.model_validate(_calibration())


def test_load_calibration_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"none\.json: No such file"):
        load_calibration(tmp_path / "none.json", FACTS)


def test_load_calibration_names_the_wrong_field(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"fake\.json: field 'threshold': .*less than or equal"):
        load_calibration(_write(tmp_path, _calibration(threshold=2)), FACTS)


def test_load_calibration_names_both_readers(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="'fake'; expected 'other'"):
        load_calibration(_write(tmp_path, _calibration()), replace(FACTS, name="other"))


def test_load_calibration_refuses_other_weights(tmp_path: Path) -> None:
    path = _write(tmp_path, _calibration(reader_fingerprint="f1"))
    assert load_calibration(path, FACTS).reader_fingerprint == "f1"
    with pytest.raises(ReaderError, match=r"other weights of reader 'fake' \(fingerprint f1, in"):
        load_calibration(path, replace(FACTS, fingerprint="f2"))
