"""The trained reader behind the reader protocol: spans of passages as spans of their articles."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.answering.reading.reader import ReaderPrecision, ScoredSpan
from api.answering.reading.span_reader import ReadablePassage, SpanReader
from index.embedding.torch_threads import TorchThreads
from index.errors import ReaderError
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reading.span_reader import PassageReading
    from index.records import Passage

SHIPPED_MODEL: Final = Path(__file__).parent / "model"


def model_fingerprint(folder: Path) -> str:
    """Hash the weights and the configuration of a reader, in 16 hex digits.

    Raises:
        ReaderError: If a file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for path in sorted([*folder.glob("*.safetensors"), *folder.glob("*.bin")]):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        digest.update((folder / "config.json").read_bytes())
    except OSError as error:
        raise ReaderError(f"reader '{folder}': {error.filename}: {error.strerror}") from error
    return digest.hexdigest()[:16]


class TrainedReader:
    """Reads passages, with title and headings as context, with a span-extraction network.

    Args:
        folder: A reader trained by `scripts.train_reader`, or any Hugging Face extractive
            question-answering model.
        base: The sentence-transformers folder that a reader of ours takes word embeddings from.
        precision: What it computes in.

    Raises:
        ReaderError: If there is no such model.
    """

    name = "span"

    def __init__(
        self, folder: Path, base: Path, precision: ReaderPrecision = ReaderPrecision.FLOAT32
    ) -> None:
        try:
            self._reader = SpanReader.load(folder, base, precision)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ReaderError(
                f"reader '{folder}': expected the folder of a reader; "
                f"{' '.join(str(error).split())[:300]}"
            ) from error
        self._threads = TorchThreads()

    @property
    def threads(self) -> int:
        """How many threads of the processor it computes with where nobody says otherwise."""
        return self._threads.count

    def use_threads(self, count: int) -> None:
        """Compute with so many threads of the processor whatever this thread reads from now on."""
        self._threads.use(count)

    def read(self, question: str, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score the best spans of every passage, best first."""
        return self.read_many([(question, passages)])[0]

    def read_many(self, asked: Sequence[tuple[str, Sequence[Passage]]]) -> list[list[ScoredSpan]]:
        """Score the best spans of every passage of each question, in shared batches."""
        self._threads.begin()
        readings = iter(
            self._reader.read_many(
                [
                    (question, ReadablePassage(passage.chunk.text, passage.chunk.context))
                    for question, passages in asked
                    for passage in passages
                ]
            )
        )
        return [_spans(passages, [next(readings) for _ in passages]) for _, passages in asked]


def _spans(passages: Sequence[Passage], readings: Sequence[PassageReading]) -> list[ScoredSpan]:
    """Place what was read of each passage in its article, best first."""
    spans = [
        ScoredSpan(
            passage=index,
            span=Span(passage.chunk.start + found.start, passage.chunk.start + found.end),
            score=found.score,
            null_score=found.null_score,
            answerable=reading.answerable,
        )
        for index, (passage, reading) in enumerate(zip(passages, readings, strict=True))
        for found in reading.spans
    ]
    return sorted(spans, key=lambda found: (-found.score, found.passage, found.span))
