"""Word documents (.docx): headings, paragraphs, lists and tables, read by python-docx."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Final

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from index.errors import ArticleError
from index.formats.archives import open_archive
from index.formats.fields import lenient_fields
from index.formats.office.docx_words import SKIPPED, Words, text_boxes
from index.formats.raw_article import RawArticle, name_counts
from index.formats.tables import Cell
from index.formats.text_builder import TextBuilder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.opc.part import Part
    from lxml.etree import _Element

# Of the templates of python-docx and pandoc, which their documents take over.
_TEMPLATE_DAYS: Final = {dt.date(2013, 12, 23), dt.date(2017, 12, 27)}
_HEADING: Final = re.compile(r"(?:heading|title) ?(?P<level>[1-9])?\Z", re.IGNORECASE)
_LIST: Final = re.compile(r"list (?:bullet|number)", re.IGNORECASE)
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_PROPERTIES, _NUMBERING, _NUMBER, _VALUE = qn("w:pPr"), qn("w:numPr"), qn("w:numId"), qn("w:val")
_RELATIONSHIPS: Final = "_rels/.rels"
_DRAWINGS: Final = "{http://schemas.openxmlformats.org/drawingml/2006/"
# What stands in the body and has words that are not read.
_EMBEDDED: Final = {
    "charts": f"{_DRAWINGS}chart}}chart",
    "diagrams": f"{_DRAWINGS}diagram}}relIds",
    "embedded documents": qn("w:altChunk"),
    "embedded objects": qn("w:object"),
}
_NOTE_MARKS: Final = {"separator", "continuationSeparator", "continuationNotice"}
# Strict documents use other names for the same elements, which the library does not read.
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL: Final = b"http://schemas.openxmlformats.org/"
_STRICT_NAME: Final = re.compile(
    rb"http://purl\.oclc\.org/ooxml/(?P<group>[A-Za-z]+)/(?P<name>[A-Za-z/-]+)"
)


def read_docx(raw: bytes) -> RawArticle:
    """Read the body of a document with its notes and text boxes, and tracked changes accepted.

    Title and author come from the document's properties; without a title there, it is the first
    heading. The day on which the file was made is there, too.

    Raises:
        ArticleError: If it is not a .docx document, or unpacks to too much.
    """
    open_archive(raw, ".docx").close()
    try:
        document = docx.Document(io.BytesIO(_transitional(raw)))
    except KeyError as error:
        raise ArticleError(f"not a .docx document: {error.args[0]}") from None
    styles = {
        style.style_id: style.name or ""
        for style in document.styles
        if style.type == WD_STYLE_TYPE.PARAGRAPH
    }
    hidden = frozenset(
        style.style_id
        for style in document.styles
        if style.type == WD_STYLE_TYPE.CHARACTER and style.font.hidden
    )
    writer = _Writer(styles, Words(hidden))
    writer.write(document.element.body)
    parts = [*document.part.package.iter_parts()]
    writer.write_notes(parts)
    properties = document.core_properties
    title = properties.title if properties.title.strip() else writer.first_heading
    fields = lenient_fields({"title": title, "author": properties.author})
    left_out = writer.words.left_out + _beside(parts)
    for what, tag in _EMBEDDED.items():
        left_out[what] += sum(1 for _ in document.element.body.iter(tag))
    named = name_counts(left_out)
    made = properties.created
    created = None if made is None or made.date() in _TEMPLATE_DAYS else made.date()
    return RawArticle(fields, writer.built.text(), left_out=named, created=created)


def _transitional(raw: bytes) -> bytes:
    """Rename the elements of a strict document to those that the library reads."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = set(archive.namelist())
        if _RELATIONSHIPS not in names or _STRICT not in archive.read(_RELATIONSHIPS):
            return raw
        renamed = io.BytesIO()
        with zipfile.ZipFile(renamed, "w", zipfile.ZIP_DEFLATED) as copy:
            for part in archive.infolist():
                content = archive.read(part)
                if part.filename.endswith((".xml", ".rels")):
                    content = _STRICT_NAME.sub(_renamed, content)
                copy.writestr(part.filename, content)
    return renamed.getvalue()


def _renamed(match: re.Match[bytes]) -> bytes:
    return _TRANSITIONAL + match["group"] + b"/2006/" + match["name"]


def _beside(parts: Sequence[Part]) -> Counter[str]:
    """Count what stands beside the text and is not read: headers, footers and comments."""
    beside: Counter[str] = Counter()
    for part in parts:
        kind = _kind(part)
        if kind in {"header", "footer"} and _has_words(part):
            beside["page headers and footers"] += 1
        elif kind == "comments":
            beside["comments"] += len([*_root(part).iter(qn("w:comment"))])
    return +beside


def _kind(part: Part) -> str:
    """The kind of a part, from its content type: ``footnotes``, ``header``."""
    return str(part.content_type).removesuffix("+xml").rsplit(".", 1)[-1]


def _root(part: Part) -> _Element:
    return parse_xml(part.blob)


def _has_words(part: Part) -> bool:
    return any((text.text or "").strip() for text in _root(part).iter(qn("w:t")))


class _Writer:
    """Walks the body of a document, into containers of blocks such as content controls, too."""

    def __init__(self, styles: dict[str, str], words: Words) -> None:
        self.words = words
        self.built = TextBuilder()
        self.first_heading: str | None = None
        self._styles = styles

    def write(self, parent: _Element) -> None:
        for element in parent:
            if element.tag == _PARAGRAPH:
                self._paragraph(element)
            elif element.tag == _TABLE:
                self._table(element)
            elif element.tag not in SKIPPED:
                self.write(element)

    def write_notes(self, parts: Sequence[Part]) -> None:
        """Write the footnotes and endnotes that the text refers to, each after its mark."""
        notes = {
            (kind, note.get(qn("w:id"), "")): note
            for part in parts
            if (kind := _kind(part).removesuffix("s")) in {"footnote", "endnote"}
            for note in _root(part)
            if note.get(qn("w:type")) not in _NOTE_MARKS
        }
        for kind, number, mark in self.words.notes:
            note = notes.get((kind, number))
            if note is not None:
                self.built.paragraph(f"{mark} {self._cell(note)}")

    def _table(self, element: _Element) -> None:
        rows = []
        above: dict[int, str] = {}  # the words of the last cell in each column
        for row in _nearest(element, _ROW):
            is_heading = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
            cells: list[Cell] = []
            column = 0
            for cell in _nearest(row, _CELL):
                words = above.get(column, "") if _is_continued(cell) else self._cell(cell)
                above[column] = words
                cells.append(Cell(words, is_heading, _columns(cell)))
                column += cells[-1].columns
            rows.append(cells)
        self.built.table(rows)

    def _cell(self, element: _Element) -> str:
        """The words of all paragraphs in an element, those of tables in it once."""
        paragraphs = _nearest(element, _PARAGRAPH)
        parts = [self.words.of(each) for each in paragraphs]
        parts += [self._cell(box) for each in paragraphs for box in text_boxes(each)]
        return " ".join(part.strip() for part in parts if part.strip())

    def _paragraph(self, element: _Element) -> None:
        words = self.words.of(element)
        properties = element.find(_PROPERTIES)
        style = None if properties is None else properties.find(qn("w:pStyle"))
        name = "" if style is None else self._styles.get(style.get(_VALUE, ""), "")
        heading = _HEADING.match(name)
        if heading is not None and words.strip():
            if self.first_heading is None:
                self.first_heading = " ".join(words.split())
            level = heading["level"]
            self.built.heading(1 if level is None else int(level), words)
        elif _LIST.match(name) is not None or _is_numbered(properties):
            self.built.item(words)
        else:
            self.built.paragraph(words)
        for box in text_boxes(element):
            self.write(box)


def _columns(cell: _Element) -> int:
    """How many columns of the table a cell spans."""
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    columns = "1" if span is None else span.get(_VALUE, "1")
    return int(columns) if columns.isdecimal() else 1


def _is_continued(cell: _Element) -> bool:
    """Whether a cell is the continuation of the one above it."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(_VALUE) != "restart"


def _is_numbered(properties: _Element | None) -> bool:
    """Whether a paragraph has a bullet or number; number 0 cancels that of its style."""
    number = None if properties is None else properties.find(f"{_NUMBERING}/{_NUMBER}")
    return number is not None and number.get(_VALUE) != "0"


def _nearest(element: _Element, tag: str) -> list[_Element]:
    """The elements with a tag that are in no other one of it, nor in what is left out."""
    nearest: list[_Element] = []
    for child in element:
        if child.tag == tag:
            nearest.append(child)
        elif child.tag not in SKIPPED:
            nearest.extend(_nearest(child, tag))
    return nearest
