"""Element trees of HTML to canonical text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import lxml.html

from index.formats.control_characters import without_controls
from index.formats.encodings import replace_control_references
from index.formats.tables import Cell
from index.formats.text_builder import TextBuilder
from index.formats.web.hidden import UNSEEN, is_hidden
from index.formats.web.html_tables import CELLS, data_rows, span
from index.formats.web.moments import begins_entry, is_entry_time, time_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
BLOCKS: Final = set(
    "address article aside blockquote body caption center details dialog div dl fieldset "
    "figcaption figure footer form header hgroup hr html legend main menu nav ol p section "
    "summary table tbody tfoot thead ul".split()
)
_IN_LINE: Final = {"a", "span", "time"}
_ITEMS: Final = {"li", "dt", "dd"}
_TABLE_PARTS: Final = {"tr", *CELLS}  # blocks where a table lays out a page
_SUPERSCRIPTS: Final = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_EDIT_MARKS: Final = {"mw-editsection", "mw-cite-backlink", "reference", "noprint", "footnote-back"}
_EPUB_TYPE: Final = "{http://www.idpf.org/2007/ops}type"
_LINE_BREAK: Final = "\u2028"  # white space to all that follows
_POWER: Final = re.compile(r"[+\-−]?\d{1,4}\Z")
_LAYOUT: Final = 10  # characters with white space for each of the words
_NOTE_MARK: Final = re.compile(r"\[?(?:\d{1,3}|[a-z*†‡])\]?\Z")


def _nothing(element: _Element) -> bool:
    del element
    return False


def fragment_text(html: str, skip: Callable[[_Element], bool] = _nothing) -> str:
    """Write an HTML fragment, such as the content of a feed's entry, as text.

    Args:
        html: The fragment.
        skip: Which elements to leave out, besides those that nobody sees.

    Raises:
        lxml.etree.LxmlError: If it cannot be parsed at all.
    """
    markup = without_controls(replace_control_references(html))
    if not markup.strip():
        return ""
    return tree_text(lxml.html.fragment_fromstring(markup, create_parent="div"), skip)


def short_words(element: _Element, longest: int) -> str | None:
    """The words of an element, single spaces between them; None where there are too many.

    It takes no longer than so many words do: elements stand in elements, hundreds deep.

    Args:
        element: The element.
        longest: The most characters; with the white space of the markup, ten times as many.
    """
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        pieces.append(piece)
        size += len(piece) + 1
        if size > longest * _LAYOUT:
            return None
    words = " ".join("".join(pieces).split())
    return words if len(words) <= longest else None


def _is_edit_mark(element: _Element) -> bool:
    """Whether an inline element is a link to edit, a reference mark, or leads back from a note."""
    names = element.get("class")
    return (
        names is not None
        and element.tag in {"a", "span", "sup"}
        and not _EDIT_MARKS.isdisjoint(names.split())
    )


def tree_text(root: _Element, skip: Callable[[_Element], bool] = _nothing) -> str:
    """Write a tree as text with its headings, list items, code and table rows.

    Args:
        root: The tree.
        skip: Which elements to leave out, besides those that nobody sees.
    """
    writer = _Writer(skip)
    writer.write(root)
    return writer.text()


class _Writer:
    """Walks a tree; inline text is buffered until the block around it ends."""

    def __init__(self, skip: Callable[[_Element], bool]) -> None:
        self._built = TextBuilder()
        self._skip = skip
        self._words: list[str] = []
        self._is_blank = True  # as long as they are white space
        self._is_item = False
        self._term = ""  # of a list of definitions, until its first definition
        # A time that is a block, until it is known whether it is that of a live blog's entry.
        self._moment = ""
        self._moment_is_item = False
        self._is_timetable = False  # the block before it is a time, too

    def write(self, element: _Element) -> None:
        """Write an element, without its tail."""
        tag = element.tag
        if self._is_left_out(element):
            return
        level = _HEADINGS.get(tag)
        if level is not None:
            self.end_block()
            self._heading(level, element)
        elif tag == "table" and (rows := data_rows(element)):
            self._table(element, rows)
        elif tag == "pre":
            self.end_block()
            self._write_moment()
            self._built.code(_verbatim(element))
        elif tag == "br":
            self._break_line()
        elif tag in _ITEMS:
            self._item(element)
        elif tag in BLOCKS | _TABLE_PARTS and not self._begins_item():
            self.end_block()
            self._content(element)
            self._end_term()
        else:
            before, after = _marks(element)
            self._say(before)
            if after is not None:
                self._content(element)
                self._say(after)

    def _item(self, element: _Element) -> None:
        """Write an item; a term stands before its first definition."""
        if element.tag == "dt":
            self._end_term()
            self._term = " ".join(self._inline(element).split())
            return
        self.end_block()
        self._is_item = True
        if element.tag == "dd" and self._term:
            self._say(f"{self._term.rstrip(':')}: ")
            self._term = ""
        self._content(element)
        self.end_block()
        self._is_item = False  # also where it had no words

    def _table(self, table: _Element, rows: list[_Element]) -> None:
        """Write a table of data below its caption."""
        self.end_block()
        self._write_moment()
        for caption in table.iterchildren("caption"):
            self.write(caption)
        self._built.table(
            [
                [
                    Cell(self._inline(cell), cell.tag == "th", span(cell, "col"), span(cell, "row"))
                    for cell in row.iterchildren(*CELLS)
                    if not self._is_left_out(cell)
                ]
                for row in rows
                if not self._is_left_out(row)
            ]
        )

    def _is_left_out(self, element: _Element) -> bool:
        # A comment has a function for a tag.
        return (
            not isinstance(element.tag, str)
            or element.tag in UNSEEN
            or is_hidden(element)
            or _is_edit_mark(element)
            or self._skip(element)
        )

    def _inline(self, element: _Element) -> str:
        """The text of an element, with spaces between blocks."""
        return (" " if _has_blocks(element) else "").join(self._pieces(element))

    def _pieces(self, element: _Element) -> Iterator[str]:
        """The text of an element and of all in it that is seen, in order."""
        if element.text:
            yield element.text
        for child in element:
            if _parts_words(child):
                yield " "
            if not self._is_left_out(child):
                before, after = _marks(child)
                if before:
                    yield before
                if after is not None:
                    yield from self._pieces(child)
                    if after:
                        yield after
            if child.tail:
                yield child.tail

    def _say(self, words: str) -> None:
        self._words.append(words)
        self._is_blank = self._is_blank and (not words or words.isspace())

    def text(self) -> str:
        """All that has been written."""
        self._end_term()
        self._write_moment()
        return self._built.text()

    def end_block(self) -> None:
        """Write the buffered text as a block, but a time when it is known what follows."""
        words = "".join(self._words)
        self._words.clear()
        self._is_blank = True
        if not words.strip():
            return
        if is_entry_time(words.strip()):
            self._is_timetable = self._moment != ""
            self._write_moment()
            self._moment, self._moment_is_item = " ".join(words.split()), self._is_item
            self._is_item = False
            return
        self._write_moment()
        if self._is_item:
            self._built.item(words)
        else:
            self._built.paragraph(words)
        self._is_item = False

    def _write_moment(self) -> None:
        """Write a time that no heading follows."""
        write = self._built.item if self._moment_is_item else self._built.paragraph
        write(self._moment)
        self._moment = ""

    def _heading(self, level: int, element: _Element) -> None:
        """Write a heading, in a live blog with the time of its entry, which stands above it."""
        words = self._inline(element)
        if not words.strip():
            return
        if self._moment and not self._is_timetable and begins_entry(element, self._moment):
            words, self._moment = f"{self._moment} · {words}", ""
        self._write_moment()
        self._built.heading(level, words)

    def _end_term(self) -> None:
        """End the block, and write a term that has no definition as an item."""
        self.end_block()
        if self._term:
            self._write_moment()
        self._built.item(self._term)
        self._term = ""

    def _break_line(self) -> None:
        """Write a line break as a space, and two as the end of a paragraph."""
        if self._words and self._words[-1] == _LINE_BREAK and not self._is_item:
            self.end_block()
        else:
            self._say(_LINE_BREAK)

    def _begins_item(self) -> bool:
        """Whether an item has begun without words yet, so that its first block is the item."""
        return self._is_item and self._is_blank

    def _content(self, element: _Element) -> None:
        if element.text:
            self._say(element.text)
        for child in element:
            if _parts_words(child):
                self._say(" ")
            self.write(child)
            if child.tail and not (child.tag == "br" and not child.tail.strip()):
                self._say(child.tail)


def _marks(element: _Element) -> tuple[str, str | None]:
    """What stands before and after the words of an inline element.

    Quotation marks as browsers show them; a superscript number stays one, so that it does not
    become the last digits of the number before it; the mark of a footnote goes with its note.

    Returns:
        The two; None after it where the words are not to be written.
    """
    if element.tag == "q":
        return "“", "”"
    if element.tag == "time":
        return time_marks(element)
    is_note = element.tag == "a" and "noteref" in f"{element.get('role')}{element.get(_EPUB_TYPE)}"
    if element.tag != "sup" and not is_note:
        return "", ""
    words = "".join(element.itertext()).strip()
    if _NOTE_MARK.match(words) is not None and element.find(".//a[@href]") is not None:
        return "", None
    if _POWER.match(words) is not None:
        return words.translate(_SUPERSCRIPTS), None
    return "", ""


def _parts_words(element: _Element) -> bool:
    """Whether an inline element begins a word behind another, as one shown in a line of its own."""
    before = element.getprevious()
    if element.tag not in _IN_LINE or before is None or before.tail or before.tag not in _IN_LINE:
        return False
    left, right = "".join(before.itertext()), "".join(element.itertext())
    return (
        len(left) > 1
        and len(right) > 1
        and (
            (left[-1].isalnum() and right[0].isupper() and right[1].islower())
            or (left[-1].islower() and (right[0].isupper() or right[0].isdecimal()))
            or (left[-1].isdecimal() and right[0].isupper())
        )
    )


def _has_blocks(element: _Element) -> bool:
    return any(child.tag in BLOCKS | _ITEMS | {"br"} for child in element.iter())


def _verbatim(element: _Element) -> str:
    """The text of preformatted lines."""
    for line_break in element.iter("br"):
        line_break.text = "\n"
    return "".join(element.itertext())
