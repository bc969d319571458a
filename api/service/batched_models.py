"""Encoding and reading for several questions in shared batches, by few threads.

Windows of many questions, sorted by length, need less padding than those of one. While several
questions wait, each thread of the processor reads a batch of its own, which wastes nothing on
agreeing with the others; a question alone is read by all of them together.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from api.service.batching import Gathering
from index.embedding.encoder import ChunkEncoder, WrappedEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from api.answering.reading.reader import ScoredSpan
    from api.service.models import Models
    from index.records import Passage

    Vectors = npt.NDArray[np.float32]


@runtime_checkable
class ManyReader(Protocol):
    """A reader that can read for several questions at once, in several threads."""

    @property
    def name(self) -> str:
        """What the calibration of its confidence is kept under."""
        ...

    @property
    def threads(self) -> int:
        """How many threads of the processor it computes with where nobody says otherwise."""
        ...

    def use_threads(self, count: int) -> None:
        """Compute with so many threads of the processor whatever this thread reads from now on."""
        ...

    def read_many(self, asked: Sequence[tuple[str, Sequence[Passage]]]) -> list[list[ScoredSpan]]:
        """Score spans for each question and its passages, best first."""
        ...


class BatchingReader:
    """A reader that gathers what several threads ask it and reads that together.

    Args:
        reader: What reads; called by as many threads as it would compute with.
        most: The most questions in one batch.
        batch_seconds: How long reading one batch should take at most, where it holds several.
    """

    def __init__(self, reader: ManyReader, most: int = 16, batch_seconds: float = 2.0) -> None:
        self._reader = reader
        self._asked = Gathering(
            reader.read_many,
            "reader",
            lanes=reader.threads,
            most=most,
            batch_seconds=batch_seconds,
            prepare=reader.use_threads,
        )

    @property
    def name(self) -> str:
        """The name of the reader behind it."""
        return self._reader.name

    def close(self) -> None:
        """Give up whatever is not being read yet; see `Gathering.close`."""
        self._asked.close()

    def read(self, question: str, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score spans of the passages, best first, together with what others ask meanwhile.

        Raises:
            GivenUpError: If nobody waited for the question any more when its turn came, or the
                reader was closed.
        """
        return self._asked.ask((question, passages))


@runtime_checkable
class ManyEncoder(ChunkEncoder, Protocol):
    """An encoder that can embed several questions at once."""

    def use_threads(self, count: int) -> None:
        """Compute with so many threads of the processor whatever this thread embeds from now on."""
        ...

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """Embed questions: ``(len(questions), dimension)`` float32, unit rows."""
        ...


class BatchingEncoder(WrappedEncoder):
    """An encoder that gathers questions of several threads and embeds them together.

    Args:
        encoder: What embeds; one thread calls it with questions, with one thread of the
            processor: a question is too short for several to gain anything.
        most: The most questions in one batch.
    """

    def __init__(self, encoder: ManyEncoder, most: int = 16) -> None:
        super().__init__(encoder)
        self._asked: Gathering[str, Vectors] = Gathering(
            lambda questions: list(encoder.encode_questions(questions)),
            "encoder",
            most=most,
            prepare=encoder.use_threads,
        )

    def close(self) -> None:
        """Give up whatever is not being embedded yet; see `Gathering.close`."""
        self._asked.close()

    def encode_question(self, question: str) -> Vectors:
        """Embed one question, ``(dimension,)``, together with what others ask meanwhile.

        Raises:
            GivenUpError: If nobody waited for the question any more when its turn came, or the
                encoder was closed.
        """
        return self._asked.ask(question)


def batch_models(
    models: Models, most: int
) -> tuple[Models, list[BatchingEncoder | BatchingReader]]:
    """Batch the questions of all requests for the models that can take several at once.

    Args:
        models: The models to wrap.
        most: The most questions in one batch.

    Returns:
        The models to answer with, and what is to be closed in the end.
    """
    batching: list[BatchingEncoder | BatchingReader] = []
    encoder, reader = models.encoder, models.reader
    if isinstance(encoder, ManyEncoder):
        encoder = BatchingEncoder(encoder, most)
        batching.append(encoder)
    if isinstance(reader, ManyReader):
        reader = BatchingReader(reader, most)
        batching.append(reader)
    return dataclasses.replace(models, encoder=encoder, reader=reader), batching
