"""Generated texts with the words and word frequencies of a real corpus."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

from index.loading.articles import load_articles
from index.loading.corpus_folder import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WORD: Final = re.compile(r"\w+")
_BLOCK: Final = 10_000
_SENTENCE: Final = 10  # words


class WordSource:
    """Draws words from the articles of a corpus folder."""

    def __init__(self, corpus: Path) -> None:
        counts = Counter(
            word
            for article in load_articles(corpus)
            if not isinstance(article, Skipped)
            for word in _WORD.findall(article.text)
        )
        self._words = np.array(list(counts), dtype=np.str_)
        shares = np.array(list(counts.values()), dtype=np.float64)
        self._shares = shares / shares.sum()

    def texts(self, generator: np.random.Generator, count: int, length: int) -> Iterator[str]:
        """Make texts of a number of words each, in sentences of ten words."""
        for start in range(0, count, _BLOCK):
            drawn = generator.choice(
                self._words, size=(min(_BLOCK, count - start), length), p=self._shares
            )
            for row in drawn.tolist():
                yield " ".join(
                    " ".join(row[at : at + _SENTENCE]).capitalize() + "."
                    for at in range(0, length, _SENTENCE)
                )
