"""The main content of a web page: the element that holds it, and what in it belongs elsewhere.

The library trafilatura tells which words are the article; it loses some that stand among them, such
as lists and terms, so the text is written from the page's own element around those words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.formats.web.html_tables import data_rows
from index.formats.web.link_boxes import HEADINGS, LinkBoxes
from index.formats.web.links import has_control, is_in_sentence, leads_elsewhere
from index.formats.web.markup import BLOCKS
from index.formats.web.other_parts import PARTS, is_headed_other, is_named_other, is_other_element
from index.formats.web.page_letters import PageLetters
from index.formats.web.page_lines import (
    is_control_link,
    is_copyright_notice,
    is_inline_line,
    is_line_of_page,
)
from index.formats.web.reader_offers import is_offer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_ARTICLE_TAGS: Final = {"article", "main"}
_SMALL: Final = {"a", "font", "label", "small", "span", *HEADINGS}
_LONGEST_BEHIND: Final = 300  # letters of a part behind the last words of the article
_COVERED: Final = 0.6  # share of an article that was extracted, for its end to be known
_OF_TITLE: Final = 0.5  # share of the title of a page that its headline has at least
_LINKED_COLUMN: Final = 0.5  # share of a column that is links
_OF_MAIN: Final = 0.3  # an element with this share of the article is never left out of it
_MAIN_GROWTH: Final = 1.5  # how much text the element `main` may have for that of the article
# What may stand beside the element of the extracted text, and belong to it.
_FLOW_TAGS: Final = set("blockquote dl figure h1 h2 h3 h4 h5 h6 ol p pre table ul".split())
_OF_LIST: Final = 0.7  # share of the text in parts that lead elsewhere that makes a page a list
_MOST: Final = 0.9  # share of the article that its element must hold
_COLUMN: Final = 0.5  # share of the article of a column of a page that is laid out by a table
_BESIDE: Final = 0.1  # the most that a column beside it has


class MainContent:
    """The element of a page that holds its article.

    Args:
        body: The page, without what is hidden.
        blocks: The blocks of the article's text, in order, as an extractor gave them.
        titles: What the page says its title is, with or without the name of the site.

    Attributes:
        root: The smallest element that holds the article and its headline.
        teasers: How many parts were left out of it as leading to other pages, once `skips` has
            been asked about all of it.
    """

    def __init__(self, body: _Element, blocks: list[str], titles: list[str]) -> None:
        self._letters = PageLetters(body)
        self._letters.mark(blocks)
        self._links = LinkBoxes(body, self._letters)
        self._others: dict[_Element, bool] = {}  # as far as they have been asked about
        self._layout: dict[_Element, bool] = {}  # by table: whether it lays out a page
        self._inside = self._letters.marked(body)
        self._title, self._last = 0, self._letters.count(body)
        self._is_covered = False
        article = self._find(body)
        headline = self._headline(body, article, titles)
        self.root = article if headline is None else _common(headline, article)
        self._start, self._end = self._letters.span(article)
        if headline is not None:
            self._title = self._letters.span(headline)[0]
            self._start = min(self._start, self._title)
        self._inside = self._letters.marked(self.root)
        self._last = self._last_words(article)
        self._others.clear()  # what is known of the article says more of them
        self.teasers = 0
        others = [*self._marked_others(self.root)]
        # A page that is a list of other pages is nothing without them.
        marked = sum(map(self._letters.marked, others))
        self._is_list = marked > _OF_LIST * self._inside
        small = [
            other for other in others if self._letters.marked(other) <= _OF_MAIN * self._inside
        ]
        if small and not self._is_list:
            self._letters.unmark(small)
            self._last = self._last_words(article)

    def _headline(self, body: _Element, article: _Element, titles: list[str]) -> _Element | None:
        """The heading in or above the element of the article that is the title of the page."""
        start, end = self._letters.span(article)
        stated = ["".join(title.split()).casefold() for title in titles]
        above = None
        for heading in body.iter("h1", "h2", "h3"):
            words = self._letters.text(heading).casefold()
            is_title = words and any(
                title.startswith(words) or title.endswith(words)
                for title in stated
                if len(words) >= _OF_TITLE * len(title)
            )
            if is_title and start <= self._letters.span(heading)[0] < end:
                return heading
            if is_title and self._letters.span(heading)[1] <= start:
                above = heading
        return above

    def _last_words(self, article: _Element) -> int:
        """Where the last words end that were extracted; of few words of it, they say nothing."""
        start, end = self._letters.span(article)
        last = self._letters.last_marked(end)
        self._is_covered = self._letters.marked(article) >= _COVERED * (last - start) > 0
        return last if self._is_covered else end

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

    def _marked_others(self, element: _Element) -> Iterator[_Element]:
        """The parts of an element that hold extracted words and are not the article."""
        for child in element:
            if not isinstance(child.tag, str) or not (marked := self._letters.marked(child)):
                continue
            if marked <= _OF_MAIN * self._inside and (
                self._is_other(child) or is_offer(child, self._letters.count(child))
            ):
                yield child
            else:
                yield from self._marked_others(child)

    def skips(self, element: _Element) -> bool:
        """Whether an element inside the root is no part of the article."""
        if element is self.root or not isinstance(element.tag, str):
            return False
        start, end = self._letters.span(element)
        if start < end and (end <= self._start or start >= self._end):
            return True  # beside the article and its headline
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
        is_other = self._others.get(element)
        if is_other is None:
            is_other = self._others[element] = self._looks_other(element)
        return is_other or self._is_behind(element)

    def _looks_other(self, element: _Element) -> bool:
        if is_other_element(element):
            return True
        if element.tag in _SMALL:
            return self._is_other_small(element)
        if element.tag == "header":
            parent = element.getparent()
            return parent is not None and parent.tag == "body"
        if element.tag == "td" and self._lays_out(element):
            if self._stands_beside(element):
                return True
        elif element.tag not in PARTS and "-" not in element.tag:
            return False
        return (
            is_named_other(element)
            or is_line_of_page(element, self._letters.count(element))
            or is_headed_other(element)
            or self._is_discussion(element)
            or self._links.is_link(element)
            or self._links.is_card(element)
        )

    def _is_other_small(self, element: _Element) -> bool:
        """Whether a heading, link, span or words in another size are none of the article."""
        if element.tag in HEADINGS:
            is_banner = element.tag == "h1" and self._letters.span(element)[1] <= self._title
            return is_banner or self._links.heads_links(element)
        if element.tag == "label":
            return element.find("input") is not None
        letters = self._letters.count(element)
        if element.tag == "a":
            is_above = self._letters.span(element)[1] <= self._title  # it names a section
            return (is_above and not is_in_sentence(element)) or is_control_link(element)
        if element.tag == "span":
            return is_inline_line(element, letters)
        return is_copyright_notice(element, letters)

    def _is_discussion(self, element: _Element) -> bool:
        """Whether a part that is hardly of the article has a field to write a comment in."""
        return (
            self._is_covered
            and self._letters.marked(element) <= _BESIDE * self._inside
            and next(element.iter("textarea"), None) is not None
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
        if row is None:
            return False
        beside = max(self._letters.marked(other) for other in row)
        if not beside >= _COLUMN * self._inside > 0:
            return False
        if self._letters.marked(cell) <= _BESIDE * self._inside and leads_elsewhere(cell):
            return True
        return self._links.linked(cell) >= _LINKED_COLUMN * self._letters.count(cell) > 0

    def _is_behind(self, element: _Element) -> bool:
        """Whether a small part behind the last words of the article has something to press."""
        start, end = self._letters.span(element)
        return (
            self._last <= start < end <= start + _LONGEST_BEHIND
            and (element.tag in PARTS or "-" in element.tag)
            and element.tag not in _FLOW_TAGS
            and not any(self._links.linked(heading) == 0 for heading in element.iter(*HEADINGS))
            and has_control(element)
        )


def _common(first: _Element, second: _Element) -> _Element:
    """The smallest element that holds two."""
    around = {first, *first.iterancestors()}
    return next(element for element in (second, *second.iterancestors()) if element in around)


def _is_container(element: _Element) -> bool:
    return any(child.tag in BLOCKS or child.tag in _FLOW_TAGS for child in element)
