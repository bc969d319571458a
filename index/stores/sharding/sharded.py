"""The sharded backend: the stores of a fleet, whose articles are spread over shards.

Each shard is a folder with a local set of its own. Beside them the fleet has a catalogue, an
article database with the metadata of all articles and without their texts, and the shard of each
chunk. A fleet numbers articles and chunks as one generation of the same corpus does, and a shard
numbers its own from 0, in the same order; so nothing in a shard depends on the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from index.errors import IndexCorruptError
from index.records import NO_FILTERS, Filters, Hit
from index.stores.article_store import ArticleStore
from index.stores.backend import Nearest
from index.stores.lexical import LexicalStore
from index.stores.local import (
    ARTICLES_FILE,
    CONTEXT_WEIGHT,
    LEXICAL_FOLDER,
    FilteredLexical,
    PassingChunks,
    open_names,
)
from index.stores.sharding.placement import PLACEMENT_FILE, Placement, shard_of
from index.stores.sharding.shards import (
    AllVectors,
    ArticleById,
    ChunksById,
    ChunksOfText,
    LocalShards,
    NearestChunks,
    ShardSize,
)
from index.stores.tantivy_folder import open_together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import tantivy

    from index.records import Article, ArticleInfo, Chunk
    from index.stores.sharding.shards import ShardCall, Shards

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

_Reply = TypeVar("_Reply")


class ShardedArticles(ArticleStore):
    """The articles of a fleet: metadata from its catalogue, texts and chunks from its shards.

    What it loads of a shard that does not answer raises `ShardLostError`.

    Args:
        folder: The folder of the fleet.
        shards: Asks its shards; those of the folder, in this process, where None.
        lost: Shards to do without.

    Attributes:
        placement: Where its chunks are.
        shards: Asks its shards.

    Raises:
        IndexCorruptError: If the catalogue or a shard is missing or unreadable.
    """

    def __init__(
        self, folder: Path, shards: Shards | None = None, lost: frozenset[int] = frozenset()
    ) -> None:
        super().__init__(folder / ARTICLES_FILE)
        self.placement = Placement(folder, lost)
        self.shards: Shards = LocalShards(self.placement.folders) if shards is None else shards

    def close(self) -> None:
        """Close all databases; the articles cannot be used afterwards."""
        super().close()
        self.shards.close()

    def article(self, article_id: str) -> Article:
        """Load one article with its text; see `ArticleStore.article`."""
        return self._of_shard(article_id, ArticleById(article_id, own=False))

    def own(self, article_id: str) -> Article:
        """Load one article with its own metadata; see `ArticleStore.own`."""
        return self._of_shard(article_id, ArticleById(article_id, own=True))

    def _of_shard(self, article_id: str, call: ShardCall[_Reply]) -> _Reply:
        """Ask the shard of an article."""
        original = super().article(article_id).info.id
        number = shard_of(original, self.placement.shards)
        return self._ask({number: call})[number]

    def _ask(self, calls: Mapping[int, ShardCall[_Reply]]) -> dict[int, _Reply]:
        replies = self.shards.ask(calls)
        self.placement.check_answered(calls.keys() - replies.keys())
        return replies

    def chunks(
        self, chunk_ids: Sequence[int], filters: Filters = NO_FILTERS
    ) -> dict[int, tuple[Chunk, ArticleInfo]]:
        """Load chunks, by id, with their articles' metadata; see `ArticleStore.chunks`."""
        if (last := max(chunk_ids, default=-1)) >= len(self.placement):
            raise IndexCorruptError(f"chunk {last} is missing; rebuild the index")
        parts = {number: (ids, own_ids) for number, ids, own_ids in self.placement.split(chunk_ids)}
        replies = self._ask(
            {
                number: ChunksById(own_ids.tolist(), filters)
                for number, (_, own_ids) in parts.items()
            }
        )
        loaded: dict[int, tuple[Chunk, ArticleInfo]] = {}
        for number, (ids, own_ids) in parts.items():
            chunks = replies[number]
            loaded |= {
                chunk_id: chunks[own_id]
                for chunk_id, own_id in zip(ids.tolist(), own_ids.tolist(), strict=True)
                if own_id in chunks
            }
        return dict(sorted(loaded.items()))

    def chunks_of_text(self, article: Article) -> list[Chunk] | None:
        """Load the chunks of an article cut alike; see `ArticleStore.chunks_of_text`."""
        rows = self._rows(
            "SELECT id FROM articles WHERE sha256 = ? AND original IS NULL", (article.info.sha256,)
        )
        return self._of_shard(rows[0][0], ChunksOfText(article)) if rows else None


def open_articles(folder: Path) -> ArticleStore:
    """Open the articles of a generation's folder, sharded or not.

    Raises:
        IndexCorruptError: If a file is missing or unreadable.
    """
    if (folder / PLACEMENT_FILE).exists():
        return ShardedArticles(folder)
    return ArticleStore(folder / ARTICLES_FILE)


class ShardedBackend:
    """The stores of a fleet.

    Args:
        folder: The folder that a build wrote.
        language: ISO 639 code that the words were analysed with.
        shards: Asks its shards; those of the folder, in this process, where None.
        lost: Shards to do without.

    Raises:
        IndexCorruptError: If a file is missing or unreadable.
    """

    def __init__(
        self,
        folder: Path,
        language: str,
        shards: Shards | None = None,
        lost: frozenset[int] = frozenset(),
    ) -> None:
        self.articles = ShardedArticles(folder, shards, lost)
        placement = self.articles.placement
        self.vectors = ShardedVectors(self.articles.shards, placement)
        self.lexical = FilteredLexical(
            _ShardedWords(folder, placement, language), PassingChunks(self.articles)
        )
        self.names = open_names(folder)

    def close(self) -> None:
        """Close what holds files open; the stores cannot be used afterwards."""
        self.articles.close()


class ShardedVectors:
    """Dense search in every shard, merged.

    Args:
        shards: Asks the shards.
        placement: Where the chunks are.

    Attributes:
        lost: Numbers of the shards that did not answer when it was opened.

    Raises:
        IndexCorruptError: If no shard answers.
    """

    def __init__(self, shards: Shards, placement: Placement) -> None:
        self._shards = shards
        self._placement = placement
        sizes = shards.ask(dict.fromkeys(placement.folders, ShardSize()))
        if not sizes:
            raise IndexCorruptError("no shard of the index answers; rebuild it, or go back")
        self._counts = {number: count for number, (count, _) in sizes.items()}
        self._dimension = next(iter(sizes.values()))[1]
        self.lost = frozenset(placement.folders.keys() - sizes.keys())

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return self._dimension

    def __len__(self) -> int:
        return sum(self._counts.values())

    def search(self, vector: Vectors, limit: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """Find the nearest chunks; see `index.stores.backend.DenseSearch.search`.

        Raises:
            ShardLostError: If a shard does not answer.
        """
        nearest = self.nearest(vector, limit, filters)
        self._placement.check_answered(nearest.lost)
        ranked = enumerate(nearest.cosines.items(), start=1)
        return [Hit(chunk_id, score, rank) for rank, (chunk_id, score) in ranked]

    def nearest(
        self,
        vector: Vectors,
        limit: int,
        filters: Filters = NO_FILTERS,
        also: Sequence[int] = (),
        *,
        lost: frozenset[int] = frozenset(),
    ) -> Nearest:
        """Ask all shards once; see `index.stores.backend.DenseSearch.nearest`."""
        further = {number: (ids, own_ids) for number, ids, own_ids in self._placement.split(also)}
        replies = self._shards.ask(
            {
                number: NearestChunks(
                    vector,
                    limit,
                    filters,
                    tuple(further[number][1].tolist()) if number in further else (),
                )
                for number in self._placement.chunk_ids
                if number not in lost
            }
        )
        scored = sorted(
            (-hit.score, int(self._placement.chunk_ids[number][hit.chunk_id]))
            for number, (hits, _) in replies.items()
            for hit in hits
        )
        cosines = {chunk_id: -score for score, chunk_id in scored[:limit]}
        by_id = {
            chunk_id: cosine
            for number, (_, own) in replies.items()
            if number in further
            for chunk_id, cosine in zip(further[number][0].tolist(), own, strict=True)
        }
        cosines.update(
            (chunk_id, by_id[chunk_id])
            for chunk_id in also
            if chunk_id in by_id and chunk_id not in cosines
        )
        return Nearest(cosines, frozenset(self._placement.chunk_ids.keys() - replies.keys()))

    def vectors(self) -> Vectors:
        """Copy out all vectors; see `index.stores.backend.DenseSearch.vectors`.

        Raises:
            ShardLostError: If a shard does not answer.
        """
        rows = np.empty((len(self._placement), self.dimension), dtype=np.float32)
        numbers = self._placement.chunk_ids
        replies = self._shards.ask(dict.fromkeys(numbers, AllVectors()))
        self._placement.check_answered(numbers.keys() - replies.keys())
        for number, shard in replies.items():
            rows[numbers[number]] = shard
        return rows


class _ShardedWords(LexicalStore):
    """BM25 search in all shards as in one index: the weights of words are those of the fleet."""

    def __init__(self, folder: Path, placement: Placement, language: str) -> None:
        self._placement = placement
        self._segment_ids: list[Ids] = []
        super().__init__(folder, language, context_weight=CONTEXT_WEIGHT)

    def _open(self, folder: Path) -> tuple[tantivy.Index, tantivy.Searcher]:
        del folder
        index, searcher, owners = open_together(
            [shard / LEXICAL_FOLDER for shard in self._placement.folders.values()]
        )
        chunk_ids = [self._placement.chunk_ids[number] for number in self._placement.folders]
        self._segment_ids = [chunk_ids[owner] for owner in owners]
        return index, searcher

    def _chunk_ids(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        own_ids = super()._chunk_ids(addresses)
        return [
            int(self._segment_ids[address.segment_ord][own_id])
            for address, own_id in zip(addresses, own_ids, strict=True)
        ]
