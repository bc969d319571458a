"""Tables: each row to a line in which every cell stands after the heading of its column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_COLUMNS: Final = 1000
_MAX_REPEATED: Final = 200_000  # cells of a table that repeat one that spans rows or columns
_LONGEST_LINE: Final = 240  # characters; a longer row goes on in a line with its first cell
_MOST_HEADINGS: Final = 10  # rows of them above each other
_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")
_LABEL: Final = re.compile(r"[^:\s][^:]{0,99}: (?=\S)")
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell of a table; each has an identity of its own.

    Attributes:
        words: Its words.
        is_heading: Whether it is marked as a heading.
        columns: How many columns it spans.
        rows: How many rows it spans.
    """

    words: str
    is_heading: bool = False
    columns: int = 1
    rows: int = 1


_EMPTY: Final = Cell("")
_Row = list[Cell]


def table_lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Write the rows of a table: ``Country: Sweden; Sales: 540``.

    Where no cell is marked as a heading, the first row counts as headings if it looks like that.
    A cell that spans rows is repeated in each; one that spans all columns is a line of its own.
    """
    grid = _grid(rows)
    if not any(cell.is_heading or cell.columns > 1 for row in grid for cell in row):
        labelled = labelled_rows([[cell.words for cell in row] for row in grid])
        if labelled is not None:
            return labelled
    lines: list[str] = []
    headings: list[_Row] = []
    is_open = False  # whether no row has stood under the headings yet
    for row in grid:
        cells = list(dict.fromkeys(cell for cell in row if cell.words.strip()))
        if not cells:
            continue
        if all(cell is row[0] for cell in row):
            lines.append(_collapsed(row[0].words))
        elif all(cell.is_heading and _is_repeatable(cell.words) for cell in cells):
            if is_open and len(headings) == _MOST_HEADINGS:
                lines.extend(_unlabelled(headings))
                is_open = False
            headings = [*headings, row] if is_open else [row]
            is_open = True
        else:
            lines.extend(_lines(row, _labels(headings, len(row))))
            is_open = False
    if is_open:
        lines.extend(_unlabelled(headings))
    return lines


def _is_repeatable(words: str) -> bool:
    """Whether a cell may stand in many lines, as a heading or the first of its row."""
    return len(_collapsed(words)) <= _LONGEST_LINE


def _unlabelled(rows: Sequence[_Row]) -> Iterator[str]:
    """Write rows of headings that stand above nothing."""
    for row in rows:
        yield from _lines(row, [""] * len(row))


def labelled_rows(rows: Sequence[Sequence[str]]) -> list[str] | None:
    """Write the rows below the headings of a table in which nothing is marked.

    Returns:
        A line for each row, without its empty cells; None where it is not sure that the first row
        holds the headings of the columns.
    """
    if len(rows) < 2 or len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return None
    headings = [_collapsed(words).rstrip(":") for words in rows[0]]
    if not all(map(_is_repeatable, headings)):
        return None
    if not all(headings[1:]) or len(set(headings)) < len(headings):
        return None
    if any(_DIGIT.search(words) and not _YEAR.match(words) for words in headings):
        return None
    if len(headings) == 2 and not _is_series(headings, [row[1].strip() for row in rows[1:]]):
        return None
    return [line for row in rows[1:] for line in _lines([Cell(words) for words in row], headings)]


def row_values(line: str) -> list[tuple[int, int, int]]:
    """The cells of a row that `table_lines` may have written.

    Returns:
        For each cell the offsets in the line at which it begins, its value begins, and it ends;
        nothing where the line does not look like a row of several cells with headings.
    """
    cells = []
    start = 0
    for part in line.split("; "):
        label = _LABEL.match(part)
        if label is None and start > 0:
            return []
        value = start if label is None else start + label.end()
        cells.append((start, value, start + len(part)))
        start += len(part) + len("; ")
    return cells if len(cells) > 1 else []


def _is_series(headings: Sequence[str], values: Sequence[str]) -> bool:
    """Whether values below two headings are of one kind, not each of the kind its row names."""
    if headings[0] and _YEAR.match(headings[1]):
        return False
    years = {_YEAR.match(value) is not None for value in values if value}
    return len(years) == 1 and all(_DIGIT.search(value) for value in values if value)


def _grid(rows: Sequence[Sequence[Cell]]) -> list[_Row]:
    """Repeat the cells that span several rows or columns, so that all rows are as long."""
    grid: list[_Row] = []
    below: dict[int, tuple[Cell, int]] = {}  # by column: the cell above and how far down it goes
    repeated = 0
    for row in rows:
        placed: _Row = []
        cells = iter(row)
        last = max(below, default=-1)
        while len(placed) < MAX_COLUMNS:
            at = len(placed)
            if at in below:
                cell, left = below.pop(at)
                end = at + 1
                repeated += 1
            else:
                following = next(cells, None)
                if following is None and at > last:
                    break
                cell = _EMPTY if following is None else following
                left, end = cell.rows, min(at + cell.columns, MAX_COLUMNS)
                end = next((column for column in range(at + 1, end) if column in below), end)
            if repeated >= _MAX_REPEATED:
                left, end = 1, at + 1
            repeated += end - at - 1
            for column in range(at, end):
                placed.append(cell)
                if left > 1:
                    below[column] = (cell, left - 1)
        grid.append(placed)
    width = max(map(len, grid), default=0)
    if width * len(grid) <= _MAX_REPEATED:
        return [row + [_EMPTY] * (width - len(row)) for row in grid]
    return grid


def _labels(headings: Sequence[_Row], width: int) -> list[str]:
    """The heading of each column: those above each other, once each."""
    labels = []
    for column in range(width):
        stacked = dict.fromkeys(row[column] for row in headings if column < len(row))
        words = dict.fromkeys(_collapsed(cell.words).rstrip(":") for cell in stacked)
        labels.append(" ".join(filter(None, words)))
    return labels


def _lines(row: Sequence[Cell], labels: Sequence[str]) -> list[str]:
    """Write a row, in several lines that each begin with its first cell where it is long."""
    parts = [*_parts(row, labels)]
    first = [part for part in parts[:1] if _is_repeatable(part)]
    lines: list[str] = []
    line: list[str] = []
    for part in parts:
        if len(line) > len(first) and len("; ".join([*line, part])) > _LONGEST_LINE:
            lines.append(_joined(line))
            line = [*first]
        line.append(part)
    return [*lines, _joined(line)] if line else lines


def _parts(row: Sequence[Cell], labels: Sequence[str]) -> Iterator[str]:
    column = 0
    for cell, group in groupby(row):
        span = len([*group])
        words = _collapsed(cell.words)
        if words:
            label = ", ".join(dict.fromkeys(filter(None, labels[column : column + span])))
            is_row_heading = cell.is_heading and column == 0 and not any(labels)
            yield (
                f"{label}: {words}" if label else f"{words.rstrip(':')}:" * is_row_heading or words
            )
        column += span


def _joined(parts: Sequence[str]) -> str:
    """Join the cells of a row; what ends in a colon names what follows."""
    first, *others = parts
    separator = " " if first.endswith(":") else "; "
    return separator.join([first, "; ".join(others)]) if others else first


def _collapsed(words: str) -> str:
    return " ".join(words.split())
