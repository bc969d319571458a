"""Toy formats, each one function here and one row: read whole, by lines, or with pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.formats.fields import ArticleFields
from index.formats.raw_article import Entry, RawArticle
from index.formats.registry import Format
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = b"TOY "


def read_toy(raw: bytes) -> RawArticle:
    """A file: the mark, then the text."""
    if not raw.startswith(MARK):
        raise ArticleError(f"not a toy: expected it to begin with {MARK!r}")
    return RawArticle(ArticleFields(title="Toy"), raw.removeprefix(MARK).decode())


def read_toy_lines(raw: bytes) -> Iterator[Entry]:
    """Lines, each a toy."""
    for number, line in enumerate(raw.splitlines(), start=1):
        try:
            yield Entry(number, read_toy(line))
        except ArticleError as error:
            yield Entry(number, error)


def read_toy_pages(raw: bytes) -> Iterator[Entry]:
    """A file of one numbered article, each character a page of its own."""
    article = read_toy(raw)
    pages = tuple(Span(at, at + 1) for at in range(len(article.text)))
    yield Entry(1, RawArticle(article.fields, article.text, pages))


_HERE = "tests.index.formats.toy_formats"
TOY_FORMATS = (
    Format(".toy", "text/x-toy", f"{_HERE}:read_toy"),
    Format(".toys", "text/x-toys", f"{_HERE}:read_toy_lines", streamed=True),
    Format(".toybox", "application/x-toybox", f"{_HERE}:read_toy_pages"),
)
