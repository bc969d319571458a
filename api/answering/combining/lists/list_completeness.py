"""The completeness of a list: likely where nothing comes near its items, else unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.answers import BelowTheBar, Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.ranking.ranker import RankedCandidate

MOST_ITEMS: Final = 10
"""Items of a list that are given, where the question is asked without a number."""
_SHOWN_BELOW: Final = 5
_BELOW: Final = 0.5  # share of the threshold; a rejected candidate above it makes a list "unknown"


def list_completeness(
    ranked: Sequence[RankedCandidate], threshold: float, most: int, articles_searched: int
) -> Listing:
    """Say how complete the items above the threshold are likely to be.

    Args:
        ranked: All that can be items, best first.
        threshold: The least confidence of an item.
        most: The most items that are given.
        articles_searched: How many articles pass the filters.
    """
    above = sum(item.confidence >= threshold for item in ranked)
    left = [*ranked[:above][most:], *ranked[above:]]
    below = tuple(
        BelowTheBar(item.candidate.text, item.confidence)
        for item in left
        if item.confidence >= _BELOW * threshold
    )
    complete = above > 0 and not below
    return Listing("likely" if complete else "unknown", articles_searched, below[:_SHOWN_BELOW])
