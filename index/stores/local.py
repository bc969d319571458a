"""The local backend: SQLite, FAISS and tantivy files in one generation's folder.

Filters become sorted chunk ids once a question, for both searches; the ids stay in here.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import cachetools
import numpy as np

from index.records import NO_FILTERS, Filters, Hit
from index.stores.article_store import ArticleStore
from index.stores.backend import Nearest
from index.stores.lexical import LexicalStore
from index.stores.name_store import NameStore
from index.stores.vector_store import FaissStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

ARTICLES_FILE: Final = "articles.sqlite"
VECTORS_FILE: Final = "vectors.faiss"
LEXICAL_FOLDER: Final = "lexical"
NAMES_FOLDER: Final = "names"
# Weight of a word in title or headings against one in the text: tuned together with the fusion,
# see `scripts.evaluate_retrieval`.
CONTEXT_WEIGHT: Final = 0.3
_CACHED_BYTES: Final = 64 * 1024 * 1024  # of chunk ids, 8 bytes each


class LocalBackend:
    """The stores of one generation's folder.

    Args:
        folder: The folder that a build wrote.
        language: ISO 639 code that the words were analysed with.

    Raises:
        IndexCorruptError: If a file is missing or unreadable.
    """

    def __init__(self, folder: Path, language: str) -> None:
        self.articles = ArticleStore(folder / ARTICLES_FILE)
        passing = PassingChunks(self.articles)
        self.vectors = FilteredVectors(FaissStore.open(folder / VECTORS_FILE), passing)
        self.lexical = FilteredLexical(
            LexicalStore(folder / LEXICAL_FOLDER, language, context_weight=CONTEXT_WEIGHT), passing
        )
        self.names = open_names(folder)

    def close(self) -> None:
        """Close what holds files open; the stores cannot be used afterwards."""
        self.articles.close()


def open_names(folder: Path) -> NameStore | None:
    """Open the names of a generation's folder; those of earlier versions have none.

    Raises:
        IndexCorruptError: If a file is missing or unreadable.
    """
    names = folder / NAMES_FOLDER
    return NameStore(names) if names.is_dir() else None


class PassingChunks:
    """The ids of the chunks that pass filters, kept for the searches and questions that follow."""

    def __init__(self, articles: ArticleStore) -> None:
        self._articles = articles
        self._lock = threading.Lock()
        self._ids: cachetools.LRUCache[Filters, Ids] = cachetools.LRUCache(
            _CACHED_BYTES, getsizeof=lambda ids: ids.nbytes
        )

    def of(self, filters: Filters) -> Ids | None:
        """Give sorted ids, or None where all chunks pass."""
        with self._lock:
            ids = self._ids.get(filters)
        if ids is None:
            ids = self._articles.allowed_chunks(filters)
            if ids is not None and ids.nbytes <= _CACHED_BYTES:
                with self._lock:
                    self._ids[filters] = ids
        return ids


class FilteredVectors:
    """Dense search under filters."""

    def __init__(self, store: FaissStore, passing: PassingChunks) -> None:
        self._store = store
        self._passing = passing

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._store.dimension

    def __len__(self) -> int:
        return len(self._store)

    def search(self, vector: Vectors, limit: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """Find the nearest chunks; see `index.stores.backend.DenseSearch.search`."""
        return self._store.search(vector, limit, self._passing.of(filters))

    def similarities(self, vector: Vectors, chunk_ids: Sequence[int]) -> list[float]:
        """Compute the cosine similarity of one vector and each of the given chunks."""
        return self._store.similarities(vector, chunk_ids)

    def nearest(
        self,
        vector: Vectors,
        limit: int,
        filters: Filters = NO_FILTERS,
        also: Sequence[int] = (),
        *,
        lost: frozenset[int] = frozenset(),
    ) -> Nearest:
        """Find the nearest chunks; see `index.stores.backend.DenseSearch.nearest`."""
        del lost  # of a fleet
        cosines = {hit.chunk_id: hit.score for hit in self.search(vector, limit, filters)}
        lacking = [chunk_id for chunk_id in also if chunk_id not in cosines]
        cosines.update(zip(lacking, self.similarities(vector, lacking), strict=True))
        return Nearest(cosines)

    def vectors(self) -> Vectors:
        """Copy out all vectors, as they are stored; see `FaissStore.vectors`."""
        return self._store.vectors()


class FilteredLexical:
    """BM25 search under filters."""

    def __init__(self, store: LexicalStore, passing: PassingChunks) -> None:
        self._store = store
        self._passing = passing

    def __len__(self) -> int:
        return len(self._store)

    def has_together(self, words: Sequence[str]) -> bool:
        """Whether one chunk, with its title and headings, holds all of some words."""
        return self._store.has_together(words)

    def search(self, question: str, limit: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """Find the chunks with the best words; see `index.stores.backend.LexicalSearch.search`."""
        passing = self._passing.of(filters)
        if passing is None:
            return self._store.search(question, limit)
        if not len(passing):
            return []
        hits = self._store.search(question, limit, filters)
        ids = np.array([hit.chunk_id for hit in hits], dtype=np.int64)
        nearest = passing[np.minimum(np.searchsorted(passing, ids), len(passing) - 1)]
        # The store lets a chunk pass whose article meets one filter and a copy of it another.
        kept = [hit for hit, passes in zip(hits, nearest == ids, strict=True) if passes]
        return [Hit(hit.chunk_id, hit.score, rank) for rank, hit in enumerate(kept, start=1)]
