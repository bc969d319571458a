import pytest

from scripts.evaluate_news import summarise
from scripts.training.calibration_sets import CalibrationQuestion


def _row(confidence: float, *, right: bool, f1: float, oracle: float) -> dict[str, float]:
    return {
        "confidence": confidence,
        "right": float(right),
        "exact": float(f1 == 1),
        "f1": f1,
        "oracle": oracle,
    }


def test_summary_counts_answerable_and_given_answers_apart() -> None:
    questions = [
        CalibrationQuestion("Who?", ("Ada",)),
        CalibrationQuestion("When?", ("May",)),
        CalibrationQuestion("Where?", ()),
        CalibrationQuestion("Why?", ()),
    ]
    rows = [
        _row(0.9, right=True, f1=1.0, oracle=1.0),
        _row(0.2, right=False, f1=0.0, oracle=0.5),
        _row(0.6, right=False, f1=0.0, oracle=0.0),
        _row(0.1, right=False, f1=0.0, oracle=0.0),
    ]
    summary = summarise(questions, rows, 0.5)
    assert summary["exact_match"] == summary["f1"] == 0.5
    assert summary["oracle_f1"] == 0.75
    assert summary["of_oracle"] == pytest.approx(2 / 3, abs=1e-4)
    assert summary["answers_right"] == 0.5
    assert summary["answerable_answered"] == 0.5
    assert summary["unanswerable_abstained"] == 0.5
    assert summary["auroc_right"] == 1.0
    assert summary["auroc_answerable"] == 0.75
    assert summary["ece"] == pytest.approx((0.1 + 0.2 + 0.6 + 0.1) / 4)
