"""Retrieval measures of ir_measures against scikit-learn, and against definitions written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from scripts.evaluation.curves import recall_curve
from scripts.evaluation.metrics.retrieval_metrics import RETRIEVAL_MEASURES, retrieval_values
from scripts.evaluation.results import Found

FOUND = st.builds(
    lambda ranks, missed: Found(relevant=max(1, len(ranks) + missed), ranks=tuple(sorted(ranks))),
    st.frozensets(st.integers(1, 20), max_size=6),
    st.integers(0, 3),
)


def _ndcg_at_10(found: Found) -> float:
    """By scikit-learn: what was not retrieved has a score below everything retrieved."""
    depth = 20
    relevance = [float(rank in found.ranks) for rank in range(1, depth + 1)]
    relevance += [1.0] * (found.relevant - len(found.ranks))
    scores = [-float(place) for place in range(len(relevance))]
    # What was missed must not slip into the first ten: there are twenty before it.
    return float(ndcg_score([relevance], [scores], k=10))


@given(st.lists(FOUND, min_size=1, max_size=5))
def test_retrieval_values_agree_with_other_implementations(found: list[Found]) -> None:
    values = retrieval_values(found)
    assert values.keys() == RETRIEVAL_MEASURES.keys()
    for at, one in enumerate(found):
        for k in (1, 5, 10):
            hits = sum(rank <= k for rank in one.ranks)
            assert values[f"recall@{k}"][at] == pytest.approx(hits / one.relevant, abs=1e-4)
            assert values[f"success@{k}"][at] == float(hits > 0)
        first = 1 / one.ranks[0] if one.ranks else 0.0
        assert values["mrr"][at] == pytest.approx(first, abs=1e-4)
        assert values["ndcg@10"][at] == pytest.approx(_ndcg_at_10(one), abs=1e-4)


def test_retrieval_values_by_hand() -> None:
    """Two relevant, at ranks 2 and 12, and one that was missed."""
    values = retrieval_values([Found(relevant=3, ranks=(2, 12)), None])
    assert values["recall@5"][0] == pytest.approx(1 / 3)
    assert values["recall@10"][0] == pytest.approx(1 / 3)
    assert values["mrr"][0] == 0.5
    ideal = 1 + 1 / np.log2(3) + 1 / np.log2(4)
    assert values["ndcg@10"][0] == pytest.approx((1 / np.log2(3)) / ideal)
    assert np.isnan(values["mrr"][1])


def test_questions_of_which_nothing_was_found_count_as_zero() -> None:
    values = retrieval_values([Found(relevant=1, ranks=()), Found(relevant=1, ranks=(1,))])
    assert {name: some.mean() for name, some in values.items()} == dict.fromkeys(values, 0.5)


def test_retrieval_values_of_unanswerable_questions_only_are_not_defined() -> None:
    assert np.isnan(retrieval_values([None, None])["recall@1"]).all()


def test_recall_curve_rises_to_what_was_found() -> None:
    found = [Found(relevant=2, ranks=(1, 3)), Found(relevant=1, ranks=()), None]
    assert recall_curve(found, 4) == [0.25, 0.25, 0.5, 0.5]
    assert recall_curve([None], 2) == [0.0, 0.0]
