"""Writing the articles and chunks of a generation into a SQLite file."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Final, Self

from index.stores.filter_columns import write_filter_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.records import Article, ArticleInfo, Chunk

# An article with the same text as an earlier one is a copy: `original` is the number of the earlier
# one, which alone has text and chunks.
_SCHEMA: Final = """
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    original INTEGER,
    id TEXT NOT NULL UNIQUE,
    title TEXT, url TEXT, source TEXT, author TEXT, published_at TEXT,
    tags TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    path TEXT NOT NULL,
    pages TEXT NOT NULL,
    published_at_from TEXT,
    left_out TEXT NOT NULL,
    marks_headings INTEGER NOT NULL,
    recognised INTEGER NOT NULL,
    text TEXT
);
CREATE TABLE near_duplicates (
    article INTEGER NOT NULL, other INTEGER NOT NULL, similarity REAL NOT NULL,
    PRIMARY KEY (article, other)
) WITHOUT ROWID;
CREATE TABLE tags (tag TEXT NOT NULL, article INTEGER NOT NULL);
CREATE INDEX articles_by_text ON articles (sha256);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    article INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    text TEXT NOT NULL,
    context TEXT NOT NULL,
    sentences TEXT NOT NULL
);
"""
_INDEXES: Final = """
CREATE INDEX articles_by_original ON articles (original);
CREATE INDEX articles_by_source ON articles (source);
CREATE INDEX articles_by_day ON articles (published_at);
CREATE INDEX tags_by_tag ON tags (tag, article);
CREATE INDEX chunks_by_article ON chunks (article);
"""


class ArticleWriter:
    """Writes the articles and chunks of a generation; a context manager that commits on exit.

    Attributes:
        text_files: The databases that hold the texts.
    """

    def __init__(self, path: Path) -> None:
        self.text_files = [path]
        self._connection = sqlite3.connect(path)
        # A half-written file is never used, so a journal would protect nothing.
        self._connection.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_SCHEMA} BEGIN;"
        )
        self._articles = 0
        self._chunks = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error_type: object, error: object, trace: object) -> None:
        if error_type is None:
            self._connection.commit()
            self._connection.executescript(_INDEXES)
            write_filter_columns(self._connection)
            self._connection.commit()
        self._connection.close()

    def path_of(self, article_id: str) -> str | None:
        """Look up the file of the article with an id; None if the id is free."""
        row = self._connection.execute(
            "SELECT path FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        return None if row is None else str(row[0])

    def add_copy(self, article: Article) -> str | None:
        """Store an article as a copy of one with the same text.

        Returns:
            The id of that one; None if there is none, and then nothing is stored.
        """
        row = self._connection.execute(
            "SELECT number, id FROM articles WHERE sha256 = ? AND original IS NULL LIMIT 1",
            (article.info.sha256,),
        ).fetchone()
        if row is None:
            return None
        number, original_id = row
        self._add_article(article.info, number, None)
        return str(original_id)

    def add(self, article: Article, chunks: Sequence[Chunk]) -> list[int]:
        """Store an article with its chunks; returns the chunk ids, which count up from 0."""
        number = self._add_article(article.info, None, article.text)
        ids = list(range(self._chunks, self._chunks + len(chunks)))
        self._connection.executemany(
            "INSERT INTO chunks VALUES (?,?,?,?,?,?,?)",
            [
                (
                    chunk_id,
                    number,
                    chunk.start,
                    chunk.end,
                    chunk.text,
                    chunk.context,
                    json.dumps(chunk.sentences),
                )
                for chunk_id, chunk in zip(ids, chunks, strict=True)
            ],
        )
        self._chunks += len(chunks)
        return ids

    def _add_article(self, info: ArticleInfo, original: int | None, text: str | None) -> int:
        number = self._articles
        self._connection.execute(
            "INSERT INTO articles VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                number,
                original,
                info.id,
                info.title,
                info.url,
                info.source,
                info.author,
                None if info.published_at is None else info.published_at.isoformat(),
                json.dumps(info.tags, ensure_ascii=False),
                info.sha256,
                info.path,
                json.dumps(info.pages),
                info.published_at_from,
                json.dumps(info.left_out, ensure_ascii=False),
                info.marks_headings,
                info.recognised,
                text,
            ),
        )
        self._connection.executemany(
            "INSERT INTO tags VALUES (?,?)", [(tag, number) for tag in info.tags]
        )
        self._articles += 1
        return number
