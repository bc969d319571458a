"""The formats that can be indexed, a row each; a new format is one file and one row here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.formats.documents import DocumentReader
from index.formats.reader import import_reader, read_with

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.formats.raw_article import Entry


@dataclass(frozen=True, slots=True)
class Format:
    """A format of article files.

    Attributes:
        suffix: The end of its files' names, in lower case, with the dot.
        media_type: What its files are sent as. Without a charset: that of a text is not recorded,
            and a wrong one is worse than none.
        reader: ``package.module:function``; an `index.formats.reader.Reader`, which gets a whole
            file, or one line of it where the format is streamed.
        isolated: Whether it is read in a process of its own, because a broken or hostile file may
            crash, hang or exhaust the library that reads it.
        streamed: Whether each line is an article, so that a file of any size is read line by line.
        libraries: Distributions whose versions decide what is read; with a new version, files are
            read again.
    """

    suffix: str
    media_type: str
    reader: str
    isolated: bool = False
    streamed: bool = False
    libraries: tuple[str, ...] = ()


PDF: Final = "application/pdf"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DOCX: Final = "index.formats.docx_document:read_docx"
_FEED: Final = "index.formats.feed:read_feed"
_HTML: Final = "index.formats.html_page:read_html"
_FEED_LIBRARIES: Final = ("feedparser", "lxml")
_HTML_LIBRARIES: Final = ("charset-normalizer", "justext", "lxml", "trafilatura")
_ROWS: Final = (
    Format(".atom", "application/atom+xml", _FEED, isolated=True, libraries=_FEED_LIBRARIES),
    Format(
        ".csv", "text/csv", "index.formats.csv_table:read_csv", libraries=("charset-normalizer",)
    ),
    Format(".docx", _WORD, _DOCX, isolated=True, libraries=("lxml", "python-docx")),
    Format(".htm", "text/html", _HTML, isolated=True, libraries=_HTML_LIBRARIES),
    Format(".html", "text/html", _HTML, isolated=True, libraries=_HTML_LIBRARIES),
    Format(".jsonl", "application/jsonl", "index.formats.jsonl:read_json_line", streamed=True),
    Format(".md", "text/markdown", "index.formats.markdown:read_markdown", libraries=("pyyaml",)),
    Format(
        ".pdf",
        PDF,
        "index.formats.pdf:read_pdf",
        isolated=True,
        libraries=("pypdfium2", "pyspellchecker"),
    ),
    Format(".rss", "application/rss+xml", _FEED, isolated=True, libraries=_FEED_LIBRARIES),
    Format(
        ".txt", "text/plain", "index.formats.plain:read_plain", libraries=("charset-normalizer",)
    ),
    Format(".xhtml", "application/xhtml+xml", _HTML, isolated=True, libraries=_HTML_LIBRARIES),
    Format(".xml", "application/xml", _FEED, isolated=True, libraries=_FEED_LIBRARIES),
)
FORMATS: Final = {row.suffix: row for row in _ROWS}
_DOCUMENTS: Final = DocumentReader()


def read_entries(file_format: Format, raw: bytes) -> Iterable[Entry]:
    """Read a file, or one line of a streamed one; the only article in it has the number 0.

    Raises:
        ArticleError: If the file as a whole is wrong.
        ReadingEndedError: If something else than the file kept it from being read.
    """
    if file_format.isolated:
        return _DOCUMENTS.read(file_format.suffix, file_format.reader, raw)
    return read_with(import_reader(file_format.reader, file_format.suffix), raw)
