"""Measures of retrieval, by the ir_measures library (which runs trec_eval's own code)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ir_measures
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
    found: Sequence[Found | None],
) -> dict[str, npt.NDArray[np.float64]]:
    """Compute retrieval measures of each question; all judgements are binary.

    Definitions are those of the library, https://ir-measur.es/en/latest/measures.html: ``R@k``
    recall, ``Success@k`` whether anything relevant is among the first k, ``RR`` the reciprocal
    rank of the first relevant result, ``nDCG@k`` after Järvelin and Kekäläinen, "Cumulated
    Gain-Based Evaluation of IR Techniques", TOIS 2002. Relevant results that were not retrieved
    count.

    Args:
        found: What was found of each question; None where nothing is relevant.

    Returns:
        By name in `RETRIEVAL_MEASURES` ``(n,)`` float64, NaN where nothing is relevant.
    """
    names = {ir_measures.parse_measure(known): name for name, known in RETRIEVAL_MEASURES.items()}
    judged = {str(at): known for at, known in enumerate(found) if known is not None}
    values = {name: np.full(len(found), np.nan) for name in RETRIEVAL_MEASURES}
    if not judged:
        return values
    qrels = {
        question: {_result(rank): 1 for rank in known.ranks}
        | {f"missed{number}": 1 for number in range(known.relevant - len(known.ranks))}
        for question, known in judged.items()
    }
    # Results between the relevant ones only keep their ranks.
    run = {
        question: {_result(rank): -float(rank) for rank in range(1, max(known.ranks) + 1)}
        for question, known in judged.items()
        if known.ranks
    }
    for at in judged:
        for measured in values.values():
            measured[int(at)] = 0.0
    for metric in ir_measures.iter_calc(list(names), qrels, run):
        values[names[metric.measure]][int(metric.query_id)] = metric.value
    return values


def _result(rank: int) -> str:
    return f"rank{rank}"
