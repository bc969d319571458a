"""Measures against definitions written out again, other libraries, and examples by hand."""

from __future__ import annotations

import collections
import math
import re
import string
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from scripts.evaluation.metrics.columns import to_columns
from scripts.evaluation.metrics.estimates import estimate, estimate_by_kind, point
from scripts.evaluation.metrics.measures import BY_NAME, MEASURES
from scripts.evaluation.metrics.squad_metrics import exact_match, token_f1
from tests.scripts.evaluation.making import (
    ABSTAINED,
    BEST_STATEMENTS,
    FAILED,
    LEFT_OPEN,
    QUICK,
    WORST_STATEMENTS,
    WRONG,
    make_question,
)

if TYPE_CHECKING:
    from scripts.evaluation.results import QuestionResult


def _value(name: str, *questions: QuestionResult) -> float | None:
    return point(to_columns(questions), BY_NAME[name])


# The SQuAD evaluation as published: normalise, then compare; the best over all gold answers.


def _squad_tokens(text: str) -> list[str]:
    lowered = "".join(mark for mark in text.lower() if mark not in set(string.punctuation))
    return re.sub(r"\b(a|an|the)\b", " ", lowered).split()


def _squad_f1(prediction: str, gold: str) -> float:
    predicted, expected = _squad_tokens(prediction), _squad_tokens(gold)
    if len(predicted) == 0 or len(expected) == 0:
        return float(predicted == expected)
    shared = sum((collections.Counter(predicted) & collections.Counter(expected)).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / len(predicted), shared / len(expected)
    return 2 * precision * recall / (precision + recall)


ANSWERS = st.lists(
    st.sampled_from(["the", "The", "a", "an", "Meta", "meta,", "pays", "billion.", "U.S.", "--"]),
    max_size=6,
).map(lambda words: " ".join([*words, "Li"]))


@given(ANSWERS, st.lists(ANSWERS, min_size=1, max_size=3))
def test_exact_match_and_f1_agree_with_the_squad_definition(answer: str, golds: list[str]) -> None:
    expected = max(float(_squad_tokens(answer) == _squad_tokens(gold)) for gold in golds)
    assert exact_match(answer, golds) == expected
    assert token_f1(answer, golds) == pytest.approx(
        max(_squad_f1(answer, gold) for gold in golds), abs=1e-4
    )


@pytest.mark.parametrize(
    ("answer", "gold", "exact", "f1"),
    [
        ("35", "3.5", 0, 0),
        ("€35 million", "€3.5 million", 0, 0),
        ("-5%", "5%", 0, 0),
        ("1,118", "11.18", 0, 0),
        ("$72 billion", "$64 billion to $72 billion", 0, 0),
        ("$53bn", "53 billion US dollars", 1, 1),
        ("about 350,000", "350,000", 1, 1),
        ("Café", "cafe", 1, 1),
        ("$540 a week", "$540", 0, 2 / 3),
        ("74,000", "74,000 jobs", 0, 2 / 3),
    ],
)
def test_exact_match_and_f1_give_nothing_for_a_wrong_figure(
    answer: str, gold: str, exact: float, f1: float
) -> None:
    assert exact_match(answer, [gold]) == exact
    assert token_f1(answer, [gold]) == pytest.approx(f1)


CONFIDENT = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.integers(0, 10).map(lambda tenths: tenths / 10)),
    min_size=2,
    max_size=40,
)


def _rows(drawn: list[tuple[bool, bool, float]]) -> list[QuestionResult]:
    return [
        make_question(
            str(at), answerable=answerable, candidate_right=answerable and right, confidence=sure
        )
        for at, (answerable, right, sure) in enumerate(drawn)
    ]


@given(CONFIDENT.filter(lambda drawn: len({one[0] for one in drawn}) == 2))
def test_auroc_agrees_with_scikit_learn(drawn: list[tuple[bool, bool, float]]) -> None:
    expected = roc_auc_score([one[0] for one in drawn], [one[2] for one in drawn])
    assert _value("auroc", *_rows(drawn)) == pytest.approx(expected, abs=1e-4)


@given(CONFIDENT)
def test_aurc_agrees_with_its_definition_question_by_question(
    drawn: list[tuple[bool, bool, float]],
) -> None:
    risks = []
    for _, _, threshold in drawn:
        covered = [one for one in drawn if one[2] >= threshold]
        risks.append(sum(not (one[0] and one[1]) for one in covered) / len(covered))
    assert _value("aurc", *_rows(drawn)) == pytest.approx(sum(risks) / len(risks), abs=1e-4)


@given(CONFIDENT)
def test_ece_agrees_with_its_definition_bin_by_bin(drawn: list[tuple[bool, bool, float]]) -> None:
    bins: dict[int, list[tuple[float, bool]]] = collections.defaultdict(list)
    for answerable, right, sure in drawn:
        bins[min(math.floor(sure * 10), 9)].append((sure, answerable and right))
    error = sum(
        abs(sum(sure for sure, _ in some) / len(some) - sum(r for _, r in some) / len(some))
        * len(some)
        / len(drawn)
        for some in bins.values()
    )
    assert _value("ece", *_rows(drawn)) == pytest.approx(error, abs=1e-4)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=60), st.sampled_from([50, 95, 99]))
def test_latency_agrees_with_numpy(milliseconds: list[float], percent: int) -> None:
    rows = [make_question(timings_ms={"total": spent}) for spent in milliseconds]
    expected = np.percentile(milliseconds, percent, method="inverted_cdf")
    assert _value(f"total_p{percent}_ms", *rows) == pytest.approx(float(expected))


@given(CONFIDENT, st.randoms(use_true_random=False))
def test_weights_count_like_repeated_questions(
    drawn: list[tuple[bool, bool, float]], random: Any
) -> None:
    rows = _rows(drawn)
    counts = [random.randint(0, 3) for _ in rows]
    if sum(counts) == 0:
        counts[0] = 1
    repeated = [row for row, count in zip(rows, counts, strict=True) for _ in range(count)]
    columns, repeated_columns = to_columns(rows), to_columns(repeated)
    for measure in MEASURES:
        weighted = measure.compute(columns, np.array([counts], dtype=np.float64))[0]
        expected = point(repeated_columns, measure)
        if expected is None:
            assert np.isnan(weighted), measure.name
        else:
            assert weighted == pytest.approx(expected), measure.name


HAND = (
    make_question("right", confidence=0.9, kind="list", statements=BEST_STATEMENTS),
    make_question("wrong", confidence=0.8, citation_precision=0.5, kind="fact", **WRONG),
    make_question("withheld", confidence=0.4, statements={"list_recall": 0.25}, **ABSTAINED),
    make_question("open", **LEFT_OPEN),
    make_question("failed", kind="list", statements=WORST_STATEMENTS, **FAILED),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("exact_match", 2 / 5),
        ("f1", 2 / 5),
        ("answerable_exact_match", 1 / 4),
        ("answered_right", 1 / 2),
        ("answerable_answered", 2 / 4),
        ("abstention_precision", 1 / 2),
        ("abstention_recall", 1 / 1),
        # The failed one is placed below the unanswerable one: 3 of 4 pairs are in order.
        ("auroc", 3 / 4),
        # By falling confidence: failed (as if 1.0), right, wrong, withheld, open.
        ("aurc", (1 / 1 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5),
        ("ece", (1.0 - 0.0 + 0.9 - 1.0 + 0.8 + 1.0 - 0.4 + 0.1) / 5),
        ("citation_precision", (1.0 + 0.5 + 0.0) / 3),
        ("citation_recall", (1 + 1 + 0 + 0) / 4),
        ("citation_verified", 1.0),
        ("value_accuracy", 1 / 2),
        ("list_recall", (1 + 0.25 + 0) / 3),
        ("disagreement_invented", 1 / 2),
        ("article_recall@1", 3 / 4),
        ("total_p50_ms", 3.0),
    ],
)
def test_measures_of_five_questions_by_hand(name: str, expected: float) -> None:
    if name == "ece":  # 0.9 and 1.0 share a bin
        expected = (abs(0.9 + 1.0 - 1.0) + 0.8 + (1.0 - 0.4) + 0.1) / 5
    assert _value(name, *HAND) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("name", [measure.name for measure in MEASURES])
def test_no_measure_gains_by_failing(name: str) -> None:
    measure = BY_NAME[name]
    for row in HAND[:4]:
        others = [one for one in HAND[:4] if one is not row]
        lost = make_question(
            row.id,
            **FAILED
            | {
                "statements": {name: WORST_STATEMENTS[name] for name in row.statements},
                "answerable": row.answerable,
                "articles": row.articles,
                "passages": row.passages,
            }
            | ({} if row.articles is None else {"articles": FAILED["articles"]})
            | ({} if row.passages is None else {"passages": FAILED["passages"]}),
        )
        before, after = _value(name, *others, row), _value(name, *others, lost)
        if measure.group == "latency" or name in ("abstention_precision", "answered_right"):
            continue  # of answers, abstentions and times that there are
        if before is not None and after is not None:
            gain = after - before if measure.higher_is_better else before - after
            assert gain <= 1e-9, (name, row.id)


def test_estimates_hold_the_value_between_their_bounds() -> None:
    known = estimate(HAND, QUICK)
    assert known.keys() == BY_NAME.keys()
    for one in known.values():
        assert one.value is not None
        assert one.low is not None
        assert one.high is not None
        assert one.low <= one.value <= one.high
    assert known["exact_match"].questions == 5
    assert known["answered_right"].questions == 2


def test_estimates_by_kind_leave_out_questions_of_none() -> None:
    kinds = estimate_by_kind(HAND, QUICK)
    assert {kind: metrics["exact_match"].questions for kind, metrics in kinds.items()} == {
        "fact": 1,
        "list": 2,
    }
    assert kinds["list"]["list_recall"].value == 1 / 2
    assert kinds["fact"]["list_recall"].value is None
    assert "total_p50_ms" not in kinds["list"]


def test_estimates_of_what_is_not_defined_are_none() -> None:
    known = estimate([make_question(**LEFT_OPEN)], QUICK)
    assert known["auroc"].value is None
    assert known["citation_verified"].low is None
    assert known["article_mrr"].questions == 0
