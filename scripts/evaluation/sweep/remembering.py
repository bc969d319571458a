"""An encoder and a reader that cache their results."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.embedding.encoder import WrappedEncoder
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from api.answering.questions.question import Question
    from api.answering.reading.reader import Reader, ReaderFacts, ScoredSpan
    from index.embedding.encoder import Encoder
    from index.records import Passage

    Vectors = npt.NDArray[np.float32]


class _Embedded(NamedTuple):
    """A vector ``(dimension,)``, and its share of the seconds that its batch took."""

    vector: Vectors
    seconds: float


@dataclass
class EncodingTally:
    """The use of an encoder since the tally began.

    Attributes:
        embedded: Texts that were embedded.
        reused: Texts whose vectors were known.
        spent_seconds: What embedding took.
        charged_seconds: What it would have taken without reuse.
    """

    embedded: int = 0
    reused: int = 0
    spent_seconds: float = 0.0
    charged_seconds: float = 0.0


class RememberingEncoder(WrappedEncoder):
    """Embeds each text once, and keeps the cost with the vector.

    Args:
        encoder: Does the work; its vectors must depend on the text alone.
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder)
        self._encoder = encoder
        self._chunks: dict[str, _Embedded] = {}
        self._questions: dict[str, Vectors] = {}
        self.tally = EncodingTally()

    def encode_chunks(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be found: ``(len(texts), dimension)`` float32, unit rows."""
        lacking = [text for text in dict.fromkeys(texts) if text not in self._chunks]
        if lacking:
            started = time.perf_counter()
            vectors = self._encoder.encode_chunks(lacking)
            seconds = time.perf_counter() - started
            # The time of a batch goes with the length of its texts.
            share = seconds / max(1, sum(map(len, lacking)))
            for text, vector in zip(lacking, vectors, strict=True):
                self._chunks[text] = _Embedded(vector, share * len(text))
            self.tally.spent_seconds += seconds
        known = [self._chunks[text] for text in texts]
        self.tally.embedded += len(lacking)
        self.tally.reused += len(texts) - len(lacking)
        self.tally.charged_seconds += sum(one.seconds for one in known)
        if not known:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([one.vector for one in known])

    def encode_question(self, question: str) -> Vectors:
        """Embed one question: ``(dimension,)`` float32, of unit length."""
        if question not in self._questions:
            self._questions[question] = self._encoder.encode_question(question)
        return self._questions[question]


class RememberingReader:
    """Reads each passage for each question once.

    Args:
        reader: Does the work; what it finds in a passage must not depend on the other passages.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._found: dict[tuple[Question, str, str], list[ScoredSpan]] = {}

    @property
    def facts(self) -> ReaderFacts:
        """The facts of the reader that does the work."""
        return self._reader.facts

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score spans of the passages, best first; every span lies in its passage's chunk."""
        keys = [(question, passage.chunk.context, passage.chunk.text) for passage in passages]
        lacking = {
            key: passage
            for key, passage in zip(keys, passages, strict=True)
            if key not in self._found
        }
        if lacking:
            self._found |= {key: [] for key in lacking}
            order, asked = list(lacking), list(lacking.values())
            for found in self._reader.read(question, asked):
                start = asked[found.passage].chunk.start
                self._found[order[found.passage]].append(_moved(found, found.passage, -start))
        spans = [
            _moved(found, index, passage.chunk.start)
            for index, (key, passage) in enumerate(zip(keys, passages, strict=True))
            for found in self._found[key]
        ]
        return sorted(spans, key=lambda found: (-found.score, found.passage, found.span))


def _moved(found: ScoredSpan, passage: int, by: int) -> ScoredSpan:
    span = Span(found.span.start + by, found.span.end + by)
    return replace(found, passage=passage, span=span)
