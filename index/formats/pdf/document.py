"""PDF (.pdf): the text layer, page by page, read by PDFium."""

from __future__ import annotations

from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from index.errors import ArticleError
from index.formats.days import parse_property_day
from index.formats.fields import lenient_fields
from index.formats.pdf.columns import reading_order
from index.formats.pdf.layout import lay_out
from index.formats.pdf.page import page_lines
from index.formats.pdf.print_marks import without_print_marks
from index.formats.pdf.recognition import MISSING, recognise
from index.formats.pdf.running_lines import without_running_lines
from index.formats.raw_article import RawArticle

MAX_PAGES: Final = 5000


def read_pdf(raw: bytes) -> RawArticle:
    """Read a document: lines joined to paragraphs, without running headers and footers.

    Pages that are pictures are recognised (OCR) where Tesseract is installed.

    Title, author and the day on which the file was made come from the document's properties.

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
        lines = [page_lines(document, number) for number in range(count)]
        recognition = recognise(document, [at for at, page in enumerate(lines) if not page])
        properties = document.get_metadata_dict()
    for number, page in recognition.pages.items():
        lines[number] = page
    printed = without_print_marks(lines)
    kept, left_out = without_running_lines(printed.pages)
    text, pages = lay_out([reading_order(page) for page in kept])
    if not text:
        raise ArticleError(f"no text on its {count} pages: they may be pictures of text; {MISSING}")
    fields = lenient_fields(
        {
            "title": properties.get("Title"),
            "author": properties.get("Author"),
            "url": printed.url,
        }
    )
    created = parse_property_day(properties.get("CreationDate"))
    return RawArticle(
        fields,
        text,
        pages,
        (*printed.left_out, *left_out, *recognition.left_out),
        created,
        recognised=bool(recognition.pages),
    )
