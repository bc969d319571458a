"""Articles and chunks of one generation, read on demand from a SQLite file."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import threading
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from index.errors import ArticleNotFoundError, IndexCorruptError
from index.records import (
    CORPUS_ORDER,
    NO_FILTERS,
    Article,
    ArticleInfo,
    Chunk,
    Facets,
    FacetValue,
    Filters,
    ListQuery,
    Span,
)
from index.sqlite_uri import read_only_uri
from index.stores.article_listing import list_numbers
from index.stores.filter_columns import FilterColumns

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

_INFO: Final = (
    "a.id, a.title, a.url, a.source, a.author, a.published_at, a.tags, a.sha256, a.path, a.pages, "
    "a.published_at_from, a.left_out, a.marks_headings, a.recognised"
)
_INFO_COLUMNS: Final = 14
_FIRST: Final = "original IS NULL"
_COUNT: Final = "count(DISTINCT coalesce(original, number))"
_FACETS_KEPT: Final = 1000


class ArticleStore:
    """Reads the articles and chunks of one generation; safe to use from several threads.

    Raises:
        IndexCorruptError: If the file is missing or not an article database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._filter_columns: FilterColumns | None = None
        self._counting = threading.Lock()
        self._counted: tuple[int, Facets] | None = None
        try:
            self._connection, self._second_connection = self._connect(), self._connect()
            # A generation that is no longer served is closed when its last question is answered.
            self._close = weakref.finalize(
                self, _close_both, self._connection, self._second_connection
            )
            self._articles = int(self._rows(f"SELECT count(*) FROM articles WHERE {_FIRST}")[0][0])
            self._chunks = int(self._rows("SELECT count(*) FROM chunks")[0][0])
        except sqlite3.Error as error:
            raise IndexCorruptError(f"{path}: {error}; rebuild the index") from error

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(read_only_uri(self._path), uri=True, check_same_thread=False)

    def close(self) -> None:
        """Close the database; the store cannot be used afterwards."""
        self._close()

    @property
    def article_count(self) -> int:
        """The number of articles; copies do not count."""
        return self._articles

    @property
    def chunk_count(self) -> int:
        """The number of chunks; their ids count from 0."""
        return self._chunks

    def article(self, article_id: str) -> Article:
        """Load one article with its text; the id of a copy gives the article that it is a copy of.

        Raises:
            ArticleNotFoundError: If no article has this id.
        """
        return self._article(article_id, "a")

    def own(self, article_id: str) -> Article:
        """Load one article with its own metadata, also where it is a copy.

        Raises:
            ArticleNotFoundError: If no article has this id.
        """
        return self._article(article_id, "e")

    def _article(self, article_id: str, info_table: str) -> Article:
        rows = self._rows(
            f"SELECT {_INFO.replace('a.', f'{info_table}.')}, a.text FROM articles e "
            "JOIN articles a ON a.number = coalesce(e.original, e.number) WHERE e.id = ?",
            (article_id,),
        )
        if not rows:
            raise ArticleNotFoundError(f"article '{article_id}': not in the index")
        return Article(_info(rows[0]), rows[0][_INFO_COLUMNS])

    def copies(self, article_id: str) -> list[ArticleInfo]:
        """List the articles with exactly the same text as an article, in corpus order."""
        rows = self._rows(
            f"SELECT {_INFO} FROM articles a JOIN articles o ON o.number = a.original "
            "WHERE o.id = ? ORDER BY a.number",
            (article_id,),
        )
        return [_info(row) for row in rows]

    def near_duplicates(self, article_id: str) -> list[tuple[ArticleInfo, float]]:
        """List nearly equal articles with their similarity in [0, 1], the most similar first."""
        rows = self._rows(
            f"SELECT {_INFO}, d.similarity FROM articles o "
            "JOIN near_duplicates d ON d.article = o.number "
            "JOIN articles a ON a.number = d.other "
            "WHERE o.id = ? ORDER BY d.similarity DESC, a.number",
            (article_id,),
        )
        return [(_info(row), float(row[_INFO_COLUMNS])) for row in rows]

    def with_copies(self) -> frozenset[str]:
        """List the ids of the articles that have copies."""
        rows = self._rows(
            "SELECT DISTINCT o.id FROM articles a JOIN articles o ON o.number = a.original"
        )
        return frozenset(article_id for (article_id,) in rows)

    def infos(
        self, filters: Filters, offset: int, limit: int, query: ListQuery = CORPUS_ORDER
    ) -> tuple[list[ArticleInfo], int]:
        """List the articles that pass the filters, and count all that pass.

        An article that passes only as one of its copies is listed as that copy; see `passing`.

        Raises:
            ArticleNotFoundError: If the list goes on from an article that is gone, in corpus order.
        """
        passing = self._columns().articles(filters, self._numbers(filters.article_ids))
        if query == CORPUS_ORDER:
            numbers, total = passing[offset : offset + limit].tolist(), len(passing)
        else:
            chosen = None if filters.is_empty else passing.tolist()
            with self._counting:  # it may read all articles, which must keep no question waiting
                numbers, total = list_numbers(self._second_connection, chosen, query, offset, limit)
        by_number = self._infos_by_number(numbers)
        infos = [by_number[number] for number in numbers]
        if not filters.is_empty:
            shown = self.passing([info.id for info in infos], filters)
            infos = [shown[info.id] for info in infos]
        return infos, total

    def newest_day(self) -> dt.date | None:
        """The latest day of publication; None where no article states one."""
        ((newest,),) = self._rows("SELECT max(published_at) FROM articles")
        return None if newest is None else dt.date.fromisoformat(newest)

    def undated(self, filters: Filters) -> int:
        """Count the articles without a day that only the filter by day leaves out."""
        if filters.published_from is None and filters.published_to is None:
            return 0
        return self._columns().undated(filters, self._numbers(filters.article_ids))

    def facets(self, limit: int, filters: Filters = NO_FILTERS) -> Facets:
        """Count the values that articles can be filtered by; copies count as one article.

        Counting all articles takes seconds where there are many. So it is done once, and on a
        connection of its own, which keeps no question waiting. What filters leave is counted in
        columns in memory.

        Args:
            limit: The most sources, tags and months; the commonest sources and tags, and the newest
                months, of all articles come first.
            filters: A value counts the articles that pass the filters on other fields than its own.
                It is listed also where it counts none.
        """
        with self._counting:
            if self._counted is None or self._counted[0] < limit:
                most = max(limit, _FACETS_KEPT)
                self._counted = most, self._count_facets(most)
            facets = self._counted[1]
        facets = replace(
            facets,
            sources=facets.sources[:limit],
            tags=facets.tags[:limit],
            months=facets.months[:limit],
        )
        return facets if filters.is_empty else self._counted_again(facets, filters)

    def _counted_again(self, facets: Facets, filters: Filters) -> Facets:
        columns, with_ids = self._columns(), self._numbers(filters.article_ids)

        def count(values: Sequence[FacetValue], others: Filters, field: str) -> list[FacetValue]:
            counts = columns.counts(field, others, with_ids)
            return [FacetValue(value, counts.get(value, 0)) for value, _ in values]

        undated = replace(filters, published_from=None, published_to=None)
        return replace(
            facets,
            sources=tuple(count(facets.sources, replace(filters, sources=frozenset()), "source")),
            tags=tuple(count(facets.tags, replace(filters, tags=frozenset()), "tag")),
            months=tuple(count(facets.months, undated, "month")),
        )

    def _count_facets(self, limit: int) -> Facets:
        connection = self._second_connection
        sources = connection.execute(
            f"SELECT source, {_COUNT} FROM articles WHERE source IS NOT NULL "
            f"GROUP BY source ORDER BY {_COUNT} DESC, source LIMIT ?",
            (limit,),
        ).fetchall()
        tags = connection.execute(
            f"SELECT tag, {_COUNT} FROM tags JOIN articles ON number = article "
            f"GROUP BY tag ORDER BY {_COUNT} DESC, tag LIMIT ?",
            (limit,),
        ).fetchall()
        months = connection.execute(
            f"SELECT substr(published_at, 1, 7), {_COUNT} FROM articles "
            "WHERE published_at IS NOT NULL GROUP BY 1 ORDER BY 1 DESC LIMIT ?",
            (limit,),
        ).fetchall()
        first, last = connection.execute(
            "SELECT min(published_at), max(published_at) FROM articles"
        ).fetchone()
        return Facets(
            sources=tuple(FacetValue(*row) for row in sources),
            tags=tuple(FacetValue(*row) for row in tags),
            months=tuple(FacetValue(*row) for row in months),
            first_day=None if first is None else dt.date.fromisoformat(first),
            last_day=None if last is None else dt.date.fromisoformat(last),
        )

    def chunks(
        self, chunk_ids: Sequence[int], filters: Filters = NO_FILTERS
    ) -> dict[int, tuple[Chunk, ArticleInfo]]:
        """Load chunks, by id, with their articles' metadata.

        Args:
            chunk_ids: Ids of chunks that pass the filters.
            filters: The filters they were found with; see `passing`.

        Raises:
            IndexCorruptError: If a chunk is missing.
        """
        rows = self._rows(
            "SELECT article, id, first, last, text, context, sentences FROM chunks "
            "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(list(chunk_ids)),),
        )
        # Apart from the chunks: many may be of one article, with thousands of pages.
        infos = self._infos_by_number({row[0] for row in rows})
        loaded = {}
        for number, chunk_id, start, end, text, context, sentences in rows:
            info = infos[number]
            chunk = Chunk(info.id, start, end, text, context, _spans(sentences))
            loaded[chunk_id] = (chunk, info)
        if missing := set(chunk_ids) - loaded.keys():
            raise IndexCorruptError(
                f"{self._path}: chunk {min(missing)} is missing; rebuild the index"
            )
        if filters.is_empty:
            return loaded
        shown = self.passing({info.id for _, info in loaded.values()}, filters)
        return {
            chunk_id: (replace(chunk, article_id=shown[info.id].id), shown[info.id])
            for chunk_id, (chunk, info) in loaded.items()
        }

    def chunks_of(self, article_id: str) -> list[Chunk]:
        """Load the chunks of one article, in order; of a copy, those of the article it copies.

        An unknown id has none.
        """
        ids = self._rows(
            "SELECT c.id FROM articles e "
            "JOIN chunks c ON c.article = coalesce(e.original, e.number) "
            "WHERE e.id = ? ORDER BY c.id",
            (article_id,),
        )
        return [chunk for chunk, _ in self.chunks([chunk_id for (chunk_id,) in ids]).values()]

    def passing(self, article_ids: Collection[str], filters: Filters) -> dict[str, ArticleInfo]:
        """Find the version of each article that filters show: itself, or its first passing copy.

        Args:
            article_ids: Ids of articles that are not copies.
            filters: The filters to pass.

        Returns:
            The version's metadata by the given id; an article of which no version passes is left
            out.
        """
        shown = self._columns().shown(
            filters, self._numbers(filters.article_ids), self._numbers(article_ids)
        )
        rows = self._rows(
            f"SELECT {_INFO}, o.id FROM articles a "
            "JOIN articles o ON o.number = coalesce(a.original, a.number) "
            "WHERE a.number IN (SELECT value FROM json_each(?))",
            (json.dumps(shown.tolist()),),
        )
        return {row[_INFO_COLUMNS]: _info(row) for row in rows}

    def chunks_of_text(self, article: Article) -> list[Chunk] | None:
        """Load the chunks of an article cut alike: of the same text, title and kind of headings.

        They are under this article's id.

        None if there is no such article.
        """
        rows = self._rows(
            f"SELECT number FROM articles WHERE sha256 = ? AND title IS ? "
            f"AND marks_headings = ? AND {_FIRST} LIMIT 1",
            (article.info.sha256, article.info.title, article.info.marks_headings),
        )
        if not rows:
            return None
        return [
            Chunk(article.info.id, start, end, text, context, _spans(sentences))
            for start, end, text, context, sentences in self._rows(
                "SELECT first, last, text, context, sentences FROM chunks "
                "WHERE article = ? ORDER BY id",
                rows[0],
            )
        ]

    def allowed_chunks(self, filters: Filters) -> npt.NDArray[np.int64] | None:
        """Find the chunks that pass the filters: sorted ids, or None if all pass."""
        if filters.is_empty:
            return None
        return self._columns().chunks(filters, self._numbers(filters.article_ids))

    def _infos_by_number(self, numbers: Collection[int]) -> dict[int, ArticleInfo]:
        rows = self._rows(
            f"SELECT {_INFO}, a.number FROM articles a "
            "WHERE a.number IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(numbers)),),
        )
        return {row[_INFO_COLUMNS]: _info(row) for row in rows}

    def _columns(self) -> FilterColumns:
        """Load the columns on first use: a build does not filter."""
        with self._lock:
            if self._filter_columns is None:
                self._filter_columns = FilterColumns(self._connection)
            return self._filter_columns

    def _numbers(self, article_ids: Collection[str]) -> list[int]:
        """Look up the numbers of articles by id; unknown ids are left out."""
        rows = self._rows(
            "SELECT number FROM articles WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(article_ids), ensure_ascii=False),),
        )
        return [number for (number,) in rows]

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()


def _close_both(first: sqlite3.Connection, second: sqlite3.Connection) -> None:
    first.close()
    second.close()


def _spans(sentences: str) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in json.loads(sentences))


def _info(row: Sequence[Any]) -> ArticleInfo:
    article_id, title, url, source, author, published_at, tags, sha256, path, pages = row[:10]
    published_at_from, left_out, marks_headings, recognised = row[10:_INFO_COLUMNS]
    return ArticleInfo(
        id=article_id,
        title=title,
        url=url,
        source=source,
        author=author,
        published_at=None if published_at is None else dt.date.fromisoformat(published_at),
        tags=tuple(json.loads(tags)),
        sha256=sha256,
        path=path,
        pages=tuple(Span(*page) for page in json.loads(pages)),
        published_at_from=published_at_from,
        left_out=tuple(json.loads(left_out)),
        marks_headings=bool(marks_headings),
        recognised=bool(recognised),
    )
