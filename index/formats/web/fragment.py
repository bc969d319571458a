"""HTML fragments, such as those that news services send in JSON."""

from __future__ import annotations

from lxml.etree import LxmlError

from index.errors import ArticleError
from index.formats.fields import ArticleFields
from index.formats.raw_article import RawArticle
from index.formats.web.markup import fragment_text
from index.formats.web.other_parts import is_added


def read_fragment(raw: bytes) -> RawArticle:
    """Read the words of a fragment in UTF-8, without links to other pages.

    Raises:
        ArticleError: If it cannot be parsed at all.
    """
    try:
        return RawArticle(ArticleFields(), fragment_text(raw.decode(), is_added))
    except (LxmlError, ValueError) as error:
        raise ArticleError(f"HTML that cannot be parsed: {error}") from None
