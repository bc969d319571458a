"""The sentence reader: whole sentences, scored by embedding and shared words.

It needs no trained network, so it reads any language that the encoder knows. It does not mark the
exact words, nor tell a sentence that answers from one on the same topic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.reading.reader import ReaderFacts, ScoredSpan, Unit, best_first
from api.answering.words import share_present, text_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ReaderOptions
    from index.embedding.encoder import Encoder
    from index.records import Passage

_COSINE_WEIGHT: Final = 0.6
_NULL: Final = 0.5


class SentenceReader:
    """Scores every sentence of the passages against the question.

    The score is a weighted mean of two things: the cosine similarity of the question and the
    sentence under its headings, and the share of the question's words in sentence or headings.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def facts(self) -> ReaderFacts:
        """What it says of itself."""
        return ReaderFacts(
            name="sentence",
            fingerprint=self._encoder.fingerprint,
            unit=Unit.SENTENCE,
            reads_apart=False,  # a sentence that passages share is read once
            own_weights=False,
        )

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score every sentence, best first; a sentence that passages share is scored once."""
        sentences = {
            (passage.article.id, span): (index, passage)
            for index, passage in reversed(list(enumerate(passages)))
            for span in passage.chunk.sentences
        }
        if not sentences:
            return []
        texts = [passage.chunk.words(span) for (_, span), (_, passage) in sentences.items()]
        contexts = [passage.chunk.context for _, passage in sentences.values()]
        vectors = self._encoder.encode_chunks(
            [f"{context}\n{text}" for context, text in zip(contexts, texts, strict=True)]
        )
        cosines = vectors @ self._encoder.encode_question(question.text)
        spans = []
        for (_, span), (index, _), text, context, cosine in zip(
            sentences, sentences.values(), texts, contexts, cosines, strict=True
        ):
            overlap = share_present(question.words, text_words(f"{context} {text}"))
            score = _COSINE_WEIGHT * float(cosine) + (1 - _COSINE_WEIGHT) * overlap
            spans.append(ScoredSpan(index, span, score, _NULL, score - _NULL))
        return best_first(spans)


def load(folder: Path, encoder: Encoder, options: ReaderOptions) -> SentenceReader:  # noqa: ARG001
    """Make the reader with the encoder in use; see `registry.ReaderLoader`."""
    return SentenceReader(encoder)
