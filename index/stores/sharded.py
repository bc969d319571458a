"""The sharded backend: the stores of a fleet, whose articles are spread over shards.

Each shard is a folder with a local set of its own. Beside them the fleet has a catalogue, an
article database with the metadata of all articles and without their texts, and the shard of each
chunk. A fleet numbers articles and chunks as one generation of the same corpus does, and a shard
numbers its own from 0, in the same order; so nothing in a shard depends on the others.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

import numpy as np

from index.errors import IndexCorruptError
from index.records import NO_FILTERS, Filters, Hit
from index.stores.article_store import ArticleStore
from index.stores.lexical import LexicalStore
from index.stores.local import (
    ARTICLES_FILE,
    CONTEXT_WEIGHT,
    LEXICAL_FOLDER,
    VECTORS_FILE,
    FilteredLexical,
    FilteredVectors,
    PassingChunks,
    open_names,
)
from index.stores.tantivy_folder import open_together
from index.stores.vector_store import FaissStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import tantivy

    from index.records import Article, ArticleInfo, Chunk
    from index.stores.backend import DenseSearch

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

SHARDS_FOLDER: Final = "shards"
PLACEMENT_FILE: Final = "chunk_shards.npy"
PLACEMENT_TYPE: Final = np.dtype("<u2")
_NAME: Final = re.compile(r"(\d+)-of-(\d+)")


def shard_of(article_id: str, shards: int) -> int:
    """The number of an article's shard, from 0; a copy is in the shard of what it copies."""
    digest = hashlib.blake2b(article_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % shards


def shard_name(number: int, shards: int) -> str:
    """The name of a shard's folder: ``3-of-16``."""
    return f"{number}-of-{shards}"


class Placement:
    """Which shard holds each chunk, and under which id.

    Args:
        folder: The folder of a fleet.

    Attributes:
        shards: How many shards articles are spread over; those without articles have no folder.
        folders: The folders of the others, by number.
        chunk_ids: ``(n_chunks_of_the_shard,)`` int64 by number: the fleet's ids of its chunks, by
            the shard's own.

    Raises:
        IndexCorruptError: If the file is missing or damaged, or a shard is missing.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / PLACEMENT_FILE
        try:
            self._numbers = np.load(path)
            names = [_NAME.fullmatch(shard.name) for shard in (folder / SHARDS_FOLDER).iterdir()]
        except (OSError, ValueError, EOFError) as error:
            raise IndexCorruptError(f"{path}: {error}; rebuild the index") from error
        counts = {int(name[2]) for name in names if name is not None}
        if len(counts) != 1 or None in names:
            raise IndexCorruptError(
                f"{folder / SHARDS_FOLDER}: expected folders such as '0-of-2', all of one number "
                "of shards; rebuild the index"
            )
        (self.shards,) = counts
        self.folders = {
            number: folder / SHARDS_FOLDER / shard_name(number, self.shards)
            for number in np.unique(self._numbers).tolist()
        }
        for shard in self.folders.values():
            if not shard.is_dir():
                raise IndexCorruptError(f"{shard}: this shard is missing; rebuild the index")
        self.chunk_ids: dict[int, Ids] = {
            number: np.flatnonzero(self._numbers == number) for number in self.folders
        }

    def __len__(self) -> int:
        return len(self._numbers)

    def split(self, chunk_ids: Sequence[int]) -> Iterator[tuple[int, Ids, Ids]]:
        """Split ids of the fleet by shard.

        Yields:
            The shard's number, the ids that it holds, and its own ids of the same chunks.
        """
        ids = np.asarray(chunk_ids, dtype=np.int64)
        numbers = self._numbers[ids]
        for number in np.unique(numbers).tolist():
            chosen = ids[numbers == number]
            yield number, chosen, np.searchsorted(self.chunk_ids[number], chosen)


class ShardedArticles(ArticleStore):
    """The articles of a fleet: metadata from its catalogue, texts and chunks from its shards.

    Args:
        folder: The folder of the fleet.

    Attributes:
        placement: Where its chunks are.
        shards: The articles of each shard, by number.

    Raises:
        IndexCorruptError: If the catalogue or a shard is missing or unreadable.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / ARTICLES_FILE)
        self.placement = Placement(folder)
        self.shards = {
            number: ArticleStore(shard / ARTICLES_FILE)
            for number, shard in self.placement.folders.items()
        }

    def close(self) -> None:
        """Close all databases; the articles cannot be used afterwards."""
        super().close()
        for shard in self.shards.values():
            shard.close()

    def article(self, article_id: str) -> Article:
        """Load one article with its text; see `ArticleStore.article`."""
        return self._shard_of(article_id).article(article_id)

    def own(self, article_id: str) -> Article:
        """Load one article with its own metadata; see `ArticleStore.own`."""
        return self._shard_of(article_id).own(article_id)

    def _shard_of(self, article_id: str) -> ArticleStore:
        original = super().article(article_id).info.id
        return self.shards[shard_of(original, self.placement.shards)]

    def chunks(
        self, chunk_ids: Sequence[int], filters: Filters = NO_FILTERS
    ) -> dict[int, tuple[Chunk, ArticleInfo]]:
        """Load chunks, by id, with their articles' metadata; see `ArticleStore.chunks`."""
        if (last := max(chunk_ids, default=-1)) >= len(self.placement):
            raise IndexCorruptError(f"chunk {last} is missing; rebuild the index")
        loaded: dict[int, tuple[Chunk, ArticleInfo]] = {}
        for number, ids, own_ids in self.placement.split(chunk_ids):
            chunks = self.shards[number].chunks(own_ids.tolist(), filters)
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
        return self._shard_of(rows[0][0]).chunks_of_text(article) if rows else None


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

    Raises:
        IndexCorruptError: If a file is missing or unreadable.
    """

    def __init__(self, folder: Path, language: str) -> None:
        self.articles = ShardedArticles(folder)
        placement = self.articles.placement
        self.vectors = ShardedVectors(
            {
                number: FilteredVectors(
                    FaissStore.open(shard / VECTORS_FILE),
                    PassingChunks(self.articles.shards[number]),
                )
                for number, shard in placement.folders.items()
            },
            placement,
        )
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
        shards: The search of each shard, by number.
        placement: Where the chunks are.
    """

    def __init__(self, shards: Mapping[int, DenseSearch], placement: Placement) -> None:
        self._shards = shards
        self._placement = placement

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return next(iter(self._shards.values())).dimension

    def __len__(self) -> int:
        return sum(map(len, self._shards.values()))

    def search(self, vector: Vectors, limit: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        """Find the nearest chunks; see `index.stores.backend.DenseSearch.search`."""
        scored = sorted(
            (-hit.score, int(self._placement.chunk_ids[number][hit.chunk_id]))
            for number, shard in self._shards.items()
            for hit in shard.search(vector, limit, filters)
        )
        return [
            Hit(chunk_id, -score, rank) for rank, (score, chunk_id) in enumerate(scored[:limit], 1)
        ]

    def similarities(self, vector: Vectors, chunk_ids: Sequence[int]) -> list[float]:
        """Compute the cosine similarity of one vector and each of the given chunks."""
        by_id: dict[int, float] = {}
        for number, ids, own_ids in self._placement.split(chunk_ids):
            cosines = self._shards[number].similarities(vector, own_ids.tolist())
            by_id.update(zip(ids.tolist(), cosines, strict=True))
        return [by_id[chunk_id] for chunk_id in chunk_ids]

    def vectors(self) -> Vectors:
        """Copy out all vectors; see `index.stores.backend.DenseSearch.vectors`."""
        rows = np.empty((len(self), self.dimension), dtype=np.float32)
        for number, shard in self._shards.items():
            rows[self._placement.chunk_ids[number]] = shard.vectors()
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
        chunk_ids = list(self._placement.chunk_ids.values())
        self._segment_ids = [chunk_ids[owner] for owner in owners]
        return index, searcher

    def _chunk_ids(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        own_ids = super()._chunk_ids(addresses)
        return [
            int(self._segment_ids[address.segment_ord][own_id])
            for address, own_id in zip(addresses, own_ids, strict=True)
        ]
