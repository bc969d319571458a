"""First spans: what a reader would answer from each passage alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage


def first_spans(spans: Iterable[ScoredSpan], passages: Sequence[Passage]) -> dict[int, str]:
    """The words of the first span of each passage that has one, by the passage's number.

    Args:
        spans: Best first.
        passages: Where they are.
    """
    first: dict[int, str] = {}
    for scored in spans:
        if scored.passage not in first:
            first[scored.passage] = passages[scored.passage].chunk.words(scored.span)
    return first
