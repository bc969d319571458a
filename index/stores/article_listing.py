"""Lists of articles: searched by words of their metadata, sorted, and read on from an article."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from index.errors import ArticleNotFoundError
from index.folding import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from index.records import ListQuery

_MATCHING: Final = (
    "SELECT coalesce(original, number) FROM articles "
    "WHERE matches(id, title, url, source, author, tags)"
)


def list_numbers(
    connection: sqlite3.Connection,
    passing: Sequence[int] | None,
    query: ListQuery,
    offset: int,
    limit: int,
) -> tuple[list[int], int]:
    """List the numbers of articles, without copies, and count all that are found.

    An article is found by the words of its copies too; it is sorted by its own metadata.

    Args:
        connection: An article database.
        passing: Numbers of the articles to choose from; None for all.
        query: What to find, and in what order.
        offset: How many to pass over.
        limit: The most numbers to return.

    Raises:
        ArticleNotFoundError: If the list goes on from an article that is gone, in corpus order.
    """
    where, values = ["a.original IS NULL"], list[Any]()
    if passing is not None:
        where.append("a.number IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(list(passing)))
    if query.words:
        connection.create_function("matches", 6, _matcher(query.words), deterministic=True)
        where.append(f"a.number IN ({_MATCHING})")
    ((total,),) = connection.execute(
        f"SELECT count(*) FROM articles a WHERE {' AND '.join(where)}", values
    )
    if query.after is not None:
        condition, further = _after(connection, query)
        where.append(condition)
        values += further
    rows = connection.execute(
        f"SELECT a.number FROM articles a WHERE {' AND '.join(where)} "
        f"ORDER BY {_order(query)} LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )
    return [number for (number,) in rows], total


def _matcher(words: Sequence[str]) -> Callable[..., bool]:
    folded = [fold(word) for word in words]

    def matches(*fields: str | None) -> bool:
        *lines, tags = fields
        text = fold("\n".join(filter(None, [*lines, *json.loads(tags or "[]")])))
        return all(word in text for word in folded)

    return matches


def _order(query: ListQuery) -> str:
    if query.sort is None:
        return "a.number"
    column = f"a.{query.sort}"  # a field of `ListQuery`, never what a client wrote
    direction = "DESC" if query.descending else "ASC"
    return f"{column} IS NULL, {column} COLLATE NOCASE {direction}, a.id"


def _after(connection: sqlite3.Connection, query: ListQuery) -> tuple[str, list[Any]]:
    """The condition of what comes after an article, and its values."""
    article_id, value = query.after or ("", None)
    row = connection.execute(
        "SELECT coalesce(original, number) FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    if query.sort is None:
        if row is None:
            raise ArticleNotFoundError(
                f"article '{article_id}': not in the index any more, so the list cannot go on "
                "after it; begin anew, or sort the list, which may then change meanwhile"
            )
        return "a.number > ?", [row[0]]
    column = f"a.{query.sort}"
    if row is not None:  # it may have been shown as a copy, but is sorted by its own metadata
        article_id, value = connection.execute(
            f"SELECT a.id, {column} FROM articles a WHERE a.number = ?", row
        ).fetchone()
    if value is None:
        return f"{column} IS NULL AND a.id > ?", [article_id]
    beyond = "<" if query.descending else ">"
    collated = f"{column} COLLATE NOCASE"
    condition = f"{collated} {beyond} ? OR {column} IS NULL OR ({collated} = ? AND a.id > ?)"
    return f"({condition})", [value, value, article_id]
