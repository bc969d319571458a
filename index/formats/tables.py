"""Tables: each row to a line in which every cell stands after the heading of its column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")


def labelled_rows(rows: Sequence[Sequence[str]]) -> list[str] | None:
    """Write the rows below the headings of a table: ``Country: Sweden; Sales: 540``.

    Returns:
        A line for each row, without its empty cells; None where the first row holds no headings
        or cells are merged, so that it is not sure what a cell stands under.
    """
    if len(rows) < 2 or len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
        return None
    headings = [" ".join(cell.split()).rstrip(":") for cell in rows[0]]
    if not all(headings[1:]) or len(set(headings)) < len(headings):
        return None
    if any(re.search(r"\d", words) and not _YEAR.match(words) for words in headings):
        return None
    lines = []
    for row in rows[1:]:
        cells = zip(headings, (" ".join(cell.split()) for cell in row), strict=True)
        lines.append("; ".join(_labelled(heading, cell) for heading, cell in cells if cell))
    return [line for line in lines if line]


def _labelled(heading: str, cell: str) -> str:
    return f"{heading}: {cell}" if heading else cell
