"""Removal of control characters, which no article's text holds, whatever its format."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from index.records import Span

if TYPE_CHECKING:
    from index.formats.raw_article import RawArticle

# All but tab, line feed and carriage return, with the two non-characters that libraries emit.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_BREAKS: Final = frozenset("\x0b\x0c\x1c\x1d\x1e\x85")  # Unicode ends a line at each of them


def without_control_characters(raw: RawArticle) -> RawArticle:
    """Remove control characters from a text; one that ends a line becomes a line feed.

    The spans of the pages are moved along.
    """
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
