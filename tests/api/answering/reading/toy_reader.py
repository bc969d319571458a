"""A reader of one's own: the last word of every sentence, the shortest sentence first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.reading.reader import ReaderFacts, ScoredSpan, Unit
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ReaderOptions
    from index.embedding.encoder import Encoder
    from index.records import Passage


class ToyReader:
    facts = ReaderFacts("toy", "1", Unit.SPAN, reads_apart=True, own_weights=True)

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        spans = []
        for index, passage in enumerate(passages):
            chunk = passage.chunk
            for sentence in chunk.sentences:
                text = chunk.words(sentence)
                words = text.split()
                if words:
                    start = sentence.start + text.rindex(words[-1])
                    span = Span(start, start + len(words[-1]))
                    spans.append(ScoredSpan(index, span, -len(text), 0.0, 0.0))
        return sorted(spans, key=lambda scored: (-scored.score, scored.passage, scored.span))


def load(folder: Path, encoder: Encoder, options: ReaderOptions) -> ToyReader:
    return ToyReader()
