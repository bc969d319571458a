"""The probability that a candidate is right."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.answering.errors import ReaderError
from api.answering.ranking.confidence import (
    Calibration,
    load_calibration,
)
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


def test_calibration_confidence_is_the_logistic_function() -> None:
    known = Calibration.model_validate(_calibration(intercept=1.0))
    assert known.confidence({"margin": 5.0}) == pytest.approx(1 / (1 + math.exp(-7.0)))


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
