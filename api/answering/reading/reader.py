"""The reader protocol: a question and passages in, scored spans out.

Light to import: the settings name a precision, and torch takes seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from api.answering.errors import ReaderError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from api.answering.questions.question import Question
    from index.records import Passage, Span


_MOST_READ: Final = 50  # passages of one question, unless more are asked for


class ReaderPrecision(StrEnum):
    """The number format of a reader's linear layers.

    - ``auto``: ``bfloat16`` where the processor computes in it, else ``float32``;
    - ``float32``: as trained;
    - ``bfloat16``: scores move by about a hundredth; reading is about three times as fast on a
      processor that computes in it, and slower on another;
    - ``int8``: dynamic quantisation, one scale per output channel.
    """

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    INT8 = "int8"


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """How a reader is loaded.

    Attributes:
        precision: The number format of its network, if it has one.
        base: The large reader's base encoder, a folder or a Hugging Face name; None for the one
            in the folder of models.
        models_dir: Folder of the models that do not ship.
        reread: Passages that a cascade's second stage reads at most, of those with the first's
            best spans.
    """

    precision: ReaderPrecision = ReaderPrecision.AUTO
    base: str | None = None
    models_dir: Path = Path("var/models")
    reread: int = 8


class Unit(StrEnum):
    """What a reader's spans are, which decides when one counts as right.

    - ``span``: the exact words of an answer;
    - ``sentence``: a whole sentence that holds them.
    """

    SPAN = "span"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """What a reader says of itself.

    Attributes:
        name: What its calibration is kept under.
        fingerprint: A hash that changes with anything that changes its scores.
        unit: What its spans are.
        reads_apart: Whether its spans of one passage depend on no other passage, so that they may
            be reused.
        own_weights: Whether it scores with weights of its own. One without them scores with
            whichever encoder is set, so the calibration that ships with it is for any fingerprint.
        breadth: Passages that it reads for each that is asked for, at least 1: a cascade's first
            stage is quick, and finds answers in passages that retrieval ranks lower.
    """

    name: str
    fingerprint: str
    unit: Unit
    reads_apart: bool
    own_weights: bool
    breadth: float = 1.0

    def passages_to_read(self, top_k: int) -> int:
        """How many passages to retrieve for it: ``breadth`` times ``top_k``, within a bound."""
        return max(top_k, min(_MOST_READ, round(self.breadth * top_k)))


@dataclass(frozen=True, slots=True)
class CascadeScores:
    """What the first stage of a cascade says of a span.

    Attributes:
        margin: Score minus null score of its best span of the same passage.
        answerable: Its log-odds that the passage answers the question.
        agreement: Share of the two spans' code points that both have, in [0, 1].
        read_twice: Whether the span and its other scores are the second stage's.
    """

    margin: float
    answerable: float
    agreement: float
    read_twice: bool


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span that may answer the question.

    Attributes:
        passage: Number of its passage, from 0.
        span: Its place in the article's text.
        score: Higher is better; comparable between the passages of one question.
        null_score: The score of "this passage does not say", on the same scale.
        answerable: Log-odds that the passage answers the question.
        cascade: What the first stage says, from a reader with two.
        of_another: Whether its text says it of another actor than the question asks about; not
            the reader's word, but `actors.governing`'s.
    """

    passage: int
    span: Span
    score: float
    null_score: float
    answerable: float
    cascade: CascadeScores | None = None
    of_another: bool = False

    @property
    def margin(self) -> float:
        """How far the score is above "this passage does not say"."""
        return self.score - self.null_score


def best_first(spans: Iterable[ScoredSpan]) -> list[ScoredSpan]:
    """Sort spans by score, the highest first; of equal scores by place."""
    return sorted(spans, key=lambda scored: (-scored.score, scored.passage, scored.span))


def move_spans(
    spans: Iterable[ScoredSpan], places: Callable[[ScoredSpan], Iterable[Span]]
) -> list[ScoredSpan]:
    """Put other places in the stead of each span, scored as it is; best first.

    Of equal spans the best stays.
    """
    moved: dict[tuple[int, Span], ScoredSpan] = {}
    for scored in spans:
        for place in places(scored):
            key = scored.passage, place
            if key not in moved or moved[key].score < scored.score:
                moved[key] = replace(scored, span=place)
    return best_first(moved.values())


def near_best(spans: Sequence[ScoredSpan], places: Sequence[Hashable], apart: float) -> list[bool]:
    """Tell of each span whether it scores at most ``apart`` below the best one of its place.

    Args:
        spans: What was read.
        places: Where each stands, such as its sentence; as many as spans.
        apart: A difference of scores.
    """
    best: dict[Hashable, float] = {}
    for scored, place in zip(spans, places, strict=True):
        best[place] = max(best.get(place, scored.score), scored.score)
    return [
        scored.score >= best[place] - apart for scored, place in zip(spans, places, strict=True)
    ]


class Reader(Protocol):
    """Finds the spans of passages that may answer a question."""

    @property
    def facts(self) -> ReaderFacts:
        """What it says of itself."""
        ...

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score spans of the passages, best first; every span lies in its passage's chunk."""
        ...


@runtime_checkable
class BatchReader(Protocol):
    """A reader that can also read for several questions at once, from several threads."""

    @property
    def facts(self) -> ReaderFacts:
        """What it says of itself."""
        ...

    @property
    def threads(self) -> int:
        """Processor threads that one call computes with by default."""
        ...

    def use_threads(self, count: int) -> None:
        """Compute with ``count`` processor threads in later calls from the calling thread."""
        ...

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        """Score spans for each question and its passages, best first."""
        ...


def check_spans(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> None:
    """Check that every span lies in its passage and is scored.

    Raises:
        ReaderError: If a span is empty, lies outside the passage that it names, or has a score
            that is not finite.
    """
    for scored in spans:
        scores = scored.score, scored.null_score, scored.answerable
        if not all(map(math.isfinite, scores)):
            raise ReaderError(
                f"span {tuple(scored.span)} of passage {scored.passage}: scores {scores}; "
                "expected finite ones"
            )
        if not 0 <= scored.passage < len(passages):
            raise ReaderError(
                f"span of passage {scored.passage}; expected 0 to {len(passages) - 1}"
            )
        chunk = passages[scored.passage].chunk
        if not chunk.start <= scored.span.start < scored.span.end <= chunk.end:
            raise ReaderError(
                f"span {tuple(scored.span)} of passage {scored.passage}; expected a part of "
                f"{(chunk.start, chunk.end)}"
            )
