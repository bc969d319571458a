"""The main content of a web page: the element that holds it, and what in it belongs elsewhere.

The library trafilatura tells which words are the article; it loses some that stand among them, such
as lists and terms, so the text is written from the page's own element around those words.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from index.formats.web.hidden import UNSEEN, is_hidden
from index.formats.web.html_tables import data_rows
from index.formats.web.markup import BLOCKS
from index.formats.web.other_parts import (
    PARTS,
    is_control_link,
    is_headed_other,
    is_line_of_page,
    is_named_other,
    is_offer,
    is_other_element,
    leads_elsewhere,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_ARTICLE_TAGS: Final = {"article", "main"}
_LINKED: Final = 0.9  # share of the words of a block that makes it a link to another page
_OF_MAIN: Final = 0.3  # an element with this share of the article is never left out of it
_MAIN_GROWTH: Final = 1.5  # how much text the element `main` may have for that of the article
_CARD_TAGS: Final = {"article", "div", "li", "section"}
# What may stand beside the element of the extracted text, and belong to it.
_FLOW_TAGS: Final = set("blockquote dl figure h1 h2 h3 h4 h5 h6 ol p pre table ul".split())
_OF_LIST: Final = 0.7  # share of the text in parts that lead elsewhere that makes a page a list
_MOST: Final = 0.9  # share of the article that its element must hold
_COLUMN: Final = 0.5  # share of the article of a column of a page that is laid out by a table
_BESIDE: Final = 0.1  # the most that a column beside it has
_FIRST_LETTERS: Final = 200  # of a block, by which it is found in the page
_PIECE: Final = 40  # letters of a block that stand together, or not at all
_FARTHEST: Final = 2000  # letters between two pieces of a block


class MainContent:
    """The element of a page that holds its article.

    Args:
        body: The page; hidden elements count for nothing.
        blocks: The blocks of the article's text, in order, as an extractor gave them.

    Attributes:
        root: The smallest element that holds the article.
        teasers: How many parts were left out of it as leading to other pages, once `skips` has
            been asked about all of it.
    """

    def __init__(self, body: _Element, blocks: list[str]) -> None:
        self._letters = _Letters(body)
        self._letters.mark(blocks)
        self._layout: dict[_Element, bool] = {}  # by table: whether it lays out a page
        self._inside = self._letters.marked(body)
        self.root = self._find(body)
        self._inside = self._letters.marked(self.root)
        self.teasers = 0
        # A page that is a list of other pages is nothing without them.
        self._is_list = self._marked_in_others(self.root) > _OF_LIST * self._inside

    def _find(self, body: _Element) -> _Element:
        total = self._letters.marked(body)
        root = body
        while True:
            inner = [child for child in root if self._letters.marked(child) >= _MOST * total > 0]
            if not inner:
                break
            root = inner[0]
        return self._around(root, body)

    def _around(self, root: _Element, body: _Element) -> _Element:
        """The element that holds what stands beside the extracted text and belongs to it."""
        if root.tag == "article":
            return root
        for element in root.iterancestors(*_ARTICLE_TAGS):
            most = _MAIN_GROWTH * self._letters.marked(body)
            if element.tag == "article" or self._own_letters(element) <= most:
                return element
        while root is not body and (parent := root.getparent()) is not None:
            beside = [child for child in parent if child is not root and self._letters.count(child)]
            if _is_container(root) and any(child.tag not in _FLOW_TAGS for child in beside):
                break
            root = parent
        return root

    def _own_letters(self, element: _Element) -> int:
        """The letters of an element without what looks like another part of the page."""
        if self._is_other(element):
            return 0
        return self._letters.count(element) - sum(
            self._letters.count(child) - self._own_letters(child)
            for child in element
            if isinstance(child.tag, str)
        )

    def _marked_in_others(self, element: _Element) -> int:
        return sum(
            self._letters.marked(child) if self._is_other(child) else self._marked_in_others(child)
            for child in element
            if isinstance(child.tag, str)
        )

    def skips(self, element: _Element) -> bool:
        """Whether an element inside the root is no part of the article."""
        if element is self.root or not isinstance(element.tag, str):
            return False
        if is_offer(element, self._letters.count(element)):
            self.teasers += 1
            return True
        if self._is_list or self._letters.marked(element) > _OF_MAIN * self._inside:
            return False
        if not self._is_other(element):
            return False
        self.teasers += self._letters.count(element) > 0
        return True

    def _is_other(self, element: _Element) -> bool:
        """Whether an element looks like a part of the page that is not the article."""
        if is_other_element(element):
            return True
        if element.tag == "header":
            parent = element.getparent()
            return parent is not None and parent.tag == "body"
        if element.tag == "a":
            return is_control_link(element)
        if element.tag == "td" and self._lays_out(element):
            if self._stands_beside(element):
                return True
        elif element.tag not in PARTS:
            return False
        return (
            is_named_other(element)
            or is_line_of_page(element, self._letters.count(element))
            or is_headed_other(element)
            or self._is_link(element)
            or self._is_card(element)
        )

    def _lays_out(self, cell: _Element) -> bool:
        """Whether the table of a cell lays out a page."""
        table = next(cell.iterancestors("table"), None)
        if table is None:
            return False
        if table not in self._layout:
            self._layout[table] = not data_rows(table)
        return self._layout[table]

    def _stands_beside(self, cell: _Element) -> bool:
        """Whether a cell that leads elsewhere has the article in the next column."""
        row = cell.getparent()
        if row is None or self._letters.marked(cell) > _BESIDE * self._inside:
            return False
        beside = max(self._letters.marked(other) for other in row)
        return beside >= _COLUMN * self._inside > 0 and leads_elsewhere(cell)

    def _is_card(self, element: _Element) -> bool:
        """Whether a block begins with a linked heading, as summaries of other pages do."""
        return element.tag in _CARD_TAGS and any(
            self._is_link(heading) and self._letters.begins(element, heading)
            for heading in element.iter("h2", "h3", "h4", "h5")
        )

    def _is_link(self, element: _Element) -> bool:
        """Whether a block is nothing but links to other pages."""
        letters = self._letters.count(element)
        linked = sum(
            self._letters.count(link)
            for link in element.iter("a")
            if "#" not in link.get("href", "#")  # a heading that leads to itself has one
        )
        return letters > 0 and element.find(".//h1") is None and linked >= _LINKED * letters


def _is_container(element: _Element) -> bool:
    return any(child.tag in BLOCKS or child.tag in _FLOW_TAGS for child in element)


class _Letters:
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
        start, end = self._ranges.get(element, (0, 0))
        return end - start

    def begins(self, element: _Element, inner: _Element) -> bool:
        """Whether the first letters of an element are those of one inside it."""
        return self._ranges.get(element, (0, 0))[0] == self._ranges.get(inner, (-1, 0))[0]

    def marked(self, element: _Element) -> int:
        """Count the letters of the article in an element."""
        start, end = self._ranges.get(element, (0, 0))
        return self._sums[end] - self._sums[start]

    def _walk(self, element: _Element) -> None:
        start = self._length
        self._add(element.text)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in UNSEEN and not is_hidden(child):
                self._walk(child)
            self._add(child.tail)
        self._ranges[element] = start, self._length

    def _add(self, text: str | None) -> None:
        letters = "".join((text or "").split())
        self._parts.append(letters)
        self._length += len(letters)
