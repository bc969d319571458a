"""The formats: which are read in one piece, what the bytes of such a file hold, media types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.formats.csv_table import read_csv
from index.formats.documents import DocumentReader
from index.formats.markdown import read_markdown
from index.formats.parser import READERS
from index.formats.plain import read_plain
from index.formats.raw_article import Entry, RawArticle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_ONE_ARTICLE: Final[dict[str, Callable[[bytes], RawArticle]]] = {
    ".md": read_markdown,
    ".txt": read_plain,
}
_TABLE: Final = ".csv"
WHOLE_FILE: Final = (*_ONE_ARTICLE, _TABLE, *READERS)
PDF: Final = "application/pdf"
# By the ending of a file's name, for every format that can be indexed. No charset: that of a text
# is not recorded, and a wrong one is worse than none.
MEDIA_TYPES: Final = {
    ".atom": "application/atom+xml",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".htm": "text/html",
    ".html": "text/html",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".pdf": PDF,
    ".rss": "application/rss+xml",
    ".txt": "text/plain",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
}
_DOCUMENTS: Final = DocumentReader()


def read_entries(suffix: str, raw: bytes) -> Iterable[Entry]:
    """Read the articles of a file; the only one has the number 0.

    Raises:
        ArticleError: If the file as a whole is wrong.
        ReadingEndedError: If something else than the file kept it from being read.
    """
    if suffix in READERS:
        return _DOCUMENTS.read(suffix, raw)
    if suffix == _TABLE:
        return read_csv(raw)
    return [Entry(0, _ONE_ARTICLE[suffix](raw))]
