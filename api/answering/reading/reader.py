"""The protocol of readers: a question and passages in, scored spans out.

Light to import: the settings name a precision, and torch takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from api.answering.errors import ReaderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.records import Passage, Span


class ReaderPrecision(StrEnum):
    """What the linear layers of a reader compute in.

    - ``auto``: ``bfloat16`` where the processor computes in it, else ``float32``;
    - ``float32``: as trained;
    - ``bfloat16``: scores move by about a hundredth, reading is about three times as fast on a
      processor that computes in it, and slower on another;
    - ``int8``: dynamic quantisation, one scale per output channel.
    """

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    INT8 = "int8"


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span that may answer the question.

    Attributes:
        passage: Which of the passages it stands in, counted from 0.
        span: Where it stands in its article's text.
        score: How good a span it is; higher is better, comparable between passages.
        null_score: What the reader gave to "this passage does not say" on the same scale.
        answerable: Log-odds, by the reader, that the passage answers the question.
    """

    passage: int
    span: Span
    score: float
    null_score: float
    answerable: float


class Reader(Protocol):
    """Finds the spans of passages that may answer a question."""

    @property
    def name(self) -> str:
        """What the calibration of its confidence is kept under."""
        ...

    def read(self, question: str, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score spans of the passages, best first; every span lies in its passage's chunk."""
        ...


def check_spans(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> None:
    """Refuse spans that a reader cannot have read.

    Raises:
        ReaderError: If a span is empty or lies outside the passage that it names.
    """
    for found in spans:
        if not 0 <= found.passage < len(passages):
            raise ReaderError(f"span of passage {found.passage}; expected 0 to {len(passages) - 1}")
        chunk = passages[found.passage].chunk
        if not chunk.start <= found.span.start < found.span.end <= chunk.end:
            raise ReaderError(
                f"span {tuple(found.span)} of passage {found.passage}; expected a part of "
                f"{(chunk.start, chunk.end)}"
            )
