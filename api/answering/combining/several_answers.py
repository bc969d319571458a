"""Replies that one span does not make: what they are answered within, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from api.answering.answers import Abstention, Answer, Comparison, FramedTime, Listing
    from index.records import Filters


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a question is answered within.

    Attributes:
        top_k: Passages that an ordinary question reads.
        most: The most items of a list; None for the default.
        threshold: The least confidence of an answer.
        filters: What articles must pass.
        day: The day that the question is asked on.
        lost: Shards of the index that did not answer, and are not asked again.
    """

    top_k: int
    most: int | None
    threshold: float
    filters: Filters
    day: dt.date
    lost: frozenset[int]


@dataclass(frozen=True, slots=True)
class SeveralAnswers:
    """Answers, or why there are none, and what finding them cost in milliseconds."""

    answers: tuple[Answer, ...]
    abstention: Abstention | None
    encode_ms: float
    search_ms: float
    read_ms: float
    listing: Listing | None = None
    comparison: Comparison | None = None
    time: FramedTime | None = None
