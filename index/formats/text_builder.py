"""Text builder: headings, paragraphs, list items and tables to canonical text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.formats.tables import table_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.formats.tables import Cell

_DEEPEST: Final = 6
_FENCE: Final = "```"
_LITERAL: Final = "    "  # indented so far, a number sign does not mark a heading


class TextBuilder:
    """Builds a canonical text in the Markdown that `index.chunking.blocks` splits.

    White space in the words is collapsed; a block without words is left out.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._listing: str | None = None

    def heading(self, level: int, words: str) -> None:
        """Add a heading of level 1 to 6."""
        self._add(f"{'#' * min(level, _DEEPEST)} ", words)

    def paragraph(self, words: str) -> None:
        """Add a paragraph."""
        marked = words.lstrip()[:1] == "#"
        self._add(_LITERAL if marked else "", words)

    def item(self, words: str) -> None:
        """Add an item of a list."""
        self._add("- ", words, listing="items")

    def table(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add a table, each row an item."""
        for line in table_lines(rows):
            self._add("- ", line, listing="rows")
        self._listing = None  # what follows is no part of it

    def code(self, lines: str) -> None:
        """Add preformatted lines, their white space kept, between two fences."""
        shown = [line.rstrip() for line in lines.strip("\r\n").splitlines()]
        if not any(shown):
            return
        fence = _FENCE
        while any(line.lstrip().startswith(fence) for line in shown):
            fence += _FENCE[0]
        if self._parts:
            self._parts.append("\n\n")
        self._parts.append("\n".join([fence, *shown, fence]))
        self._listing = None

    def text(self) -> str:
        """The whole text."""
        return "".join(self._parts)

    def _add(self, marker: str, words: str, *, listing: str | None = None) -> None:
        collapsed = " ".join(words.split())
        if not collapsed:
            return
        if self._parts:
            self._parts.append("\n" if listing and listing == self._listing else "\n\n")
        self._parts.append(f"{marker}{collapsed}")
        self._listing = listing
