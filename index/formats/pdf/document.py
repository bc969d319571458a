"""PDF (.pdf): the text layer, page by page, read by PDFium."""

from __future__ import annotations

import re
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from index.errors import ArticleError
from index.formats.bylines import byline_names
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
_HEAD: Final = 2000  # characters
_BYLINE_WITHIN: Final = 4  # lines
_SITE: Final = re.compile(r"\s+[|·•–—-]\s+\S")


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
    head = [line.lstrip("# ") for line in text[:_HEAD].splitlines() if line.strip()]
    bylines = filter(None, map(byline_names, head[1:_BYLINE_WITHIN]))
    fields = lenient_fields(
        {
            "title": _without_site(properties.get("Title"), head[0]),
            "author": properties.get("Author") or next(bylines, None),
            "url": printed.url,
        }
    )
    # A browser's file was made when the page was printed, which may be years later.
    made = None if printed.left_out else properties.get("CreationDate")
    created = parse_property_day(made)
    return RawArticle(
        fields,
        text,
        pages,
        (*printed.left_out, *left_out, *recognition.left_out),
        created,
        recognised=bool(recognition.pages),
    )


def _without_site(title: str | None, heading: str) -> str | None:
    """The title of a page that a browser printed, without the name of the site behind it."""
    if title is None or not title.startswith(heading):
        return title
    return heading if _SITE.match(title, len(heading)) is not None else title
