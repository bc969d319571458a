"""A toy backend: a whole generation in dictionaries, searched by comparing everything."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import ArticleNotFoundError, IndexCorruptError
from index.folding import fold
from index.records import (
    CORPUS_ORDER,
    NO_FILTERS,
    Article,
    Chunk,
    Facets,
    FacetValue,
    Filters,
    Hit,
    ListQuery,
)
from index.stores.article_store import ArticleStore
from index.stores.backend import Nearest
from index.stores.local import ARTICLES_FILE, NAMES_FOLDER, VECTORS_FILE
from index.stores.name_store import NameStore
from index.stores.vector_store import FaissStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from index.records import ArticleInfo

    Vectors = npt.NDArray[np.float32]


def _has(info: ArticleInfo, query: ListQuery) -> bool:
    fields = (info.id, info.title, info.url, info.source, info.author, *info.tags)
    text = fold("\n".join(filter(None, fields)))
    return all(fold(word) in text for word in query.words)


class MemoryArticles:
    """Articles, their copies and their chunks, read from the files of a build."""

    def __init__(self, store: ArticleStore) -> None:
        infos, _ = store.infos(NO_FILTERS, 0, store.article_count)
        self._articles = {info.id: store.article(info.id) for info in infos}
        self._copies = {info.id: store.copies(info.id) for info in infos}
        self._near = {info.id: store.near_duplicates(info.id) for info in infos}
        self._chunks = {
            at: chunk for at, (chunk, _) in store.chunks(range(store.chunk_count)).items()
        }
        self._first = {
            each.id: info.id for info in infos for each in (info, *self._copies[info.id])
        }

    @property
    def article_count(self) -> int:
        return len(self._articles)

    @property
    def chunk_count(self) -> int:
        return len(self._chunks)

    def article(self, article_id: str) -> Article:
        if article_id not in self._first:
            raise ArticleNotFoundError(f"article '{article_id}': not in the index")
        return self._articles[self._first[article_id]]

    def own(self, article_id: str) -> Article:
        first = self.article(article_id)
        copies = {copy.id: copy for copy in self._copies[first.info.id]}
        return replace(first, info=copies.get(article_id, first.info))

    def copies(self, article_id: str) -> list[ArticleInfo]:
        return self._copies.get(article_id, [])

    def near_duplicates(self, article_id: str) -> list[tuple[ArticleInfo, float]]:
        return self._near.get(article_id, [])

    def shown(self, article_id: str, filters: Filters) -> ArticleInfo | None:
        """An article or its first copy that passes; None where none does."""
        versions = (self._articles[article_id].info, *self._copies[article_id])
        return next((info for info in versions if filters.matches(info)), None)

    def passing(self, filters: Filters) -> list[int]:
        """The ids of the chunks that pass."""
        return [
            chunk_id
            for chunk_id, chunk in self._chunks.items()
            if self.shown(chunk.article_id, filters) is not None
        ]

    def infos(
        self, filters: Filters, offset: int, limit: int, query: ListQuery = CORPUS_ORDER
    ) -> tuple[list[ArticleInfo], int]:
        found = [
            article_id
            for article_id, article in self._articles.items()
            if self.shown(article_id, filters) is not None
            and any(_has(info, query) for info in (article.info, *self._copies[article_id]))
        ]
        if (field := query.sort) is not None:
            values = {each: getattr(self._articles[each].info, field) for each in found}
            without = sorted(each for each in found if values[each] is None)
            found = sorted(each for each in found if values[each] is not None)
            found.sort(key=lambda each: str(values[each]).lower(), reverse=query.descending)
            found += without
        start = offset
        if query.after is not None:
            last = self._first.get(query.after[0])
            if last not in found:
                raise ArticleNotFoundError(f"article '{query.after[0]}': not in the index")
            start += found.index(last) + 1
        shown = [self.shown(each, filters) for each in found[start : start + limit]]
        return [info for info in shown if info is not None], len(found)

    def undated(self, filters: Filters) -> int:
        if filters.published_from is None and filters.published_to is None:
            return 0
        others = replace(filters, published_from=None, published_to=None)
        count = 0
        for article_id, article in self._articles.items():
            versions = (article.info, *self._copies[article_id])
            passing = [info for info in versions if others.matches(info)]
            count += bool(passing) and all(info.published_at is None for info in passing)
        return count

    def facets(self, limit: int, filters: Filters = NO_FILTERS) -> Facets:
        days = [
            info.published_at
            for article_id, article in self._articles.items()
            for info in (article.info, *self._copies[article_id])
            if info.published_at is not None
        ]
        undated = replace(filters, published_from=None, published_to=None)
        months = self._values(_month, NO_FILTERS)
        return Facets(
            self._counted("sources", filters, limit, _source),
            self._counted("tags", filters, limit, lambda info: info.tags),
            tuple(
                FacetValue(month, self._values(_month, undated)[month])
                for month in sorted(months, reverse=True)[:limit]
            ),
            min(days, default=None),
            max(days, default=None),
        )

    def _counted(
        self,
        field: str,
        filters: Filters,
        limit: int,
        values: Callable[[ArticleInfo], Collection[str]],
    ) -> tuple[FacetValue, ...]:
        counts = self._values(values, replace(filters, **{field: frozenset()}))  # type: ignore[arg-type]
        commonest = _commonest(self._values(values, NO_FILTERS), limit)
        return tuple(FacetValue(value, counts[value]) for value, _ in commonest)

    def _values(
        self, values: Callable[[ArticleInfo], Collection[str]], filters: Filters
    ) -> Counter[str]:
        counts = Counter[str]()
        for article_id, article in self._articles.items():
            versions = (article.info, *self._copies[article_id])
            passing = [info for info in versions if filters.matches(info)]
            counts.update({value for info in passing for value in values(info)})
        return counts

    def chunks(
        self, chunk_ids: Sequence[int], filters: Filters = NO_FILTERS
    ) -> dict[int, tuple[Chunk, ArticleInfo]]:
        loaded = {}
        for chunk_id in chunk_ids:
            if chunk_id not in self._chunks:
                raise IndexCorruptError(f"chunk {chunk_id} is missing; rebuild the index")
            chunk = self._chunks[chunk_id]
            info = self.shown(chunk.article_id, filters)
            if info is not None:
                loaded[chunk_id] = (replace(chunk, article_id=info.id), info)
        return loaded

    def chunks_of(self, article_id: str) -> list[Chunk]:
        first = self._first.get(article_id)
        return [chunk for chunk in self._chunks.values() if chunk.article_id == first]

    def words(self) -> dict[int, Counter[str]]:
        """The words of each chunk."""
        return {at: Counter(_words(chunk.indexed_text)) for at, chunk in self._chunks.items()}


class MemoryVectors:
    """Dense search by multiplying every vector."""

    def __init__(self, rows: Vectors, articles: MemoryArticles) -> None:
        self._rows = rows
        self._articles = articles

    @property
    def dimension(self) -> int:
        return int(self._rows.shape[1])

    def __len__(self) -> int:
        return len(self._rows)

    def search(self, vector: Vectors, limit: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        passing = self._articles.passing(filters)
        return _best(dict(zip(passing, self.similarities(vector, passing), strict=True)), limit)

    def similarities(self, vector: Vectors, chunk_ids: Sequence[int]) -> list[float]:
        return [float(self._rows[chunk_id] @ vector) for chunk_id in chunk_ids]

    def nearest(
        self,
        vector: Vectors,
        limit: int,
        filters: Filters = NO_FILTERS,
        also: Sequence[int] = (),
        *,
        lost: frozenset[int] = frozenset(),
    ) -> Nearest:
        assert not lost
        hits = {hit.chunk_id: hit.score for hit in self.search(vector, limit, filters)}
        return Nearest(dict(zip(also, self.similarities(vector, also), strict=True)) | hits)

    def vectors(self) -> Vectors:
        return self._rows.copy()


class MemoryLexical:
    """Counts the words that a chunk shares with a question."""

    def __init__(self, words: Mapping[int, Counter[str]], articles: MemoryArticles) -> None:
        self._words = words
        self._articles = articles

    def __len__(self) -> int:
        return len(self._words)

    def has_together(self, words: Sequence[str]) -> bool:
        wanted = set(_words(" ".join(words)))
        return any(wanted <= counts.keys() for counts in self._words.values())

    def search(self, question: str, limit: int, filters: Filters = NO_FILTERS) -> list[Hit]:
        asked = set(_words(question))
        scores = {
            chunk_id: float(sum(self._words[chunk_id][word] for word in asked))
            for chunk_id in self._articles.passing(filters)
        }
        return _best({chunk_id: score for chunk_id, score in scores.items() if score}, limit)


class MemoryBackend:
    """The files of a generation, read into memory whole."""

    def __init__(self, folder: Path, language: str) -> None:
        store = ArticleStore(folder / ARTICLES_FILE)
        self.articles = MemoryArticles(store)
        store.close()
        self.vectors = MemoryVectors(
            FaissStore.open(folder / VECTORS_FILE).vectors(), self.articles
        )
        self.lexical = MemoryLexical(self.articles.words(), self.articles)
        self.names = NameStore(folder / NAMES_FOLDER) if (folder / NAMES_FOLDER).is_dir() else None

    def close(self) -> None:
        pass


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _source(info: ArticleInfo) -> Collection[str]:
    return () if info.source is None else (info.source,)


def _month(info: ArticleInfo) -> Collection[str]:
    return () if info.published_at is None else (f"{info.published_at:%Y-%m}",)


def _commonest(counts: Counter[str], limit: int) -> tuple[FacetValue, ...]:
    ordered: Iterable[tuple[str, int]] = sorted(
        counts.items(), key=lambda item: (-item[1], item[0])
    )
    return tuple(FacetValue(*item) for item in ordered)[:limit]


def _best(scores: Mapping[int, float], limit: int) -> list[Hit]:
    order = sorted(scores, key=lambda chunk_id: (-scores[chunk_id], chunk_id))[:limit]
    return [Hit(chunk_id, scores[chunk_id], rank) for rank, chunk_id in enumerate(order, start=1)]
