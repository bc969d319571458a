"""The cascade: a small reader reads all passages, a large one those of its best spans."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.answering.errors import ReaderError
from api.answering.reading import trained_reader
from api.answering.reading.configuration import CASCADE, CONFIG_FILE, write_config
from api.answering.reading.reader import CascadeScores, ReaderFacts, Unit, best_first
from index.field_faults import first_fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.answering.questions.question import Question
    from api.answering.reading.reader import BatchReader, ReaderOptions, ScoredSpan
    from index.embedding.encoder import Encoder
    from index.records import Passage

_AT_FIRST: Final = 2  # passages that the second stage reads before it sees whether it is sure


class CascadeConfig(BaseModel):
    """The configuration of a cascade.

    Attributes:
        first: Folder of the small reader, from that of the cascade.
        second: Folder of the large reader.
        sure_margin: Score minus null score of the first stage's best span from which the second
            reads nothing; None if it always reads. Fitted by `scripts.calibrate_reader`.
        enough_margin: The same of the second reader's best span in the first two passages that
            it reads, from which it reads no further one; None if it reads them all.
        breadth: Passages that the first stage reads for each that is asked for.
        format: Tells it from other readers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    first: Path
    second: Path
    sure_margin: float | None = None
    enough_margin: float | None = None
    breadth: float = Field(default=1.0, ge=1, le=10)
    format: Literal["article-qa-cascade-1"] = CASCADE

    @classmethod
    def load(cls, folder: Path) -> CascadeConfig:
        """Load the configuration in a folder.

        Raises:
            ReaderError: If it is missing or malformed.
        """
        path = folder / CONFIG_FILE
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise ReaderError(f"{path}: {error.strerror}") from error
        except ValidationError as error:
            raise ReaderError(f"{path}: {first_fault(error)}") from error

    def save(self, folder: Path) -> None:
        """Write the configuration into a folder."""
        write_config(folder, self.model_dump(mode="json"))


@dataclass(frozen=True, slots=True)
class CascadeReader:
    """Reads in two stages.

    Spans of a passage that was read twice are the second stage's, with its scores. Those of the
    other passages are the first's, moved below: the best of them gets no higher score than the
    best span of any passage read twice, and its null score moves with it, so that its margin stays.

    Attributes:
        first: Reads all passages.
        second: Reads the passages of the first stage's best spans.
        reread: How many passages that is, at most; 0 for the first stage alone.
        sure_margin: See `CascadeConfig`.
        enough_margin: See `CascadeConfig`.
        breadth: See `CascadeConfig`.
    """

    first: BatchReader
    second: BatchReader
    reread: int
    sure_margin: float | None
    enough_margin: float | None = None
    breadth: float = 1.0

    @property
    def facts(self) -> ReaderFacts:
        """What it says of itself."""
        margins = (self.sure_margin, self.enough_margin)
        parts = (self.first.facts.fingerprint, self.second.facts.fingerprint, *margins)
        return ReaderFacts(
            name="cascade",
            fingerprint=hashlib.sha256(repr(parts).encode()).hexdigest()[:16],
            unit=Unit.SPAN,
            reads_apart=False,  # which passages are read twice depends on the others
            own_weights=True,
            breadth=self.breadth,
        )

    @property
    def threads(self) -> int:
        """Processor threads that one call computes with by default."""
        return self.first.threads

    def use_threads(self, count: int) -> None:
        """Compute with ``count`` processor threads in later calls from the calling thread."""
        self.first.use_threads(count)
        self.second.use_threads(count)

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score the best spans of every passage, best first."""
        return self.read_many([(question, passages)])[0]

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        """Score the best spans of every passage of each question, each stage in shared batches."""
        first = self.first.read_many(questions)
        chosen = [self._to_reread(spans) for spans in first]
        at_first = self.reread if self.enough_margin is None else _AT_FIRST
        second = self._read_again(questions, [indexes[:at_first] for indexes in chosen])
        further = self._read_again(
            questions,
            [
                [] if self._is_enough(spans) else indexes[at_first:]
                for spans, indexes in zip(second, chosen, strict=True)
            ],
        )
        return [
            _combined(once, [*twice, *more])
            for once, twice, more in zip(first, second, further, strict=True)
        ]

    def _read_again(
        self,
        questions: Sequence[tuple[Question, Sequence[Passage]]],
        chosen: Sequence[Sequence[int]],
    ) -> list[list[ScoredSpan]]:
        """The second stage's spans of the chosen passages of each question, numbered as all are."""
        if not any(chosen):
            return [[] for _ in chosen]
        asked = [
            (question, [passages[index] for index in indexes])
            for (question, passages), indexes in zip(questions, chosen, strict=True)
        ]
        return [
            [replace(span, passage=indexes[span.passage]) for span in spans]
            for spans, indexes in zip(self.second.read_many(asked), chosen, strict=True)
        ]

    def _to_reread(self, spans: Sequence[ScoredSpan]) -> list[int]:
        """The passages with the best spans, by margin; none if the best is sure enough."""
        best = sorted(spans, key=lambda span: (-span.margin, span.passage))
        if self.sure_margin is not None and best and best[0].margin >= self.sure_margin:
            return []
        return list(dict.fromkeys(span.passage for span in best))[: self.reread]

    def _is_enough(self, second: Sequence[ScoredSpan]) -> bool:
        """Whether the second stage is sure of what it has read so far."""
        if self.enough_margin is None:
            return False
        return any(span.margin >= self.enough_margin for span in second)


def _combined(first: Sequence[ScoredSpan], second: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    """The spans of both stages on one scale, each with what the first stage says, best first."""
    best: dict[int, ScoredSpan] = {}
    for span in sorted(first, key=lambda span: span.margin, reverse=True):
        best.setdefault(span.passage, span)
    top: dict[int, float] = {}
    for span in second:
        top[span.passage] = max(span.score, top.get(span.passage, span.score))
    once = [span for span in first if span.passage not in top]
    drop = 0.0
    if once and top:
        drop = max(0.0, max(span.score for span in once) - min(top.values()))
    spans = [
        *(replace(span, cascade=_scores(span, best, read_twice=True)) for span in second),
        *(
            replace(
                span,
                score=span.score - drop,
                null_score=span.null_score - drop,
                cascade=_scores(span, best, read_twice=False),
            )
            for span in once
        ),
    ]
    return best_first(spans)


def _scores(
    span: ScoredSpan, best: Mapping[int, ScoredSpan], *, read_twice: bool
) -> CascadeScores | None:
    """What the first stage's best span of the same passage says of a span."""
    own = best.get(span.passage)
    if own is None:
        return None
    shared = min(span.span.end, own.span.end) - max(span.span.start, own.span.start)
    either = max(span.span.end, own.span.end) - min(span.span.start, own.span.start)
    agreement = max(0, shared) / either
    return CascadeScores(own.margin, own.answerable, agreement, read_twice)


def load(folder: Path, encoder: Encoder, options: ReaderOptions) -> CascadeReader:
    """Load the cascade in a folder; see `registry.ReaderLoader`."""
    config = CascadeConfig.load(folder)
    first = trained_reader.load((folder / config.first).resolve(), encoder, options)
    second = trained_reader.load((folder / config.second).resolve(), encoder, options)
    return CascadeReader(
        first=first,
        second=second,
        reread=options.reread,
        sure_margin=config.sure_margin,
        enough_margin=config.enough_margin,
        breadth=config.breadth,
    )
