"""Web pages saved in one file (.mht, .mhtml): the page, read as any web page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.formats.fields import lenient_fields
from index.formats.web.email_message import parse_message, part_text
from index.formats.web.html_page import read_html

if TYPE_CHECKING:
    from email.message import EmailMessage

    from index.formats.raw_article import RawArticle


def read_mhtml(raw: bytes) -> RawArticle:
    """Read the page, with the address that it was saved from.

    Raises:
        ArticleError: If there is no page in the file, or it has no main text.
    """
    message = parse_message(raw)
    page = _page(message)
    if page is None:
        raise ArticleError("there is no part of type text/html in it")
    article = read_html(part_text(page).encode())
    url = message["snapshot-content-location"] or page["content-location"]
    if article.fields.url is not None or url is None:
        return article
    fields = lenient_fields({**article.fields.model_dump(), "url": "".join(str(url).split())})
    return replace(article, fields=fields)


def _page(message: EmailMessage) -> EmailMessage | None:
    """The first page in the file; others are frames inside it."""
    parts = (part for part in message.walk() if part.get_content_type() == "text/html")
    return next(parts, None)
