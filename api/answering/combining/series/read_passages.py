"""Passages with what was read in them: at first, and later in some of them and in others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from api.answering.reading.reader import best_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage


class ReadPassages(NamedTuple):
    """Passages, and what was read in them, best first."""

    passages: list[Passage]
    spans: list[ScoredSpan]


def with_later_reading(
    passages: Sequence[Passage],
    spans: Sequence[ScoredSpan],
    later: Sequence[Passage],
    later_spans: Sequence[ScoredSpan],
    counts: Sequence[bool] | None = None,
) -> ReadPassages:
    """Passages, those first read later behind the others, each with what was read of it last.

    Args:
        passages: What was read at first.
        spans: What was read in them.
        later: What was read after that; some may be of the first.
        later_spans: What was read in these.
        counts: Which of these count; None for all.
    """
    places = {place_of(passage): number for number, passage in enumerate(passages)}
    every = list(passages)
    new_numbers: dict[int, int] = {}
    for number, passage in enumerate(later):
        if counts is not None and not counts[number]:
            continue
        if place_of(passage) not in places:
            places[place_of(passage)] = len(every)
            every.append(passage)
        new_numbers[number] = places[place_of(passage)]
    replaced = {*new_numbers.values()}
    every_span = [
        *(span for span in spans if span.passage not in replaced),
        *(
            replace(span, passage=new_numbers[span.passage])
            for span in later_spans
            if span.passage in new_numbers
        ),
    ]
    return ReadPassages(every, best_first(every_span))


def place_of(passage: Passage) -> tuple[str, int]:
    """Where a passage stands, whatever its context."""
    return passage.article.id, passage.chunk.start
