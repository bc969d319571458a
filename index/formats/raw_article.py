"""What a format's reader makes of a file, before it gets its id and hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.errors import ArticleError
    from index.formats.fields import ArticleFields
    from index.records import Span


@dataclass(frozen=True, slots=True)
class RawArticle:
    """One article as it stands in its file.

    Attributes:
        fields: Its metadata.
        text: The canonical text.
        pages: Where the pages stand in the text, in order; empty in a format without pages.
    """

    fields: ArticleFields
    text: str
    pages: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the articles of a file, or why it is none.

    Attributes:
        number: Where it stands in a file that holds several, counted from 1: its line, or which
            entry it is. 0 where it is the whole file.
        content: The article, or what is wrong with it.
    """

    number: int
    content: RawArticle | ArticleError
