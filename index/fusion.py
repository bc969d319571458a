"""Two rankings -> one: pure functions from scores to fused scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def reciprocal_rank_fusion(
    rankings: Iterable[tuple[float, Mapping[int, int]]], *, constant: float = 60.0
) -> dict[int, float]:
    """Fuse rankings by the weighted sum of reciprocal ranks.

    Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual
    Rank Learning Methods", SIGIR 2009 (there unweighted, with the constant 60).

    Args:
        rankings: Of each ranking its weight and the rank of each chunk, from 1.
        constant: What dampens the first ranks.

    Returns:
        The fused score of every chunk in any ranking, in (0, 1]; higher is better.
    """
    fused: dict[int, float] = {}
    total = 0.0
    for weight, ranks in rankings:
        total += weight
        for chunk_id, rank in ranks.items():
            fused[chunk_id] = fused.get(chunk_id, 0.0) + weight * (
                (constant + 1) / (constant + rank)
            )
    return {chunk_id: score / total for chunk_id, score in fused.items()} if total > 0 else {}


def convex_fusion(
    dense: Mapping[int, float], lexical: Mapping[int, float], *, dense_weight: float
) -> dict[int, float]:
    """Fuse scores by their weighted mean, each scaled by its theoretical least and observed best.

    "TM2C2" of Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
    ACM TOIS 42 (2023): the least cosine is -1 and the least BM25 score 0, so that scores keep
    their distances, which ranks lose.

    Args:
        dense: Cosine similarity of every candidate.
        lexical: BM25 score of the candidates that share a word with the question.
        dense_weight: The share of the dense score, in [0, 1].

    Returns:
        The fused score of every candidate of either, in [0, 1]; higher is better.
    """
    scaled_dense = _scale(dense, least=-1.0)
    scaled_lexical = _scale(lexical, least=0.0)
    return {
        chunk_id: dense_weight * scaled_dense.get(chunk_id, 0.0)
        + (1.0 - dense_weight) * scaled_lexical.get(chunk_id, 0.0)
        for chunk_id in {**scaled_dense, **scaled_lexical}
    }


def _scale(scores: Mapping[int, float], least: float) -> dict[int, float]:
    """Map ``least`` to 0 and the best observed score to 1."""
    if not scores:
        return {}
    width = max(scores.values()) - least
    if width <= 0:
        return dict.fromkeys(scores, 0.0)
    return {
        chunk_id: min(1.0, max(0.0, (score - least) / width)) for chunk_id, score in scores.items()
    }
