"""The sentences of a passage, and the one before where a sentence is not clear without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.records import Chunk, Passage

# What a sentence begins with whose subject stands in the one before.
_REFERRING_BACK: Final = re.compile(
    r"""[\s"'“‘«(\[]*
    (?:(?:and|but|yet|so|still|then|also|however|meanwhile|moreover|instead|nevertheless
        |as\ a\ result|in\ addition|at\ the\ same\ time|in\ (?:return|turn))\b,?\s+)?
    (?:he|she|it|they|we|this|that|these|those|his|her|its|their|such|both|neither|either
        |each|together|combined|all\ (?:of\ them|three|four|five)
        |the\ (?:former|latter|same|two|pair
            |company|companies|firm|firms|group|bank|business|agency|authority|ministry|regulator
            |carmaker|airline|retailer|maker|start-?up|lender|insurer|union|party|deal|merger
            |acquisition|agreement|plan|project|move|decision|figure|amount|sum|money|rise
            |increase|fall|drop|investment|spending))(?:['’]s)?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DATELINE: Final = re.compile(
    r"\A[A-Z][A-Z.'’ -]+(?:,[^()\n]{0,40})?(?:\s\([^()\n]{2,40}\))?\s[–—-]\s"
)


def refers_back(sentence: str) -> bool:
    """Whether a sentence begins with a pronoun, "together", "the company" or the like."""
    return _REFERRING_BACK.match(sentence) is not None


def sentence_before(
    chunk: Chunk, start: int, chunks_of_article: Callable[[], Sequence[Chunk]]
) -> Span | None:
    """The sentence before an offset in a chunk, under the same headings; None if there is none.

    Args:
        chunk: The chunk.
        start: Where a sentence of the chunk begins.
        chunks_of_article: Loads the chunks of its article; called only where the chunk begins with
            that sentence.
    """
    earlier = [span for span in chunk.sentences if span.end <= start]
    if not earlier and chunk.start > 0:
        earlier = [
            span
            for other in chunks_of_article()
            if other.context == chunk.context
            for span in other.sentences
            if span.end <= start
        ]
    return max(earlier, key=lambda span: span.end, default=None)


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


def dateline_end(passage: Passage) -> int:
    """Where the dateline of a passage ends: "WEXCOMBE, May 3 (Wire) - "; its start without one."""
    match = _DATELINE.match(passage.chunk.text)
    return passage.chunk.start + (0 if match is None else match.end())
