"""The letters of a page, and which of them an extractor took for the article's."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from index.formats.web.hidden import UNSEEN

if TYPE_CHECKING:
    from lxml.etree import _Element

_FIRST_LETTERS: Final = 200  # of a block, by which it is found in the page
_PIECE: Final = 40  # letters of a block that stand together, or not at all
_FARTHEST: Final = 2000  # letters between two pieces of a block


class PageLetters:
    """The letters of a page without white space, and which of them are of the article."""

    def __init__(self, body: _Element) -> None:
        self._ranges: dict[_Element, tuple[int, int]] = {}
        self._parts: list[str] = []
        self._length = 0
        self._walk(body)
        self._text = "".join(self._parts)
        self._marks = bytearray(self._length)
        self._sums: list[int] = []

    def mark(self, blocks: list[str]) -> None:
        """Mark the letters of the article."""
        position = 0
        for block in blocks:
            letters = "".join(block.split())
            if not letters:
                continue
            start = self._start(letters, position)
            if start >= 0:
                position = self._mark_from(letters, start)
        self._sums = [0, *accumulate(self._marks)]

    def unmark(self, elements: list[_Element]) -> None:
        """Take back that the letters of some elements are of the article."""
        for start, end in map(self.span, elements):
            self._marks[start:end] = bytes(end - start)
        self._sums = [0, *accumulate(self._marks)]

    def _start(self, letters: str, position: int) -> int:
        """Where a block begins, behind a position if it does so there; -1 where it does not."""
        for first in dict.fromkeys((letters[:_FIRST_LETTERS], letters[:_PIECE])):
            for low in (position, 0):
                start = self._text.find(first, low)
                if start >= 0:
                    return start
        return -1

    def _mark_from(self, letters: str, start: int) -> int:
        """Mark a block, also where words of another part stand in it; returns where it ends."""
        end = start
        for at in range(0, len(letters), _PIECE):
            piece = letters[at : at + _PIECE]
            found = self._text.find(piece, end, end + _FARTHEST)
            if found >= 0:
                end = found + len(piece)
                self._marks[found:end] = b"\1" * len(piece)
        return end

    def count(self, element: _Element) -> int:
        """Count the letters of an element."""
        start, end = self.span(element)
        return end - start

    def span(self, element: _Element) -> tuple[int, int]:
        """Where the letters of an element stand among those of the page."""
        return self._ranges.get(element, (0, 0))

    def text(self, element: _Element) -> str:
        """The letters of an element."""
        start, end = self.span(element)
        return self._text[start:end]

    def last_marked(self, end: int) -> int:
        """Where the last letter of the article before ``end`` ends; 0 without one."""
        return self._marks.rfind(1, 0, end) + 1

    def begins(self, element: _Element, inner: _Element) -> bool:
        """Whether the first letters of an element are those of one inside it."""
        return self.span(element)[0] == self._ranges.get(inner, (-1, 0))[0]

    def marked(self, element: _Element) -> int:
        """Count the letters of the article in an element."""
        start, end = self.span(element)
        return self._sums[end] - self._sums[start]

    def _walk(self, element: _Element) -> None:
        start = self._length
        self._add(element.text)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in UNSEEN:
                self._walk(child)
            self._add(child.tail)
        self._ranges[element] = start, self._length

    def _add(self, text: str | None) -> None:
        letters = "".join((text or "").split())
        self._parts.append(letters)
        self._length += len(letters)
