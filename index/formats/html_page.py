"""Web pages (.html, .htm, .xhtml): main text and metadata, extracted by trafilatura."""

from __future__ import annotations

import re
from typing import Final

import trafilatura

from index.errors import ArticleError
from index.formats.encodings import decode_detected
from index.formats.fields import lenient_fields
from index.formats.markup import tree_text
from index.formats.raw_article import RawArticle

_DECLARED: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._-]{1,40})", re.IGNORECASE
)
_DECLARED_WITHIN: Final = 4096  # bytes; the HTML standard looks for it in the first 1024
# A date that the page states, not one guessed from its words; of publication, not of an update.
_DATES: Final = {"extensive_search": False, "original_date": True}


def read_html(raw: bytes) -> RawArticle:
    """Read a page without its navigation, advertisements and footers.

    Raises:
        ArticleError: If the encoding cannot be detected, or the page has no main text.
    """
    page = trafilatura.bare_extraction(
        _decode(raw),
        with_metadata=True,
        include_comments=False,
        include_formatting=False,
        date_extraction_params=_DATES,
    )
    if not isinstance(page, trafilatura.settings.Document):
        raise ArticleError("no main text was found in the page")
    text = tree_text(page.body)
    tags = [tag.strip() for tags in page.tags or () for tag in tags.split(",")]
    fields = lenient_fields(
        {
            "title": page.title,
            "author": page.author,
            "url": page.url,
            "source": page.sitename,
            "published_at": page.date,
            "tags": [tag for tag in tags if tag],
        }
    )
    return RawArticle(fields, text)


def _decode(raw: bytes) -> str:
    """Decode a page: UTF-8 first, then the encoding that it declares, then detection.

    Raises:
        ArticleError: If the encoding cannot be detected.
    """
    declared = _DECLARED.search(raw, 0, _DECLARED_WITHIN)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        if declared is not None:
            try:
                return raw.decode(declared[1].decode("ascii"))
            except (LookupError, UnicodeDecodeError):
                pass  # the declaration is wrong
    return decode_detected(raw)
