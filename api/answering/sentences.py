"""The sentences of a passage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.records import Span

if TYPE_CHECKING:
    from index.records import Passage


def sentence_around(passage: Passage, span: Span) -> Span:
    """The sentence that holds a span, or the stretch of sentences that it runs over."""
    touched = [
        sentence
        for sentence in passage.chunk.sentences
        if sentence.start < span.end and span.start < sentence.end
    ]
    starts = [sentence.start for sentence in touched]
    ends = [sentence.end for sentence in touched]
    return Span(min([*starts, span.start]), max([*ends, span.end]))
