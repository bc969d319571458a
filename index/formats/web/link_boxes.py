"""Boxes of a page that are links to other pages: lists, cards, and labels above them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.formats.web.element_names import names_of
from index.formats.web.markup import BLOCKS
from index.formats.web.other_parts import PARTS

if TYPE_CHECKING:
    from lxml.etree import _Element

    from index.formats.web.page_letters import PageLetters

HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINKED: Final = 0.9  # share of the words of a block that makes it a link to another page
_CARD_TAGS: Final = {"article", "div", "li", "section"}
_BUTTON_WORDS: Final = {"btn", "button", "cta"}  # of links that are shown as buttons
_BOX_TAGS: Final = {"div", "ol", "section", "ul"}
_LONGEST_NAME: Final = 15  # letters of a link that may be an author's name, below a heading
_LONGEST_LABEL: Final = 60  # letters of the label of a box of links


class LinkBoxes:
    """Tells which parts of a page are links to other pages.

    Args:
        body: The page.
        letters: Its letters.
    """

    def __init__(self, body: _Element, letters: PageLetters) -> None:
        self._letters = letters
        self._anchors = {element.get("id") for element in body.iter("*") if element.get("id")}

    def is_card(self, element: _Element) -> bool:
        """Whether a block begins with a linked heading, as summaries of other pages do."""
        return element.tag in _CARD_TAGS and any(
            self.is_link(heading) and self._letters.begins(element, heading)
            for heading in element.iter("h2", "h3", "h4", "h5")
        )

    def is_link(self, element: _Element) -> bool:
        """Whether a block is nothing but links to other pages, or has only a label above them."""
        letters = self._letters.count(element)
        linked = self.linked(element)
        if not linked or element.find(".//h1") is not None:
            return False
        return linked >= _LINKED * letters or (
            element.tag in _BOX_TAGS and linked >= _LINKED * (letters - self._label(element))
        )

    def linked(self, element: _Element) -> int:
        """Count the letters of links to other pages, and of lists of the page's own parts."""
        return sum(
            self._letters.count(link)
            for link in element.iter("a")
            if "#" not in (href := link.get("href", "#"))  # a heading that leads to itself has one
            or (href[1:] in self._anchors and next(link.iterancestors("li"), None) is not None)
            or not _BUTTON_WORDS.isdisjoint(names_of(link))
        )

    def _label(self, box: _Element) -> int:
        """Count the letters of the label that a box begins with; 0 without one."""
        first = box
        while not (first.text or "").strip():
            inner = next((child for child in first if self._letters.count(child)), None)
            if inner is None:
                return 0
            first = inner
        letters = self._letters.count(first)
        if first is box or letters > _LONGEST_LABEL or first.tag == "a" or len(first):
            return 0
        behind = first.getnext()
        is_block = first.tag in PARTS or first.tag in HEADINGS
        if not is_block and (
            behind is None or behind.tag not in BLOCKS or (first.tail or "").strip()
        ):
            return 0
        names_only = not any(
            self._letters.count(link) > _LONGEST_NAME or link.getparent().tag == "li"
            for link in box.iter("a")
        )
        return 0 if names_only or (first.text or "").strip()[-1] in ".!?" else letters

    def heads_links(self, heading: _Element) -> bool:
        """Whether there is nothing below a heading, up to the next one, but links elsewhere."""
        below = heading.getnext()
        if heading.tag == "h1" or below is None or below.tag not in {"ol", "ul"}:
            return False
        behind = below.getnext()
        return self.is_link(below) and (behind is None or behind.tag in HEADINGS)
