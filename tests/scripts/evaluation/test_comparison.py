"""Two evaluations side by side."""

from __future__ import annotations

import pytest

from scripts.evaluation.comparison import compare
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.results import Outcome
from tests.scripts.evaluation.making import ABSTAINED, QUICK, WRONG, make_question, make_result


def test_compare_names_what_got_better_worse_and_otherwise() -> None:
    old = make_result(
        [
            make_question("same"),
            make_question("healed", **WRONG),
            make_question("broken"),
            make_question("shorter"),
            make_question("reworded", **WRONG),
        ]
    )
    new = make_result(
        [
            make_question("same"),
            make_question("healed"),
            make_question("broken", **ABSTAINED),
            make_question("shorter", exact=0.0, f1=0.7),
            make_question("reworded", **WRONG | {"answer_digest": "c"}),
        ],
        "v2",
    )
    known = compare(old, new, QUICK)
    assert (known.old_version, known.new_version, known.compared) == ("v1", "v2", 5)
    assert {change.id: change.verdict for change in known.changes} == {
        "healed": "better",
        "broken": "worse",
        "shorter": "worse",
        "reworded": "changed",
    }
    broken = next(change for change in known.changes if change.id == "broken")
    assert (broken.old_outcome, broken.new_outcome) == (
        Outcome.RIGHT,
        Outcome.WRONGLY_ABSTAINED,
    )
    assert known.new_outcomes[Outcome.WRONGLY_ABSTAINED] == 1


def test_compare_gives_the_difference_of_every_measure() -> None:
    old = make_result([make_question(str(at)) for at in range(40)])
    new = make_result([make_question(str(at), **(WRONG if at < 10 else {})) for at in range(40)])
    lost = compare(old, new).measure("exact_match")
    assert (lost.old, lost.new, lost.delta, lost.loss) == (1.0, 0.75, -0.25, 0.25)
    assert lost.low is not None
    assert lost.high is not None
    assert lost.low < -0.25 < lost.high < 0
    assert lost.p is not None
    assert lost.p < 0.01
    gained = compare(new, old).measure("exact_match")
    assert (gained.delta, gained.p_worse) == (0.25, 1.0)
    risk = compare(old, new).measure("aurc")
    assert risk.loss is not None
    assert risk.loss > 0
    assert risk.delta == risk.loss


def test_compare_of_a_result_with_itself_finds_nothing() -> None:
    result = make_result([make_question("a"), make_question("b", **WRONG)])
    known = compare(result, result, QUICK)
    assert known.changes == ()
    assert {one.delta for one in known.measures} <= {0.0, None}
    assert {one.p for one in known.measures} <= {1.0, None}


def test_compare_leaves_out_and_names_what_only_one_asks() -> None:
    old = make_result([make_question("both"), make_question("old"), make_question("edited")])
    edited = make_question("edited", fingerprint="another")
    new = make_result([make_question("both"), make_question("new"), edited])
    known = compare(old, new, QUICK)
    assert known.compared == 1
    assert (known.only_old, known.only_new) == (("old",), ("new",))
    assert known.asked_otherwise == ("edited",)


def test_compare_refuses_results_without_a_common_question() -> None:
    with pytest.raises(EvaluationError, match="none of the 1 questions of the old result"):
        compare(make_result([make_question("a")]), make_result([make_question("b")]))
