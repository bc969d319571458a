"""The formats that can be indexed: one file and one row here each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from index.errors import ArticleError
from index.formats.documents import DocumentReader
from index.formats.raw_article import MAX_TEXT_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from index.formats.raw_article import Entry, RawArticle
    from index.records import DayOrigin


MAX_DOCUMENT_BYTES: Final = 64 * 1024 * 1024  # of a file with more than text in it


@dataclass(frozen=True, slots=True)
class Format:
    """A format of article files.

    Attributes:
        suffix: The end of its files' names, in lower case, with the dot.
        media_type: What its files are sent as. Without a charset: that of a text is not recorded,
            and a wrong one is worse than none.
        reader: Its file parser, ``package.module:function``; an `index.formats.reader.Reader`,
            which gets a whole file, or some whole lines of it where the format is streamed. It runs
            in a process of its own: a broken or hostile file may crash, hang or exhaust it.
        max_bytes: The largest file that is read in one piece.
        streamed: Whether each line is an article, so that a file of any size is read.
        stated: Where a day of publication that the file parser returns stands.
        marks_headings: Whether headings are marked in the text that it returns.
        libraries: Distributions whose versions decide what is read; with a new version, files are
            read again.
    """

    suffix: str
    media_type: str
    reader: str
    max_bytes: int = MAX_DOCUMENT_BYTES
    streamed: bool = False
    stated: DayOrigin = "metadata"
    marks_headings: bool = True
    libraries: tuple[str, ...] = ()


PDF: Final = "application/pdf"
_DOCX: Final = "index.formats.office.docx_document:read_docx"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_MHTML: Final = "index.formats.web.mhtml:read_mhtml"
_FEED: Final = "index.formats.web.feed:read_feed"
_HTML: Final = "index.formats.web.html_page:read_html"
_EMAIL_LIBRARIES: Final = ("charset-normalizer", "lxml")
_FEED_LIBRARIES: Final = ("charset-normalizer", "feedparser", "lxml")
_HTML_LIBRARIES: Final = ("charset-normalizer", "justext", "lxml", "trafilatura")
_PDF_LIBRARIES: Final = ("pypdfium2", "pyspellchecker", "tesserocr")
_TEXT_LIBRARIES: Final = ("charset-normalizer",)
_MARKDOWN: Final = Format(
    ".md",
    "text/markdown",
    "index.formats.text.markdown:read_markdown",
    MAX_TEXT_BYTES,
    stated="front matter",
    libraries=("charset-normalizer", "pyyaml"),
)
_ROWS: Final = (
    Format(".atom", "application/atom+xml", _FEED, libraries=_FEED_LIBRARIES),
    Format(
        ".csv",
        "text/csv",
        "index.formats.text.csv_table:read_csv",
        MAX_TEXT_BYTES,
        libraries=_TEXT_LIBRARIES,
    ),
    Format(
        ".docx", f"{_OFFICE}.wordprocessingml.document", _DOCX, libraries=("lxml", "python-docx")
    ),
    Format(
        ".eml",
        "message/rfc822",
        "index.formats.web.email_message:read_email",
        marks_headings=False,
        libraries=_EMAIL_LIBRARIES,
    ),
    Format(
        ".epub",
        "application/epub+zip",
        "index.formats.web.epub:read_epub",
        libraries=_EMAIL_LIBRARIES,
    ),
    Format(".htm", "text/html", _HTML, libraries=_HTML_LIBRARIES),
    Format(".html", "text/html", _HTML, libraries=_HTML_LIBRARIES),
    Format(
        ".json",
        "application/json",
        "index.formats.text.json_document:read_json",
        libraries=("charset-normalizer", "lxml"),
    ),
    Format(
        ".jsonl",
        "application/jsonl",
        "index.formats.text.jsonl:read_jsonl",
        streamed=True,
        libraries=("charset-normalizer", "lxml"),
    ),
    _MARKDOWN,
    replace(_MARKDOWN, suffix=".markdown"),
    Format(".mht", "multipart/related", _MHTML, libraries=_HTML_LIBRARIES),
    Format(".mhtml", "multipart/related", _MHTML, libraries=_HTML_LIBRARIES),
    Format(
        ".odt",
        "application/vnd.oasis.opendocument.text",
        "index.formats.office.odt:read_odt",
        libraries=("lxml",),
    ),
    Format(
        ".pdf",
        PDF,
        "index.formats.pdf.document:read_pdf",
        marks_headings=False,
        libraries=_PDF_LIBRARIES,
    ),
    Format(
        ".pptx",
        f"{_OFFICE}.presentationml.presentation",
        "index.formats.office.pptx_presentation:read_pptx",
        libraries=("lxml", "python-pptx"),
    ),
    Format(".rss", "application/rss+xml", _FEED, libraries=_FEED_LIBRARIES),
    Format(
        ".rtf",
        "application/rtf",
        "index.formats.office.rtf:read_rtf",
        MAX_TEXT_BYTES,
        libraries=("striprtf",),
    ),
    Format(
        ".txt",
        "text/plain",
        "index.formats.text.plain:read_plain",
        MAX_TEXT_BYTES,
        marks_headings=False,
        libraries=_TEXT_LIBRARIES,
    ),
    Format(".xhtml", "application/xhtml+xml", _HTML, libraries=_HTML_LIBRARIES),
    Format(
        ".xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
        "index.formats.office.xlsx_workbook:read_xlsx",
        libraries=("lxml", "openpyxl"),
    ),
    Format(".xml", "application/xml", _FEED, libraries=_FEED_LIBRARIES),
)
_SIDECAR: Final = "index.formats.text.front_matter:read_sidecar"
MAX_SIDECAR_BYTES: Final = 256 * 1024
FORMATS: Final = {row.suffix: row for row in _ROWS}
_PARSER: Final = DocumentReader()


def format_fault(suffix: str) -> str | None:
    """Why a file of a suffix is not read; None where there is a format of it."""
    if suffix.lower() in FORMATS:
        return None
    named = f"'{suffix}' files" if suffix else "a name without a suffix"
    return f"no reader for {named}; expected {', '.join(sorted(FORMATS))}"


def read_entries(file_format: Format, raw: bytes) -> Iterable[Entry]:
    """Read a file, or lines of a streamed one; the only article of a file has the number 0.

    Raises:
        ArticleError: If the file as a whole is wrong.
        ReadingEndedError: If something else than the file kept it from being read.
    """
    return _PARSER.read(file_format.suffix, file_format.reader, raw)


def read_sidecar(path: Path) -> RawArticle:
    """Read a file of metadata that stands beside an article; its text is empty.

    Raises:
        OSError: If it cannot be read.
        ArticleError: If it is too large or malformed.
        ReadingEndedError: If something else than the file kept it from being read.
    """
    with path.open("rb") as opened:
        raw = opened.read(MAX_SIDECAR_BYTES + 1)
    if len(raw) > MAX_SIDECAR_BYTES:
        raise ArticleError(f"more than {MAX_SIDECAR_BYTES} bytes")
    (entry,) = _PARSER.read(".meta.yml", _SIDECAR, raw)
    if isinstance(entry.content, ArticleError):
        raise entry.content
    return entry.content
