"""Texts as short as questions, cut from chunks: what a vector index is tuned with.

Vectors of whole chunks lie close to one another; those of questions do not. An index tuned to find
the neighbours of chunks looks into too few lists for questions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.records import Chunk

TUNING_QUESTIONS: Final = 300
_WORDS: Final = 8


def spread(count: int, most: int = TUNING_QUESTIONS) -> range:
    """Numbers below `count`, evenly apart, at most `most` of them."""
    return range(0, count, max(1, -(-count // most)))


def tuning_questions(chunks: Iterable[Chunk]) -> Iterator[str]:
    """Cut a run of words out of the middle of the longest sentence of each chunk."""
    for chunk in chunks:
        longest = max(chunk.sentences, key=lambda span: span.end - span.start, default=None)
        if longest is None:
            continue
        words = chunk.text[longest.start - chunk.start : longest.end - chunk.start].split()
        first = max(0, (len(words) - _WORDS) // 2)
        if words:
            yield " ".join(words[first : first + _WORDS])
