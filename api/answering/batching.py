"""Reading for several questions in shared batches.

Windows of many questions, sorted by length, need less padding than those of one, and fill the
processor better. Nobody is made to wait for a batch to fill: while one is read, the questions that
come meanwhile gather for the next. None of a batch has its answer before all of it is read, so a
batch holds no more than can be read in a short time, as the ones before have shown.
"""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from index.errors import GivenUpError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reader import ScoredSpan
    from index.records import Passage

# Set by whoever runs a question in a thread: once the event is set, nobody waits for it.
given_up: ContextVar[threading.Event | None] = ContextVar("given_up", default=None)


@runtime_checkable
class ManyReader(Protocol):
    """A reader that can read for several questions at once."""

    @property
    def name(self) -> str:
        """What the calibration of its confidence is kept under."""
        ...

    def read_many(self, asked: Sequence[tuple[str, Sequence[Passage]]]) -> list[list[ScoredSpan]]:
        """Score spans for each question and its passages, best first."""
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    passages: Sequence[Passage]
    given_up: threading.Event | None
    spans: Future[list[ScoredSpan]] = field(default_factory=Future)

    @property
    def pointless(self) -> bool:
        return self.given_up is not None and self.given_up.is_set()


class BatchingReader:
    """A reader that gathers what several threads ask it and reads that together.

    Args:
        reader: What reads; only one thread ever calls it.
        most: The most questions in one batch.
        batch_seconds: How long reading one batch should take at most, where it holds several.
    """

    def __init__(self, reader: ManyReader, most: int = 16, batch_seconds: float = 2.0) -> None:
        self._reader = reader
        self._most = most
        self._batch_seconds = batch_seconds
        self._question_seconds = 0.0
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._asking = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="reader", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        """The name of the reader behind it."""
        return self._reader.name

    def close(self) -> None:
        """Read what was asked so far, then end the thread; whoever asks later is given up."""
        with self._asking:
            self._closed = True
            self._asked.put(None)
        self._thread.join()

    def read(self, question: str, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score spans of the passages, best first, together with what others ask meanwhile.

        Raises:
            GivenUpError: If nobody waited for the question any more when its turn came, or the
                reader was closed.
        """
        asked = _Asked(question, passages, given_up.get())
        with self._asking:
            if self._closed:
                raise GivenUpError("the service has ended")
            self._asked.put(asked)
        return asked.spans.result()

    def _work(self) -> None:
        while (first := self._asked.get()) is not None:
            batch, open_still = [first], True
            while len(batch) < self._fitting() and not self._asked.empty():
                following = self._asked.get()
                if following is None:
                    open_still = False
                    break
                batch.append(following)
            started = time.perf_counter()
            self._read(batch)
            self._question_seconds = (time.perf_counter() - started) / len(batch)
            if not open_still:
                return

    def _fitting(self) -> int:
        """How many questions can be read in time, if they take as long as those before."""
        fitting = self._batch_seconds / max(self._question_seconds, 1e-9)
        return int(min(self._most, max(1, fitting)))

    def _read(self, batch: Sequence[_Asked]) -> None:
        for asked in batch:
            if asked.pointless and not asked.spans.done():
                asked.spans.set_exception(GivenUpError("nobody waits for this question any more"))
        wanted = [asked for asked in batch if not asked.spans.done()]
        if not wanted:
            return
        try:
            found = self._reader.read_many([(asked.question, asked.passages) for asked in wanted])
            for asked, spans in zip(wanted, found, strict=True):
                asked.spans.set_result(spans)
        except Exception as error:  # noqa: BLE001 - it is raised again where the question was asked
            if len(wanted) == 1:
                wanted[0].spans.set_exception(error)
                return
            for asked in wanted:  # so that only the question at fault fails
                self._read([asked])
