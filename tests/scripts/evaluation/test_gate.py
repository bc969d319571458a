"""What a gate lets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.evaluation.comparison import compare
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.gate import (
    check_limits,
    check_no_worse,
    holm,
    measure_name,
    parse_limits,
)
from tests.scripts.evaluation.making import ABSTAINED, QUICK, WRONG, make_question, make_result


def test_parse_limits_takes_short_names() -> None:
    assert parse_limits("em=0.8, f1=.85,ece=0.1") == {"exact_match": 0.8, "f1": 0.85, "ece": 0.1}


@pytest.mark.parametrize("text", ["em", "em=", "em=much", "", "em=0.8,"])
def test_parse_limits_refuses_what_is_no_limit(text: str) -> None:
    with pytest.raises(EvaluationError, match="expected"):
        parse_limits(text)


def test_unknown_measures_are_refused_with_the_known_ones() -> None:
    with pytest.raises(EvaluationError, match="no measure 'accuracy'; expected one of exact_match"):
        measure_name("accuracy")


def test_limits_are_the_least_or_the_most() -> None:
    result = make_result([make_question("a"), make_question("b", **WRONG)])
    passed = {
        check.measure: check.passed
        for check in check_limits(
            result, {"exact_match": 0.5, "f1": 0.51, "total_p50_ms": 3.0, "total_p99_ms": 2.9}
        )
    }
    assert passed == {
        "exact_match": True,
        "f1": False,
        "total_p50_ms": True,
        "total_p99_ms": False,
    }


def test_limit_on_what_is_not_defined_does_not_pass() -> None:
    result = make_result([make_question("a", **ABSTAINED)])
    (check,) = check_limits(result, {"citation_verified": 1.0})
    assert not check.passed
    assert (check.found, check.reason) == ("undefined", "it is defined on none of the questions")


def _reasons(lost: int, questions: int, tolerance: float = 0.02) -> dict[str, str]:
    old = make_result([make_question(str(at)) for at in range(questions)])
    new = make_result(
        [make_question(str(at), **(WRONG if at < lost else {})) for at in range(questions)]
    )
    return {
        check.measure: check.reason
        for check in check_no_worse(compare(old, new, QUICK), tolerance=tolerance)
        if not check.passed
    }


def test_no_worse_refuses_a_loss_beyond_the_tolerance() -> None:
    reasons = _reasons(lost=3, questions=100)
    assert reasons["exact_match"] == "lost 0.0300, more than the tolerance of 0.02"


def test_no_worse_refuses_a_small_loss_beyond_chance() -> None:
    reasons = _reasons(lost=16, questions=1000)
    assert reasons["f1"].startswith("lost 0.0160: within the tolerance, but beyond chance (p = ")


def test_no_worse_lets_a_small_loss_within_chance_pass() -> None:
    assert _reasons(lost=2, questions=300) == {}


def test_no_worse_lets_what_got_better_pass() -> None:
    old = make_result([make_question("a", **WRONG), make_question("b")])
    new = make_result([make_question("a"), make_question("b")])
    assert all(check.passed for check in check_no_worse(compare(old, new)))


def test_no_worse_refuses_any_unverified_citation() -> None:
    old = make_result([make_question(str(at)) for at in range(500)])
    new = make_result([make_question(str(at), verified=int(at > 0)) for at in range(500)])
    lost = [check for check in check_no_worse(compare(old, new, QUICK)) if not check.passed]
    assert [check.measure for check in lost] == ["citation_verified"]
    assert lost[0].reason == "lost 0.0020, more than the tolerance of 0"


def test_no_worse_refuses_a_measure_that_is_no_longer_defined() -> None:
    old = make_result([make_question("a")])
    new = make_result([make_question("a", **ABSTAINED)])
    (check,) = check_no_worse(compare(old, new), measures=["citation_precision"])
    assert (check.passed, check.reason) == (
        False,
        "there is nothing left that it could be measured on",
    )


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_keeps_order_and_never_lowers(chances: list[float]) -> None:
    adjusted = holm(chances)
    assert all(1 >= after >= before for before, after in zip(chances, adjusted, strict=True))
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    assert [adjusted[at] for at in order] == sorted(adjusted)
