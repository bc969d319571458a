"""Plain text (.txt): the whole file is the text; there is no metadata."""

from __future__ import annotations

from index.formats.encodings import decode_detected
from index.formats.fields import ArticleFields
from index.formats.raw_article import RawArticle


def read_plain(raw: bytes) -> RawArticle:
    """Read a text file.

    Raises:
        ArticleError: If the encoding cannot be detected.
    """
    return RawArticle(ArticleFields(), decode_detected(raw))
