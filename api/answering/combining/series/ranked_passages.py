"""The passages ranked for a question: those that it reads, and those after them, loaded once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.records import Chunk, Filters, Passage
    from index.retriever import Retrieval, Retriever

SURE_ENOUGH: Final = 0.1
"""The confidence from which an answer is worth a look into further articles."""
MOST_ARTICLES: Final = 12
"""Articles with figures like the answer's, that are looked through for the asked names."""
MOST_FIGURES: Final = 12
"""Figures of a passage that are looked at."""
_FURTHER: Final = 64  # chunks


class RankedPassages:
    """What was retrieved for a question, and what was ranked after that.

    Args:
        retrieval: What was retrieved.
        retriever: Loads what comes after it.
        filters: What articles must pass.
    """

    def __init__(self, retrieval: Retrieval, retriever: Retriever, filters: Filters) -> None:
        self.read = retrieval.passages
        self._runners_up = retrieval.runners_up
        self._retriever = retriever
        self._filters = filters

    @cached_property
    def further(self) -> list[Passage]:
        """The passages after those that are read, best first; loaded when first looked at."""
        return self._retriever.load(self._runners_up[:_FURTHER], self._filters)

    def chunks_of(self, article_id: str) -> Sequence[Chunk]:
        """The chunks of an article, in order."""
        return self._retriever.generation.articles.chunks_of(article_id)
