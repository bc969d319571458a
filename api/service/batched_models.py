"""Dynamic batching for the encoder and the reader.

Windows of many questions, sorted by length, need less padding than those of one. While several
questions wait, each processor thread reads a batch of its own, which wastes nothing on
synchronisation; a question alone is read by all of them together.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from api.answering.reading.reader import BatchReader
from api.service.batching import DynamicBatcher
from index.embedding.encoder import ChunkEncoder, WrappedEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ReaderFacts, ScoredSpan
    from api.service.models import Models
    from index.records import Passage

    Vectors = npt.NDArray[np.float32]


class BatchingReader:
    """A reader that reads the questions of several threads in one batch.

    Args:
        reader: Reads the batches, in as many workers as it has processor threads.
        max_batch: The most questions in one batch.
        batch_seconds: The longest that a batch of several questions should take.
    """

    def __init__(
        self, reader: BatchReader, max_batch: int = 16, batch_seconds: float = 2.0
    ) -> None:
        self._reader = reader
        self._batcher = DynamicBatcher(
            reader.read_many,
            "reader",
            workers=reader.threads,
            max_batch=max_batch,
            batch_seconds=batch_seconds,
            prepare=reader.use_threads,
        )

    @property
    def facts(self) -> ReaderFacts:
        """The facts of the reader behind it."""
        return self._reader.facts

    def close(self) -> None:
        """Fail the questions that are not being read yet; see `DynamicBatcher.close`."""
        self._batcher.close()

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score spans of the passages, best first, in a batch with those of other threads.

        Raises:
            GivenUpError: If the question had been given up when its turn came, or the reader is
                closed.
        """
        return self._batcher.compute((question, passages))


@runtime_checkable
class ManyEncoder(ChunkEncoder, Protocol):
    """An encoder that can embed several questions at once."""

    def use_threads(self, count: int) -> None:
        """Compute with ``count`` processor threads in later calls from the calling thread."""
        ...

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """Embed questions: ``(len(questions), dimension)`` float32, unit rows."""
        ...


class BatchingEncoder(WrappedEncoder):
    """An encoder that embeds the questions of several threads in one batch.

    Args:
        encoder: Embeds the batches, in one worker with one processor thread: questions are too
            short for several to gain anything.
        max_batch: The most questions in one batch.
    """

    def __init__(self, encoder: ManyEncoder, max_batch: int = 16) -> None:
        super().__init__(encoder)
        self._batcher: DynamicBatcher[str, Vectors] = DynamicBatcher(
            lambda questions: list(encoder.encode_questions(questions)),
            "encoder",
            max_batch=max_batch,
            prepare=encoder.use_threads,
        )

    def close(self) -> None:
        """Fail the questions that are not being embedded yet; see `DynamicBatcher.close`."""
        self._batcher.close()

    def encode_question(self, question: str) -> Vectors:
        """Embed one question, ``(dimension,)``, in a batch with those of other threads.

        Raises:
            GivenUpError: If the question had been given up when its turn came, or the encoder is
                closed.
        """
        return self._batcher.compute(question)


def batch_models(
    models: Models, max_batch: int
) -> tuple[Models, list[BatchingEncoder | BatchingReader]]:
    """Wrap the models that can take several questions at once.

    Args:
        models: The models in memory.
        max_batch: The most questions in one batch.

    Returns:
        The models to answer with, and the wrappers, to be closed in the end.
    """
    batching: list[BatchingEncoder | BatchingReader] = []
    encoder, reader = models.encoder, models.ranker.reader
    if isinstance(encoder, ManyEncoder):
        encoder = BatchingEncoder(encoder, max_batch)
        batching.append(encoder)
    if isinstance(reader, BatchReader):
        reader = BatchingReader(reader, max_batch)
        batching.append(reader)
    ranker = dataclasses.replace(models.ranker, reader=reader)
    return dataclasses.replace(models, encoder=encoder, ranker=ranker), batching
