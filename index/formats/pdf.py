"""PDF (.pdf): the text layer, page by page, read by PDFium."""

from __future__ import annotations

from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from index.errors import ArticleError
from index.formats.fields import lenient_fields
from index.formats.pdf_layout import Line, lay_out
from index.formats.raw_article import RawArticle

MAX_PAGES: Final = 5000
_LIGATURES: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


def read_pdf(raw: bytes) -> RawArticle:
    """Read a document: lines joined to paragraphs, without headers and footers.

    Title and author come from the document's properties. The dates there are ignored: they tell
    when the file was made, not when the article was published.

    Raises:
        ArticleError: If it is broken, encrypted or too long, or has no text.
    """
    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise ArticleError("encrypted: it opens with a password only") from None
        raise ArticleError(f"not a PDF that can be read: {error}") from None
    with document:
        count = len(document)
        if count > MAX_PAGES:
            raise ArticleError(f"{count} pages; at most {MAX_PAGES} are read")
        text, pages = lay_out([_lines(document, number) for number in range(count)])
        properties = document.get_metadata_dict()
    if not text:
        raise ArticleError(
            f"no text on its {count} pages: they may be pictures of text; recognise it first (OCR)"
        )
    fields = lenient_fields({"title": properties.get("Title"), "author": properties.get("Author")})
    return RawArticle(fields, text, pages)


def _lines(document: pdfium.PdfDocument, number: int) -> list[Line]:
    """The lines of a page, in the order of the file.

    Raises:
        ArticleError: If the page is broken.
    """
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pdfium.PdfiumError as error:
        raise ArticleError(f"page {number + 1} cannot be read: {error}") from None
    count = text_page.count_chars()
    characters = [chr(pdfium_c.FPDFText_GetUnicode(text_page, at)) for at in range(count)]
    lines = []
    start = 0
    for end in (*(at for at, char in enumerate(characters) if char in "\r\n"), count):
        visible = [at for at in range(start, end) if not characters[at].isspace()]
        if visible:
            words = "".join(characters[start:end])
            lines.append(_line(text_page, words, visible[0], visible[-1]))
        start = end + 1
    text_page.close()
    page.close()
    return lines


def _line(text_page: pdfium.PdfTextPage, words: str, first: int, last: int) -> Line:
    """Measure a line by its first and last visible character."""
    left, bottom, _, top = text_page.get_charbox(first, loose=True)
    right = text_page.get_charbox(last, loose=True)[2]
    # PDFium gives a character beyond 16 bits as two surrogates; a lone one is replaced.
    whole = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Line(
        words=" ".join(whole.translate(_LIGATURES).split()),
        left=left,
        right=right,
        bottom=bottom,
        height=top - bottom,
    )
