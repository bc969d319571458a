"""OpenDocument texts (.odt): headings, paragraphs, lists, tables and notes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from index.errors import ArticleError
from index.formats.archives import open_archive, parse_part, read_part
from index.formats.days import parse_property_day
from index.formats.fields import lenient_fields
from index.formats.office.superscripts import SUPERSCRIPTS
from index.formats.raw_article import RawArticle, name_counts
from index.formats.tables import MAX_COLUMNS, Cell
from index.formats.text_builder import TextBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_SUFFIX: Final = ".odt"
_NAMES: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT: Final = f"{{{_NAMES}text:1.0}}"
_TABLE: Final = f"{{{_NAMES}table:1.0}}"
_OFFICE: Final = f"{{{_NAMES}office:1.0}}"
_DRAW: Final = f"{{{_NAMES}drawing:1.0}}"
_STYLE: Final = f"{{{_NAMES}style:1.0}}"
_META: Final = f"{{{_NAMES}meta:1.0}}"
_DUBLIN: Final = "{http://purl.org/dc/elements/1.1/}"
_SPACES: Final = {f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"}
# What is left out, by what it is called in the message; an empty name says nothing is lost.
_LEFT_OUT: Final = {
    f"{_OFFICE}annotation": "comments",
    f"{_OFFICE}annotation-end": "",
    f"{_TEXT}tracked-changes": "",
    f"{_TEXT}ruby-text": "",
    f"{_TEXT}hidden-text": "passages of hidden text",
    f"{_TEXT}hidden-paragraph": "passages of hidden text",
    f"{_TEXT}table-of-content": "tables of contents",
    f"{_OFFICE}forms": "",
    f"{_OFFICE}event-listeners": "",
    f"{_DRAW}object": "embedded objects",
    f"{_DRAW}object-ole": "embedded objects",
    f"{_DRAW}image": "",
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}title": "",
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc": "",
}
_NOTE: Final = f"{_TEXT}note"
_BOX: Final = f"{_DRAW}text-box"
_ROWS: Final = {f"{_TABLE}table-header-rows", f"{_TABLE}table-rows", f"{_TABLE}table-row-group"}
_MOST_REPEATED: Final = 100  # rows or cells that a program writes once


def read_odt(raw: bytes) -> RawArticle:
    """Read the body of a document with its notes and text boxes.

    Raises:
        ArticleError: If it is not a document, is encrypted, or unpacks to too much.
    """
    with open_archive(raw, _SUFFIX) as archive:
        names = archive.namelist()
        if "META-INF/manifest.xml" in names and b":encryption-data" in read_part(
            archive, "META-INF/manifest.xml", _SUFFIX
        ):
            raise ArticleError("encrypted: it opens with a password only")
        content = parse_part(read_part(archive, "content.xml", _SUFFIX))
        styles = (
            parse_part(read_part(archive, "styles.xml", _SUFFIX)) if "styles.xml" in names else None
        )
        meta = parse_part(read_part(archive, "meta.xml", _SUFFIX)) if "meta.xml" in names else None
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise ArticleError("not an .odt file: there is no text document in it")
    writer = _Writer([content] if styles is None else [content, styles])
    writer.blocks(body)
    writer.write_notes()
    if styles is not None:
        writer.left_out["page headers and footers"] += sum(map(writer.has_words, _running(styles)))
    title = _stated(meta, f"{_DUBLIN}title")
    fields = lenient_fields(
        {
            "title": writer.first_heading if title is None else title,
            "author": _stated(meta, f"{_META}initial-creator", f"{_DUBLIN}creator"),
            "tags": [] if meta is None else _texts(meta, f"{_META}keyword"),
        }
    )
    left_out = name_counts(writer.left_out)
    made = _stated(meta, f"{_META}creation-date")
    created = parse_property_day(made.replace("-", "")) if made is not None else None
    return RawArticle(fields, writer.built.text(), left_out=left_out, created=created)


class _Writer:
    """Walks a document; what is written beside the text of a paragraph follows it."""

    def __init__(self, roots: list[_Element]) -> None:
        self.built = TextBuilder()
        self.left_out: Counter[str] = Counter()
        self.first_heading: str | None = None
        self._notes: list[tuple[str, _Element]] = []
        styles = [style for root in roots for style in root.iter(f"{_STYLE}style")]
        self._parents = {
            style.get(f"{_STYLE}name"): style.get(f"{_STYLE}parent-style-name") for style in styles
        }
        self._hidden = {
            style.get(f"{_STYLE}name")
            for style in styles
            for properties in style.iterchildren(f"{_STYLE}text-properties")
            if properties.get(f"{_TEXT}display") == "none"
        }

    def blocks(self, parent: _Element, *, in_list: bool = False) -> None:
        for element in parent:
            tag = element.tag
            if self._is_left_out(element):
                continue
            if tag == f"{_TEXT}h":
                self._heading(int(element.get(f"{_TEXT}outline-level", "1")), element)
            elif tag == f"{_TEXT}p":
                self._paragraph(element, in_list=in_list)
            elif tag == f"{_TABLE}table":
                self.built.table([*self._rows(element, is_heading=False)])
            else:
                self.blocks(element, in_list=in_list or tag == f"{_TEXT}list-item")

    def write_notes(self) -> None:
        for mark, note in self._notes:
            words = " ".join(self._words(each) for each in note.iter(f"{_TEXT}p", f"{_TEXT}h"))
            self.built.paragraph(f"{mark} {words}")

    def has_words(self, element: _Element) -> bool:
        return any((text or "").strip() for text in element.itertext())

    def _heading(self, level: int, element: _Element) -> None:
        words = self._words(element)
        if self.first_heading is None and words.strip():
            self.first_heading = " ".join(words.split())
        self.built.heading(level, words)

    def _paragraph(self, element: _Element, *, in_list: bool) -> None:
        if self._style(element) == "Title":
            self._heading(1, element)
        elif in_list:
            self.built.item(self._words(element))
        else:
            self.built.paragraph(self._words(element))
        for box in element.iter(_BOX):
            if next(box.iterancestors(_BOX), None) is None:
                self.blocks(box)

    def _style(self, element: _Element) -> str | None:
        name = element.get(f"{_TEXT}style-name")
        return name if name == "Title" else self._parents.get(name)

    def _rows(self, table: _Element, *, is_heading: bool) -> Iterator[list[Cell]]:
        for element in table:
            if element.tag in _ROWS:
                heads = is_heading or element.tag == f"{_TABLE}table-header-rows"
                yield from self._rows(element, is_heading=heads)
            elif element.tag == f"{_TABLE}table-row":
                row = [*self._cells(element, is_heading=is_heading)]
                has_words = any(cell.words.strip() for cell in row)
                times = _number(element, "number-rows-repeated", _MOST_REPEATED)
                for _ in range(times if has_words else 1):
                    yield row

    def _cells(self, row: _Element, *, is_heading: bool) -> Iterator[Cell]:
        for element in row.iterchildren(f"{_TABLE}table-cell"):
            paragraphs = element.iter(f"{_TEXT}p", f"{_TEXT}h")
            words = " ".join(self._words(each) for each in paragraphs)
            for _ in range(_number(element, "number-columns-repeated", _MOST_REPEATED)):
                yield Cell(
                    words,
                    is_heading,
                    _number(element, "number-columns-spanned", MAX_COLUMNS),
                    _number(element, "number-rows-spanned", 2**16),
                )

    def _is_left_out(self, element: _Element) -> bool:
        name = _LEFT_OUT.get(element.tag)
        is_hidden = element.get(f"{_TEXT}style-name") in self._hidden
        if name is None and not is_hidden:
            return not isinstance(element.tag, str)
        if is_hidden:
            name = "passages of hidden text"
        if name:
            self.left_out[name] += 1
        return True

    def _words(self, element: _Element) -> str:
        """The words of an element with everything inside it but text boxes."""
        parts = [element.text or ""]
        for child in element:
            if child.tag == _NOTE:
                parts.append(self._mark(child))
            elif child.tag in _SPACES:
                parts.append(" ")
            elif child.tag != _BOX and not self._is_left_out(child):
                parts.append(self._words(child))
            parts.append(child.tail or "")
        return "".join(parts)

    def _mark(self, note: _Element) -> str:
        citation = note.find(f"{_TEXT}note-citation")
        words = "" if citation is None else "".join(citation.itertext()).strip()
        mark = words.translate(SUPERSCRIPTS)
        body = note.find(f"{_TEXT}note-body")
        if body is not None:
            self._notes.append((mark, body))
        return mark


def _number(element: _Element, name: str, most: int) -> int:
    written = element.get(f"{_TABLE}{name}", "1")
    is_number = written.isascii() and written.isdecimal() and len(written) <= 9
    return min(max(int(written), 1), most) if is_number else 1


def _running(styles: _Element) -> Iterator[_Element]:
    yield from styles.iter(f"{_STYLE}header", f"{_STYLE}footer")


def _texts(meta: _Element, *tags: str) -> list[str]:
    texts = (" ".join((each.text or "").split()) for tag in tags for each in meta.iter(tag))
    return [text for text in texts if text]


def _stated(meta: _Element | None, *tags: str) -> str | None:
    return None if meta is None else next(iter(_texts(meta, *tags)), None)
