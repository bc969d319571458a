"""Web pages (.html, .htm, .xhtml): the main text and metadata, found by trafilatura."""

from __future__ import annotations

import re
from typing import Final

import trafilatura

from index.errors import ArticleError
from index.formats.encodings import decode_detected
from index.formats.fields import found_fields
from index.formats.markup import tree_text
from index.formats.raw_article import RawArticle

_DECLARED: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._-]{1,40})", re.IGNORECASE
)
_DECLARED_WITHIN: Final = 4096  # bytes; the HTML standard looks for it in the first 1024
# A date that the page states, never one guessed from its words; the first, not of an update.
_DATES: Final = {"extensive_search": False, "original_date": True}


def read_html(raw: bytes) -> RawArticle:
    """Read a page without its navigation, advertisements and footers.

    Raises:
        ArticleError: If the bytes are text in no known encoding, or no main text is found.
    """
    found = trafilatura.bare_extraction(
        _decode(raw),
        with_metadata=True,
        include_comments=False,
        include_formatting=False,
        date_extraction_params=_DATES,
    )
    if not isinstance(found, trafilatura.settings.Document):
        raise ArticleError("no main text was found in the page")
    text = tree_text(found.body)
    tags = [tag.strip() for tags in found.tags or () for tag in tags.split(",")]
    fields = found_fields(
        {
            "title": found.title,
            "author": found.author,
            "url": found.url,
            "source": found.sitename,
            "published_at": found.date,
            "tags": [tag for tag in tags if tag],
        }
    )
    return RawArticle(fields, text)


def _decode(raw: bytes) -> str:
    """Decode a page: as any text, but what it declares goes before what it looks like.

    Raises:
        ArticleError: If the bytes are text in no known encoding.
    """
    declared = _DECLARED.search(raw, 0, _DECLARED_WITHIN)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        if declared is not None:
            try:
                return raw.decode(declared[1].decode("ascii"))
            except (LookupError, UnicodeDecodeError):
                pass  # it says what it is not, so only its bytes can tell
    return decode_detected(raw)
