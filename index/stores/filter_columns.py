"""Which chunks a filter leaves, from columns of numbers instead of one row an article.

A filter by source or day can leave hundreds of thousands of chunks. Listing them from the tables
costs a row each; here each value of a field has the sorted numbers of its articles, and an article
the number of its chunks, whose ids follow one another.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from index.records import Filters

    Ids = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[np.int32]

_NUMBER: Final = np.dtype("<i4")
_TABLE: Final = "CREATE TABLE filter_columns (name TEXT PRIMARY KEY, data BLOB NOT NULL)"
# Each reads nothing but an index of the tables, and gives values in order.
_ROWS: Final = {
    "day": "SELECT published_at, number FROM articles WHERE published_at NOT NULL ORDER BY 1, 2",
    "source": "SELECT source, number FROM articles WHERE source NOT NULL ORDER BY 1, 2",
    "tag": "SELECT tag, article FROM tags ORDER BY 1, 2",
}


@dataclass(frozen=True, slots=True)
class _Field:
    """The articles that have each value of a field.

    Attributes:
        values: The values in order.
        starts: ``(n_values + 1,)``: where the articles of each value start, and the end.
        numbers: Of articles, sorted within a value; those of all values in one.
    """

    values: list[str]
    starts: Numbers
    numbers: Numbers

    def between(self, first: str | None, last: str | None) -> slice:
        """Where the articles with values from `first` to `last` stand; None is no bound."""
        low = 0 if first is None else bisect_left(self.values, first)
        high = len(self.values) if last is None else bisect_right(self.values, last)
        return slice(self.starts[low], self.starts[high])


class FilterColumns:
    """What filters are decided on, of all articles of a generation, by number from 0.

    Args:
        connection: The article database; `write_filter_columns` has written to it.

    Raises:
        sqlite3.Error: If it cannot be read.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        data = dict(connection.execute("SELECT name, data FROM filter_columns"))
        self._originals = np.frombuffer(data["original"], dtype=_NUMBER)
        self._chunks = np.frombuffer(data["chunks"], dtype=_NUMBER)
        self._fields = {
            name: _Field(
                json.loads(data[f"{name} values"]),
                np.frombuffer(data[f"{name} starts"], dtype=_NUMBER),
                np.frombuffer(data[f"{name} numbers"], dtype=_NUMBER),
            )
            for name in _ROWS
        }

    def articles(self, filters: Filters, with_ids: Iterable[int]) -> Ids:
        """Find the articles of which the original or a copy passes all filters.

        Args:
            filters: What to filter by.
            with_ids: Numbers of the articles that the filters name by id.

        Returns:
            Sorted numbers, of originals only.
        """
        return np.flatnonzero(self._passing(filters, with_ids))

    def chunks(self, filters: Filters, with_ids: Iterable[int]) -> Ids:
        """Find the chunks of those articles: sorted ids; see `articles`."""
        return np.flatnonzero(np.repeat(self._passing(filters, with_ids), self._chunks))

    def shown(self, filters: Filters, with_ids: Iterable[int], originals: Iterable[int]) -> Ids:
        """Find as which article each of some is shown: itself, or its first copy that passes.

        Args:
            filters: What to filter by.
            with_ids: Numbers of the articles that the filters name by id.
            originals: Numbers of articles that are no copies.

        Returns:
            Sorted numbers; there is none of an article that does not pass with all its copies.
        """
        wanted = np.zeros(len(self._originals), dtype=np.bool_)
        wanted[np.fromiter(originals, dtype=np.int64)] = True
        numbers = np.flatnonzero(self._each_passing(filters, with_ids) & wanted[self._originals])
        _, first = np.unique(self._originals[numbers], return_index=True)
        return np.sort(numbers[first])

    def _passing(self, filters: Filters, with_ids: Iterable[int]) -> Flags:
        """Which originals pass, themselves or as a copy."""
        passing = self._each_passing(filters, with_ids)
        originals = np.zeros_like(passing)
        originals[self._originals[passing]] = True
        return originals

    def _each_passing(self, filters: Filters, with_ids: Iterable[int]) -> Flags:
        """Which articles pass, copies for themselves."""
        passing = np.ones(len(self._originals), dtype=np.bool_)
        for numbers in self._parts(filters, with_ids):
            having = np.zeros_like(passing)
            having[numbers] = True
            passing &= having
        return passing

    def _parts(
        self, filters: Filters, with_ids: Iterable[int]
    ) -> Iterator[npt.NDArray[np.integer[Any]]]:
        """The articles that each filter leaves."""
        first, last = filters.published_from, filters.published_to
        if first is not None or last is not None:
            days = self._fields["day"]
            yield days.numbers[
                days.between(
                    None if first is None else first.isoformat(),
                    None if last is None else last.isoformat(),
                )
            ]
        for name, wanted in (("source", filters.sources), ("tag", filters.tags)):
            if wanted:
                field = self._fields[name]
                yield np.concatenate([field.numbers[field.between(one, one)] for one in wanted])
        if filters.article_ids:
            yield np.fromiter(with_ids, dtype=np.int64)


def write_filter_columns(connection: sqlite3.Connection) -> None:
    """Write the columns into an article database whose tables are complete.

    They are put together in memory, at most about 20 bytes an article and 4 a tag of one.

    Raises:
        sqlite3.Error: If they cannot be written.
    """
    columns: dict[str, bytes] = {}
    originals = connection.execute(
        "SELECT coalesce(original, number) FROM articles ORDER BY number"
    )
    columns["original"] = np.fromiter((number for (number,) in originals), dtype=_NUMBER).tobytes()
    chunks = np.zeros(len(columns["original"]) // _NUMBER.itemsize, dtype=_NUMBER)
    for article, count in connection.execute("SELECT article, count(*) FROM chunks GROUP BY 1"):
        chunks[article] = count
    columns["chunks"] = chunks.tobytes()
    for name, statement in _ROWS.items():
        field = _gather(connection.execute(statement))
        columns[f"{name} values"] = json.dumps(field.values, ensure_ascii=False).encode()
        columns[f"{name} starts"] = field.starts.tobytes()
        columns[f"{name} numbers"] = field.numbers.tobytes()
    connection.execute(_TABLE)
    connection.executemany("INSERT INTO filter_columns VALUES (?,?)", columns.items())


def _gather(rows: Iterable[tuple[str, int]]) -> _Field:
    values, starts = list[str](), list[int]()

    def numbers() -> Iterator[int]:
        for at, (value, number) in enumerate(rows):
            if not values or values[-1] != value:
                values.append(value)
                starts.append(at)
            yield number

    gathered = np.fromiter(numbers(), dtype=_NUMBER)
    return _Field(values, np.array([*starts, len(gathered)], dtype=_NUMBER), gathered)
