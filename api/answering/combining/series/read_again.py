"""What was read of passages, and what was read of some of them again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from api.answering.reading.reader import best_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage


class WhatWasRead(NamedTuple):
    """Passages, and what was read in them, best first."""

    passages: list[Passage]
    spans: list[ScoredSpan]


def read_again(
    passages: Sequence[Passage],
    spans: Sequence[ScoredSpan],
    newer: Sequence[Passage],
    more: Sequence[ScoredSpan],
    kept: Sequence[bool] | None = None,
) -> WhatWasRead:
    """The passages with newer ones after them, and what was read last of each.

    Args:
        passages: What was read before.
        spans: What was read in them.
        newer: What was read then, some of it again.
        more: What was read in these.
        kept: Of which of these it counts; None for all.
    """
    places = {place_of(item): at for at, item in enumerate(passages)}
    every = list(passages)
    now: dict[int, int] = {}
    for number, item in enumerate(newer):
        if kept is not None and not kept[number]:
            continue
        if place_of(item) not in places:
            places[place_of(item)] = len(every)
            every.append(item)
        now[number] = places[place_of(item)]
    moved = [replace(span, passage=now[span.passage]) for span in more if span.passage in now]
    again = {*now.values()}
    return WhatWasRead(every, best_first([*(s for s in spans if s.passage not in again), *moved]))


def place_of(passage: Passage) -> tuple[str, int]:
    """Where a passage stands, whatever its context."""
    return passage.article.id, passage.chunk.start
