"""Element trees, of HTML or of trafilatura's own XML, to canonical text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import lxml.html

from index.formats.text_builder import TextBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_HEADING: Final = "head"  # trafilatura's; its level stands in the attribute 'rend'
_ITEMS: Final = {"li", "item", "dt", "dd"}
_ROWS: Final = {"tr", "row"}
_CELLS: Final = {"td", "th", "cell"}
_BREAKS: Final = {"br", "lb"}
_BLOCKS: Final = set(
    "address article aside blockquote body caption center details div dl fieldset figcaption "
    "figure footer form header hr list main nav ol p pre quote section summary table tbody tfoot "
    "thead ul".split()
)
# Characters over which the parser refuses the whole text.
_CONTROLS: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_UNSEEN: Final = set("button iframe input noscript object script select style template".split())


def fragment_text(html: str) -> str:
    """Write an HTML fragment, such as the content of a feed's entry, as text.

    Raises:
        lxml.etree.LxmlError: If it cannot be parsed at all.
    """
    markup = html.translate(_CONTROLS)
    if not markup.strip():
        return ""
    return tree_text(lxml.html.fragment_fromstring(markup, create_parent="div"))


def tree_text(root: _Element) -> str:
    """Write a tree as text with its headings, list items and table rows."""
    writer = _Writer()
    writer.write(root)
    writer.end_block()
    return writer.built.text()


class _Writer:
    """Walks a tree; inline text is buffered until the block around it ends."""

    def __init__(self) -> None:
        self.built = TextBuilder()
        self._words: list[str] = []
        self._is_item = False

    def write(self, element: _Element) -> None:
        """Write an element, without its tail."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSEEN:  # a comment has a function for a tag
            return
        level = _HEADINGS.get(tag)
        if tag == _HEADING:
            level = _HEADINGS.get(element.get("rend", ""), 2)
        if level is not None:
            self.end_block()
            self.built.heading(level, _inline(element))
        elif tag in _ROWS:
            self.end_block()
            self.built.row(_inline(cell) for cell in element.iter(*_CELLS))
        elif tag in _BREAKS:
            self._words.append(" ")
        elif tag in _ITEMS:
            self.end_block()
            self._is_item = True
            self._content(element)
            self.end_block()
        elif tag in _BLOCKS and not self._begins_item():
            self.end_block()
            self._content(element)
            self.end_block()
        else:
            self._content(element)

    def end_block(self) -> None:
        """Write the buffered text as a block."""
        words = "".join(self._words)
        self._words.clear()
        if self._is_item and words.strip():
            self.built.item(words)
            self._is_item = False
        else:
            self.built.paragraph(words)

    def _begins_item(self) -> bool:
        """Whether an item has begun without words yet, so that its first block is the item."""
        return self._is_item and not "".join(self._words).strip()

    def _content(self, element: _Element) -> None:
        self._words.append(element.text or "")
        for child in element:
            self.write(child)
            self._words.append(child.tail or "")


def _inline(element: _Element) -> str:
    """The text of an element, with spaces between blocks."""
    return " ".join(_pieces(element)) if _has_blocks(element) else "".join(_pieces(element))


def _has_blocks(element: _Element) -> bool:
    return any(child.tag in _BLOCKS | _ITEMS | _BREAKS for child in element.iter())


def _pieces(element: _Element) -> Iterator[str]:
    for child in element.iter():
        if isinstance(child.tag, str) and child.tag not in _UNSEEN and child.text:
            yield child.text
        if child is not element and child.tail:
            yield child.tail
