"""Raw articles: what a format's file parser returns, before it gets an id and a hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt
    from collections import Counter

    from index.errors import ArticleError
    from index.formats.fields import ArticleFields
    from index.records import Span

MAX_TEXT_BYTES: Final = 16 * 1024 * 1024  # of an article, and of a file that is all text
WHOLE_FILE: Final = 0  # the number of the only article of a file


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article as its file has it.

    Attributes:
        fields: Its metadata.
        text: Its text, canonical once control characters are removed.
        pages: The span of each page in the text, in order; empty in a format without pages.
        left_out: What of the file is in neither, as messages such as ``footnotes: 3``.
        created: The day on which the file was made, by its properties; often not that of
            publication.
        recognised: Whether text of it was recognised in pictures of pages (OCR).
    """

    fields: ArticleFields
    text: str
    pages: tuple[Span, ...] = ()
    left_out: tuple[str, ...] = ()
    created: dt.date | None = None
    recognised: bool = False


def name_counts(counts: Counter[str]) -> tuple[str, ...]:
    """What was left out, by name and how often, as messages; nothing of what is 0."""
    return tuple(f"{what}: {times}" for what, times in sorted((+counts).items()))


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of a file, or the reason why it is not one.

    Attributes:
        number: Its place in a file of several articles, from 1: the line or entry. 0 where the
            article is the whole file.
        content: The article, or the reason.
    """

    number: int
    content: RawArticle | ArticleError
