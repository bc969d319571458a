"""Filters -> passing articles and chunks, by columns of numbers instead of a row an article.

A filter by source or day can pass hundreds of thousands of chunks, and selecting them from the
tables would read a row for each. Here each value of a field has the sorted numbers of its articles,
and each article has its number of chunks, whose ids are consecutive.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
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
_MONTH: Final = len("2025-01")
_TABLE: Final = "CREATE TABLE filter_columns (name TEXT PRIMARY KEY, data BLOB NOT NULL)"
# Each query reads only an index of the table, in the order of values.
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
        starts: ``(n_values + 1,)`` int32: where each value's articles start in `numbers`, and the
            end.
        numbers: ``(n,)`` int32: article numbers, value after value, sorted within each.
    """

    values: list[str]
    starts: Numbers
    numbers: Numbers

    def between(self, first: str | None, last: str | None) -> slice:
        """The slice of `numbers` with values from `first` to `last`; None is no bound."""
        low = 0 if first is None else bisect_left(self.values, first)
        high = len(self.values) if last is None else bisect_right(self.values, last)
        return slice(self.starts[low], self.starts[high])


class FilterColumns:
    """The columns of all articles of a generation, by article number from 0.

    Args:
        connection: An article database with the columns that `write_filter_columns` wrote.

    Raises:
        sqlite3.Error: If they cannot be read.
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
        """Find the articles that pass all filters, themselves or as a copy.

        Args:
            filters: The filters to pass.
            with_ids: Numbers of the articles with the ids in the filters.

        Returns:
            Sorted article numbers, without copies.
        """
        return np.flatnonzero(self._passing(filters, with_ids))

    def chunks(self, filters: Filters, with_ids: Iterable[int]) -> Ids:
        """Find the chunks of the articles that pass: sorted ids; see `articles`."""
        return np.flatnonzero(np.repeat(self._passing(filters, with_ids), self._chunks))

    def shown(self, filters: Filters, with_ids: Iterable[int], originals: Iterable[int]) -> Ids:
        """Find the version of each given article that is shown: itself, or its first passing copy.

        Args:
            filters: The filters to pass.
            with_ids: Numbers of the articles with the ids in the filters.
            originals: Numbers of articles that are not copies.

        Returns:
            Sorted numbers of versions; none for an article of which no version passes.
        """
        selected = np.zeros(len(self._originals), dtype=np.bool_)
        selected[np.fromiter(originals, dtype=np.int64)] = True
        numbers = np.flatnonzero(self._versions(filters, with_ids) & selected[self._originals])
        _, first = np.unique(self._originals[numbers], return_index=True)
        return np.sort(numbers[first])

    def undated(self, filters: Filters, with_ids: Iterable[int]) -> int:
        """Count the articles that a filter by day leaves out because they have no day.

        They pass the other filters, themselves or as a copy, and none that does has a day.
        """
        others = replace(filters, published_from=None, published_to=None)
        versions = self._versions(others, with_ids)
        dated = np.zeros_like(versions)
        dated[self._fields["day"].numbers] = True
        originals = np.zeros_like(versions)
        originals[self._originals[versions]] = True
        originals[self._originals[versions & dated]] = False
        return int(np.count_nonzero(originals))

    def counts(self, name: str, filters: Filters, with_ids: Iterable[int]) -> dict[str, int]:
        """Count the articles that pass, by the values of a field; copies count as one article.

        Args:
            name: ``source``, ``tag``, ``day``, or ``month`` for days by month, as 2025-01.
            filters: The filters to pass.
            with_ids: Numbers of the articles with the ids in the filters.

        Returns:
            The values that any passing article has, with their counts.
        """
        field = self._fields["day" if name == "month" else name]
        labels = [value[:_MONTH] if name == "month" else value for value in field.values]
        groups = {label: number for number, label in enumerate(dict.fromkeys(labels))}
        group_of_value = np.array([groups[label] for label in labels], dtype=np.int64)
        group_of_row = np.repeat(group_of_value, np.diff(field.starts))
        passing = self._versions(filters, with_ids)[field.numbers]
        originals = self._originals[field.numbers[passing]]
        pairs = np.unique(group_of_row[passing] * len(self._originals) + originals)
        counted = np.bincount(pairs // len(self._originals), minlength=len(groups))
        return {label: int(counted[number]) for label, number in groups.items() if counted[number]}

    def _passing(self, filters: Filters, with_ids: Iterable[int]) -> Flags:
        """Flag the originals that pass, themselves or as a copy."""
        passing = self._versions(filters, with_ids)
        originals = np.zeros_like(passing)
        originals[self._originals[passing]] = True
        return originals

    def _versions(self, filters: Filters, with_ids: Iterable[int]) -> Flags:
        """Flag the articles and copies that pass, each by its own metadata."""
        passing = np.ones(len(self._originals), dtype=np.bool_)
        for numbers in self._parts(filters, with_ids):
            matching = np.zeros_like(passing)
            matching[numbers] = True
            passing &= matching
        return passing

    def _parts(
        self, filters: Filters, with_ids: Iterable[int]
    ) -> Iterator[npt.NDArray[np.integer[Any]]]:
        """Give, for each filter that is set, the numbers of the articles that match it."""
        first, last = filters.published_from, filters.published_to
        if first is not None or last is not None:
            days = self._fields["day"]
            yield days.numbers[
                days.between(
                    None if first is None else first.isoformat(),
                    None if last is None else last.isoformat(),
                )
            ]
        for name, values in (("source", filters.sources), ("tag", filters.tags)):
            if values:
                field = self._fields[name]
                yield np.concatenate(
                    [field.numbers[field.between(value, value)] for value in values]
                )
        if filters.article_ids:
            yield np.fromiter(with_ids, dtype=np.int64)


def write_filter_columns(connection: sqlite3.Connection) -> None:
    """Write the columns into an article database whose tables are complete.

    The columns are made in memory: about 20 bytes an article and 4 for each of its tags.

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
        field = _field(connection.execute(statement))
        columns[f"{name} values"] = json.dumps(field.values, ensure_ascii=False).encode()
        columns[f"{name} starts"] = field.starts.tobytes()
        columns[f"{name} numbers"] = field.numbers.tobytes()
    connection.execute(_TABLE)
    connection.executemany("INSERT INTO filter_columns VALUES (?,?)", columns.items())


def _field(rows: Iterable[tuple[str, int]]) -> _Field:
    values, starts = list[str](), list[int]()

    def numbers() -> Iterator[int]:
        for at, (value, number) in enumerate(rows):
            if not values or values[-1] != value:
                values.append(value)
                starts.append(at)
            yield number

    column = np.fromiter(numbers(), dtype=_NUMBER)
    return _Field(values, np.array([*starts, len(column)], dtype=_NUMBER), column)
