"""The reader without a trained model: whole sentences, by embedding and shared words.

It cannot mark the exact words nor tell a sentence that answers from one on the same topic; it is
the fallback for languages and settings without a trained reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.question import question_terms, share_present, text_words
from api.answering.reading.reader import ScoredSpan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.embedding.encoder import Encoder
    from index.records import Passage

_COSINE_WEIGHT: Final = 0.6
_NULL: Final = 0.5


class SentenceReader:
    """Scores every sentence of the passages against the question.

    The score is a weighted mean of the cosine similarity of question and sentence (with the
    sentence's headings) and the share of the question's words that sentence or headings hold.
    """

    name = "sentence"

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def read(self, question: str, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score every sentence, best first; one that overlapping passages share, once."""
        sentences = {
            (passage.article.id, span): (index, passage)
            for index, passage in reversed(list(enumerate(passages)))
            for span in passage.chunk.sentences
        }
        if not sentences:
            return []
        words = question_terms(question).words
        texts = [
            passage.chunk.text[span.start - passage.chunk.start : span.end - passage.chunk.start]
            for (_, span), (_, passage) in sentences.items()
        ]
        contexts = [passage.chunk.context for _, passage in sentences.values()]
        vectors = self._encoder.encode_chunks(
            [f"{context}\n{text}" for context, text in zip(contexts, texts, strict=True)]
        )
        cosines = vectors @ self._encoder.encode_question(question)
        spans = []
        for (_, span), (index, _), text, context, cosine in zip(
            sentences, sentences.values(), texts, contexts, cosines, strict=True
        ):
            overlap = share_present(words, text_words(f"{context} {text}"))
            score = _COSINE_WEIGHT * float(cosine) + (1 - _COSINE_WEIGHT) * overlap
            spans.append(ScoredSpan(index, span, score, _NULL, score - _NULL))
        return sorted(spans, key=lambda found: (-found.score, found.passage, found.span))
