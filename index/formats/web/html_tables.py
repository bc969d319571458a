"""Tables of HTML: which hold data, and the spans of their cells."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

CELLS: Final = ("td", "th")
_PAGE_PARTS: Final = ("table", "article", "form", "section", "h1", "h2", "h3", "h4", "h5", "h6")
_ROW_GROUPS: Final = ("thead", "tbody", "tfoot")
_TO_THE_END: Final = 10_000
_LONGEST_CELL: Final = 300  # characters of an unmarked cell that holds a value, not part of a page


def data_rows(table: _Element) -> list[_Element]:
    """The rows of a table; none where it lays out a page.

    Such a table has one column, parts of a page for cells, or words outside its cells.
    """
    if table.get("role") in {"presentation", "none"}:
        return []
    if next(table.iterdescendants(*_PAGE_PARTS), None) is not None:
        return []
    rows = [*table.iter("tr")]
    cells = [[*row.iterchildren(*CELLS)] for row in rows]
    if max(map(len, cells), default=0) < 2 or _has_words_beside(table, rows):
        return []
    unmarked = all(cell.tag == "td" for cell in chain(*cells))
    return [] if unmarked and any(map(_is_long, chain(*cells))) else rows


def span(cell: _Element, direction: str) -> int:
    """How many rows or columns a cell spans, for ``row`` or ``col``; 0 means all that follow."""
    written = cell.get(f"{direction}span", "1").strip()
    if not (written.isascii() and written.isdecimal() and len(written) <= 5):
        return 1
    number = int(written)
    return _TO_THE_END if number == 0 else number


def _has_words_beside(table: _Element, rows: list[_Element]) -> bool:
    parts = (table, *table.iterchildren(*_ROW_GROUPS), *rows)
    texts = (text for part in parts for text in (part.text, *(child.tail for child in part)))
    return any(text is not None and text.strip() for text in texts)


def _is_long(cell: _Element) -> bool:
    return len(cell.findall("p")) > 1 or len("".join(cell.itertext())) > _LONGEST_CELL
