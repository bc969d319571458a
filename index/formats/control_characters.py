"""Removal of control characters, which no article's text holds, whatever its format."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from index.records import Span

if TYPE_CHECKING:
    from index.formats.fields import ArticleFields
    from index.formats.raw_article import RawArticle

# All but tab, line feed and carriage return, with the two non-characters that libraries emit.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_BREAKS: Final = frozenset("\x0b\x0c\x1c\x1d\x1e\x85")  # Unicode ends a line at each of them


def without_control_characters(raw: RawArticle) -> RawArticle:
    """Remove control characters from text and metadata; in a text, one may end a line.

    The spans of the pages are moved along.
    """
    raw = replace(raw, fields=_clean_fields(raw.fields))
    if _CONTROL.search(raw.text) is None:
        return raw
    removed: list[int] = []

    def substitute(match: re.Match[str]) -> str:
        if match[0] in _BREAKS:
            return "\n"
        removed.append(match.start())
        return ""

    text = _CONTROL.sub(substitute, raw.text)
    pages = tuple(
        Span(*(offset - bisect_left(removed, offset) for offset in page)) for page in raw.pages
    )
    return replace(raw, text=text, pages=pages)


def without_controls(words: str) -> str:
    """Remove control characters from markup or words."""
    return _CONTROL.sub("", words)


def _clean_fields(fields: ArticleFields) -> ArticleFields:
    """Remove control characters, and white space that is not a space; an id is refused with any."""
    words = {name: _clean(getattr(fields, name)) for name in ("title", "url", "source", "author")}
    tags = [clean for tag in fields.tags if (clean := _clean(tag)) is not None]
    return fields.model_copy(update={**words, "tags": tags})


def _clean(value: str | None) -> str | None:
    if value is None or value.isprintable():
        return value
    return " ".join(without_controls(value).split()) or None
