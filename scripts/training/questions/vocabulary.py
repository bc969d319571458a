"""Names, sentences, and which words and names are of the same kind."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from api.answering.words import STOP_WORDS

NAME = re.compile(r"\b[A-Z][\w’'-]*[\w](?:\s(?:(?:of|the|de|la|van|von)\s){0,2}[A-Z][\w’'-]*[\w])*")
# Capitalised because they begin a sentence.
_NOT_NAMES = frozenset(word.capitalize() for word in STOP_WORDS) | frozenset(
    "According Along Although Another Because Between Both However Must Only Other Since Three "
    "Today Two Until".split()
)
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Half-open (start, end) of each sentence, in code points; together they cover `text`."""
    cuts = [0, *(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if b > a]


def names_in(text: str) -> list[str]:
    """Capitalised names in order, without a leading question or function word."""
    names: list[str] = []
    for found in NAME.finditer(text):
        words = found[0].split()
        while words and words[0] in _NOT_NAMES:
            words.pop(0)
        while words and words[0] in ("of", "the", "de", "la", "van", "von"):
            words.pop(0)
        name = " ".join(words)
        if name.endswith(("'s", "’s")):
            name = name[:-2]
        if len(name) > 1 and name not in names:
            names.append(name)
    return names


def _ending(word: str) -> str:
    """A crude part of speech: the ending that inflects a word."""
    return next((end for end in ("ing", "ed", "ly", "ion", "est", "s") if word.endswith(end)), "")


class SimilarWords:
    """Nearest words and names by the mean of an encoder's static word-piece embeddings.

    table: (vocabulary, dim) float32 word-piece embeddings.
    """

    def __init__(self, tokenizer: Tokenizer, table: NDArray[np.float32]) -> None:
        self._tokenizer = tokenizer
        self._table = table - table.mean(axis=0)
        self._words: list[str] = []
        self._word_row: dict[str, int] = {}
        self._names: list[str] = []
        self._word_vectors = self.vectors([])
        self._name_vectors = self.vectors([])
        self._cache: dict[str, list[str]] = {}
        self._pool_rows: dict[str, NDArray[np.float32]] = {}

    def fit(self, questions: Iterable[str], names: Counter[str], *, least: int = 12) -> None:
        """Take the words of `questions` seen `least` times, and the commonest `names`."""
        count = Counter(w for text in questions for w in re.findall(r"\b[a-z]{4,}\b", text))
        self._words = [word for word, n in count.most_common() if n >= least]
        self._word_row = {word: row for row, word in enumerate(self._words)}
        self._word_vectors = self.vectors(self._words)
        self._names = [name for name, n in names.most_common(6000) if n >= 3]
        self._name_vectors = self.vectors(self._names)
        self._cache.clear()

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32, unit rows."""
        rows = np.zeros((len(texts), self._table.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = self._tokenizer.encode(text, add_special_tokens=False).ids
            if ids:
                mean = self._table[ids].mean(axis=0)
                rows[row] = mean / max(float(np.linalg.norm(mean)), 1e-6)
        return rows

    def knows(self, word: str) -> bool:
        """Whether `word` was fitted."""
        return word in self._word_row

    def like_word(self, word: str, count: int) -> list[str]:
        """The `count` nearest fitted words, best first, without forms of `word` itself."""
        if word not in self._cache:
            scores = self._word_vectors @ self._word_vectors[self._word_row[word]]
            order = [self._words[i] for i in np.argsort(-scores)[: 3 * count]]
            self._cache[word] = [
                other
                for other in order
                if other[:4] != word[:4]
                and other not in word
                and word not in other
                and _ending(other) == _ending(word)
            ]
        return self._cache[word][:count]

    def like_name(self, name: str, count: int) -> list[str]:
        """The `count` nearest of the commonest names, best first."""
        key = "\0" + name
        if key not in self._cache:
            scores = self._name_vectors @ self.vectors([name])[0]
            self._cache[key] = [self._names[i] for i in np.argsort(-scores)[: count + 1]]
        return [other for other in self._cache[key] if other != name][:count]

    def nearest(self, name: str, pool: Sequence[str], count: int) -> list[str]:
        """The `count` of `pool` nearest to `name`, best first."""
        if not pool:
            return []
        scores = self._pool(pool) @ self.vectors([name])[0]
        return [pool[i] for i in np.argsort(-scores)[:count]]

    def _pool(self, pool: Sequence[str]) -> NDArray[np.float32]:
        missing = [name for name in pool if name not in self._pool_rows]
        for name, row in zip(missing, self.vectors(missing), strict=True):
            self._pool_rows[name] = row
        return np.stack([self._pool_rows[name] for name in pool])
