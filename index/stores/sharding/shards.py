"""The shards of a fleet: what one is asked, and asking several of them.

What is asked is a record that is called with the shard, so that it can be sent to another process.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from index.errors import IndexCorruptError
from index.records import NO_FILTERS, Filters
from index.stores.article_store import ArticleStore
from index.stores.local import ARTICLES_FILE, VECTORS_FILE, FilteredVectors, PassingChunks
from index.stores.vector_store import FaissStore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from index.records import Article, ArticleInfo, Chunk, Hit

    Vectors = npt.NDArray[np.float32]

_LOGGER = logging.getLogger(__name__)
_Reply = TypeVar("_Reply")
_Reply_co = TypeVar("_Reply_co", covariant=True)


class Shard:
    """The articles and vectors of a shard, opened; ids of chunks are its own.

    Args:
        folder: The shard's folder.

    Attributes:
        articles: Its articles and chunks.

    Raises:
        IndexCorruptError: If a file is missing or unreadable.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.articles = ArticleStore(folder / ARTICLES_FILE)

    @cached_property
    def vectors(self) -> FilteredVectors:
        """Its vectors, opened on first use: a build that reads its articles needs none."""
        return FilteredVectors(
            FaissStore.open(self._folder / VECTORS_FILE), PassingChunks(self.articles)
        )

    def close(self) -> None:
        """Close its files; it cannot be used afterwards."""
        self.articles.close()


class ShardCall(Protocol[_Reply_co]):
    """What a shard is asked."""

    def __call__(self, shard: Shard) -> _Reply_co:
        """The shard's reply."""
        ...


class Shards(Protocol):
    """Asks the shards of a fleet, any of which may fail to answer."""

    def ask(self, calls: Mapping[int, ShardCall[_Reply]]) -> dict[int, _Reply]:
        """Ask shards, by number; those that do not answer are left out of the replies."""
        ...

    def close(self) -> None:
        """End what this asks with; the shards cannot be asked afterwards."""
        ...


class LocalShards:
    """Asks shards in this process, one after the other.

    A shard that cannot be read does not answer; why is logged once.

    Args:
        folders: The folders of the shards, by number.

    Raises:
        IndexCorruptError: If a file is missing or unreadable.
    """

    def __init__(self, folders: Mapping[int, Path]) -> None:
        self._shards = {number: Shard(folder) for number, folder in folders.items()}
        self._reported: dict[int, str] = {}

    def ask(self, calls: Mapping[int, ShardCall[_Reply]]) -> dict[int, _Reply]:
        """Ask shards; see `Shards.ask`."""
        replies: dict[int, _Reply] = {}
        for number, call in calls.items():
            if number not in self._shards:
                continue
            try:
                replies[number] = call(self._shards[number])
            except (IndexCorruptError, OSError, sqlite3.Error) as error:
                if self._reported.get(number) != repr(error):
                    self._reported[number] = repr(error)
                    _LOGGER.exception("shard %d does not answer", number)
        return replies

    def close(self) -> None:
        """Close all shards."""
        for shard in self._shards.values():
            shard.close()


@dataclass(frozen=True, slots=True)
class ShardSize:
    """Asks for the number of vectors and their length."""

    def __call__(self, shard: Shard) -> tuple[int, int]:
        """Count them."""
        return len(shard.vectors), shard.vectors.dimension


@dataclass(frozen=True, slots=True)
class NearestChunks:
    """Asks for the chunks nearest to a question, and for the cosines of further ones.

    Attributes:
        vector: ``(dimension,)`` float32, of unit length.
        limit: The most hits.
        filters: What the chunks' articles must pass.
        chunk_ids: The further chunks.
    """

    vector: Vectors
    limit: int
    filters: Filters = NO_FILTERS
    chunk_ids: tuple[int, ...] = ()

    def __call__(self, shard: Shard) -> tuple[list[Hit], list[float]]:
        """Search: the hits, best first, and a cosine for each further chunk."""
        vectors = shard.vectors
        hits = vectors.search(self.vector, self.limit, self.filters)
        return hits, vectors.similarities(self.vector, self.chunk_ids)


@dataclass(frozen=True, slots=True)
class AllVectors:
    """Asks for all vectors: ``(n_chunks, dimension)`` float32."""

    def __call__(self, shard: Shard) -> Vectors:
        """Copy them out."""
        return shard.vectors.vectors()


@dataclass(frozen=True, slots=True)
class ChunksById:
    """Asks for chunks with their articles' metadata; see `ArticleStore.chunks`."""

    chunk_ids: Sequence[int]
    filters: Filters = NO_FILTERS

    def __call__(self, shard: Shard) -> dict[int, tuple[Chunk, ArticleInfo]]:
        """Load them."""
        return shard.articles.chunks(self.chunk_ids, self.filters)


@dataclass(frozen=True, slots=True)
class ArticleById:
    """Asks for an article with its text; of a copy with its `own` metadata or its original's."""

    article_id: str
    own: bool

    def __call__(self, shard: Shard) -> Article:
        """Load it."""
        articles = shard.articles
        return articles.own(self.article_id) if self.own else articles.article(self.article_id)


@dataclass(frozen=True, slots=True)
class ChunksOfText:
    """Asks for the chunks of an article cut alike; see `ArticleStore.chunks_of_text`."""

    article: Article

    def __call__(self, shard: Shard) -> list[Chunk] | None:
        """Load them."""
        return shard.articles.chunks_of_text(self.article)
