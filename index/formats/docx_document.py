"""Word documents (.docx): headings, paragraphs, lists and tables, read by python-docx."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from index.errors import ArticleError
from index.formats.fields import lenient_fields
from index.formats.raw_article import RawArticle
from index.formats.text_builder import TextBuilder

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_UNPACKED_BYTES: Final = 128 * 1024 * 1024
MAX_PARTS: Final = 10_000
_OLD_FORMAT: Final = b"\xd0\xcf\x11\xe0"
_HEADING: Final = re.compile(r"(?:heading|title) ?(?P<level>[1-9])?\Z", re.IGNORECASE)
_LIST: Final = re.compile(r"list (?:bullet|number)", re.IGNORECASE)
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_PROPERTIES, _NUMBERING, _NUMBER, _VALUE = qn("w:pPr"), qn("w:numPr"), qn("w:numId"), qn("w:val")
_TEXT: Final = qn("w:t")
_BLANKS: Final = {qn("w:tab"), qn("w:br"), qn("w:cr")}
# Deletions, and drawings: a text box stands beside the text, and twice (for old programs).
_SKIPPED: Final = {qn("w:del"), qn("w:moveFrom"), qn("w:drawing"), qn("w:pict")}


def read_docx(raw: bytes) -> RawArticle:
    """Read the body of a document, with tracked changes accepted.

    Title and author come from the document's properties; without a title there, it is the first
    heading. The dates in the properties are ignored: they tell when the file was made, not when
    the article was published.

    Raises:
        ArticleError: If it is not a .docx document, or unpacks to too much.
    """
    _check_archive(raw)
    document = docx.Document(io.BytesIO(raw))
    styles = {
        style.style_id: style.name or ""
        for style in document.styles
        if style.type == WD_STYLE_TYPE.PARAGRAPH
    }
    writer = _Writer(styles)
    writer.write(document.element.body)
    properties = document.core_properties
    title = properties.title if properties.title.strip() else writer.first_heading
    fields = lenient_fields({"title": title, "author": properties.author})
    return RawArticle(fields, writer.built.text())


def _check_archive(raw: bytes) -> None:
    """Check the archive's directory, without unpacking anything.

    Raises:
        ArticleError: If it is not an archive, or holds too much.
    """
    if raw.startswith(_OLD_FORMAT):
        raise ArticleError("encrypted, or a .doc file under another name; save it as .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise ArticleError(f"not a .docx file: {error}") from None
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES:
        raise ArticleError(
            f"it unpacks to {unpacked} bytes; at most {MAX_UNPACKED_BYTES} are unpacked"
        )
    if len(parts) > MAX_PARTS:
        raise ArticleError(f"it has {len(parts)} parts; at most {MAX_PARTS} are unpacked")


class _Writer:
    """Walks the body of a document, into containers of blocks such as content controls, too."""

    def __init__(self, styles: dict[str, str]) -> None:
        self.built = TextBuilder()
        self.first_heading: str | None = None
        self._styles = styles

    def write(self, parent: _Element) -> None:
        for element in parent:
            if element.tag == _PARAGRAPH:
                self._paragraph(element)
            elif element.tag == _TABLE:
                for row in element.iter(_ROW):
                    self.built.row(
                        " ".join(map(_words, cell.iter(_PARAGRAPH))) for cell in row.iter(_CELL)
                    )
            elif element.tag not in _SKIPPED:
                self.write(element)

    def _paragraph(self, element: _Element) -> None:
        words = _words(element)
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


def _is_numbered(properties: _Element | None) -> bool:
    """Whether a paragraph has a bullet or number; number 0 cancels that of its style."""
    number = None if properties is None else properties.find(f"{_NUMBERING}/{_NUMBER}")
    return number is not None and number.get(_VALUE) != "0"


def _words(element: _Element) -> str:
    """The text of an element with everything inside it, links and fields included."""
    if element.tag == _TEXT:
        return element.text or ""
    if element.tag in _BLANKS:
        return " "
    return "".join(_words(child) for child in element if child.tag not in _SKIPPED)
