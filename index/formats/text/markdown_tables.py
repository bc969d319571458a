"""Tables of Markdown, rewritten so that every cell stands after the heading of its column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.formats.tables import Cell, table_lines
from index.formats.text.fences import Fences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DELIMITER: Final = re.compile(r"\|?(?:\s*+:?-++:?\s*+\|)*+(?:\s*+:?-++:?)?\Z")
_BAR: Final = re.compile(r"(?<!\\)\|")
_LINE_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_EMPHASIS: Final = re.compile(r"(?P<mark>\*\*|__|\*|_|`)(?P<words>[^*_`]+)(?P=mark)\Z")


def rewrite_tables(text: str) -> str:
    """Rewrite the tables of a Markdown text as lists, a row an item; the rest stays as it is."""
    if "|" not in text:
        return text
    return "".join(_rewritten(text.splitlines(keepends=True)))


def _rewritten(lines: Sequence[str]) -> Iterator[str]:
    fences = Fences()
    at = 0
    while at < len(lines):
        code, fence = fences.step(lines[at].rstrip("\r\n"))
        end = at if code or fence else _table_end(lines, at)
        if end == at:
            yield lines[at]
            at += 1
            continue
        line_end = lines[at][len(lines[at].rstrip("\r\n")) :]
        if at > 0 and lines[at - 1].strip():
            yield line_end
        rows = [_cells(line) for line in (lines[at], *lines[at + 2 : end])]
        for line in table_lines(_marked(rows)):
            yield f"- {line}{line_end}"
        if end < len(lines) and lines[end].strip():
            yield line_end
        at = end


def _table_end(lines: Sequence[str], at: int) -> int:
    """The number of the line behind a table; that of the line itself where none begins there."""
    if at + 1 >= len(lines) or "-" not in lines[at + 1]:
        return at
    header, delimiter = lines[at], lines[at + 1]
    if _DELIMITER.match(delimiter.strip()) is None or "|" not in header + delimiter:
        return at
    if len(_cells(header)) != len(_cells(delimiter)):
        return at
    end = at + 2
    while end < len(lines) and _BAR.search(lines[end]) is not None:
        end += 1
    return end


def _cells(line: str) -> list[str]:
    cells = _BAR.split(line.strip())
    if len(cells) > 1 and not cells[0].strip():
        del cells[0]
    if len(cells) > 1 and not cells[-1].strip():
        del cells[-1]
    return [_words(cell) for cell in cells]


def _words(cell: str) -> str:
    """The words of a cell, without emphasis of all of them."""
    words = _LINE_BREAK.sub(" ", cell.replace("\\|", "|")).strip()
    emphasised = _EMPHASIS.match(words)
    return words if emphasised is None else emphasised["words"]


def _marked(rows: list[list[str]]) -> list[list[Cell]]:
    """Mark the headings: those of columns, or of rows where the header is empty."""
    header, *body = rows
    if len(header) == 2 and not any(header):
        return [[Cell(words, at == 0) for at, words in enumerate(row)] for row in body]
    marked = [[Cell(words, is_heading=True) for words in header]]
    return [*marked, *([Cell(words) for words in row] for row in body)]
