"""Reading each passage once for several depths, with the processor time that each passage took."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from api.answering.reading.reader import best_first

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.questions.question import Question
    from api.answering.reading.reader import BatchReader, ReaderFacts, ScoredSpan
    from index.records import Passage

    Reading = tuple[list[ScoredSpan], float]


@dataclass(slots=True)
class ReadOnce:
    """A reader that reads a passage for the same question once, however often it is asked to.

    Attributes:
        reader: Reads; its spans of a passage depend on no other passage.
        clock: The processor time so far, in seconds.
        seconds: What reading all passages that it was asked to read would have taken.
    """

    reader: BatchReader
    clock: Callable[[], float] = time.process_time
    seconds: float = 0.0
    _kept: dict[tuple[str, int], Reading] = field(default_factory=dict)

    @property
    def facts(self) -> ReaderFacts:
        """What the reader says of itself."""
        return self.reader.facts

    @property
    def threads(self) -> int:
        """Processor threads that one call computes with by default."""
        return self.reader.threads

    def use_threads(self, count: int) -> None:
        """Compute with ``count`` processor threads in later calls from the calling thread."""
        self.reader.use_threads(count)

    def forget(self) -> None:
        """Forget what was read."""
        self._kept.clear()

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score the best spans of every passage, best first."""
        unread = [
            passage for passage in passages if (question.text, passage.chunk_id) not in self._kept
        ]
        if unread:
            began = self.clock()
            (spans,) = self.reader.read_many([(question, unread)])
            share = (self.clock() - began) / len(unread)
            for index, passage in enumerate(unread):
                own = [span for span in spans if span.passage == index]
                self._kept[question.text, passage.chunk_id] = own, share
        read = [self._kept[question.text, passage.chunk_id] for passage in passages]
        self.seconds += sum(seconds for _, seconds in read)
        return best_first(
            replace(span, passage=index) for index, (own, _) in enumerate(read) for span in own
        )

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        """Score spans for each question and its passages, best first."""
        return [self.read(question, passages) for question, passages in questions]
