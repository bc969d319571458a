"""Measures of retrieval, by the ir_measures library (which runs trec_eval's own code)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from scripts.evaluation.results import Found

LEVELS: Final = ("articles", "passages")
CUTOFFS: Final = (1, 5, 10)
RETRIEVAL_MEASURES: Final = {
    **{f"recall@{k}": f"R@{k}" for k in CUTOFFS},
    **{f"success@{k}": f"Success@{k}" for k in CUTOFFS},
    "mrr": "RR",
    "ndcg@10": "nDCG@10",
}
"""Names here -> names that ir_measures parses."""


def retrieval_values(
    rankings: Sequence[Found | None],
) -> dict[str, npt.NDArray[np.float64]]:
    """Compute retrieval measures of each question; all judgements are binary.

    Definitions are those of the library, https://ir-measur.es/en/latest/measures.html: ``R@k``
    recall, ``Success@k`` whether anything relevant is among the first k, ``RR`` the reciprocal
    rank of the first relevant result, ``nDCG@k`` after Järvelin and Kekäläinen, "Cumulated
    Gain-Based Evaluation of IR Techniques", TOIS 2002. Relevant results that were not retrieved
    count.

    Args:
        rankings: The relevant results retrieved for each question; None where none is relevant.

    Returns:
        By name in `RETRIEVAL_MEASURES` ``(n,)`` float64, NaN where nothing is relevant.
    """
    import ir_measures  # noqa: PLC0415 - of an extra

    names = {
        ir_measures.parse_measure(measure): name for name, measure in RETRIEVAL_MEASURES.items()
    }
    judged = {str(at): ranking for at, ranking in enumerate(rankings) if ranking is not None}
    values = {name: np.full(len(rankings), np.nan) for name in RETRIEVAL_MEASURES}
    if not judged:
        return values
    qrels = {
        question: {_result(rank): 1 for rank in ranking.ranks}
        | {f"missed{number}": 1 for number in range(ranking.relevant - len(ranking.ranks))}
        for question, ranking in judged.items()
    }
    # Results between the relevant ones only keep their ranks.
    run = {
        question: {_result(rank): -float(rank) for rank in range(1, max(ranking.ranks) + 1)}
        for question, ranking in judged.items()
        if ranking.ranks
    }
    for at in judged:
        for measured in values.values():
            measured[int(at)] = 0.0
    for metric in ir_measures.iter_calc(list(names), qrels, run):
        values[names[metric.measure]][int(metric.query_id)] = metric.value
    return values


def _result(rank: int) -> str:
    return f"rank{rank}"
