"""Columns of a page: lines beside each other, to the order in which they are read."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from index.formats.pdf.layout import Line
from index.formats.tables import labelled_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SAME: Final = 2.0  # points, within which two lines have the same height on the page
_ALIGNED: Final = 3.0  # points, within which lines of a column begin at the same place
_COLUMN_ROWS: Final = 3  # fewer lines beside each other are no columns of prose
_COLUMN_WORDS: Final = 4  # on average in a line of a column of prose


def reading_order(page: Sequence[Line]) -> list[Line]:
    """Order the lines of columns of prose, and join the parts of other lines.

    PDFium reads lines from left to right where a program has written them so, over columns too.
    """
    ordered: list[Line] = []
    region: list[list[Line]] = []
    for row in [*_rows(page), []]:
        if len(row) > 1 and (not region or len(row) == len(region[0])):
            region.append(row)
            continue
        ordered.extend(_read(region))
        region = [row] if len(row) > 1 else []
        if len(row) == 1:
            ordered.append(row[0])
    return ordered


def _rows(page: Sequence[Line]) -> Iterator[list[Line]]:
    """Group neighbouring lines that stand beside each other, from left to right."""
    row: list[Line] = []
    for line in page:
        if row and not (abs(line.bottom - row[-1].bottom) <= _SAME and line.left >= row[-1].right):
            yield row
            row = []
        row.append(line)
    if row:
        yield row


def _read(region: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """Read rows with the same number of parts."""
    is_close = any(line.is_cell for row in region for line in row)
    if not is_close and _is_prose(region):
        for column in zip(*region, strict=True):
            yield from column
    elif (labelled := _table(region)) is not None:
        yield from labelled
    elif is_close:
        yield from (replace(_whole(row), words=f"- {_whole(row).words}") for row in region)
    else:
        yield from map(_whole, region)


def _table(region: Sequence[Sequence[Line]]) -> list[Line] | None:
    """The rows of a table as items; None where its columns are not apart, or have no headings."""
    columns = [*zip(*region, strict=True)]
    if any(
        max(line.right for line in column) >= min(line.left for line in beside)
        for column, beside in pairwise(columns)
    ):
        return None
    labelled = labelled_rows([[line.words for line in row] for row in region])
    if labelled is None or len(labelled) != len(region) - 1:
        return None
    return [
        replace(_whole(row), words=f"- {words}")
        for row, words in zip(region[1:], labelled, strict=True)
    ]


def _is_prose(region: Sequence[Sequence[Line]]) -> bool:
    if len(region) < _COLUMN_ROWS:
        return False
    columns = [*zip(*region, strict=True)]
    return all(
        max(line.left for line in column) - min(line.left for line in column) <= _ALIGNED
        and sum(len(line.words.split()) for line in column) >= _COLUMN_WORDS * len(column)
        for column in columns
    )


def _whole(row: Sequence[Line]) -> Line:
    words = " ".join(line.words for line in row)
    return Line(words, row[0].left, row[-1].right, row[0].bottom, row[0].height)
