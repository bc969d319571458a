"""What a file gave -> an article, or what is wrong with it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.records import Article, ArticleInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.formats.fields import ArticleFields
    from index.formats.raw_article import RawArticle


def checked_article(raw: RawArticle, *, place: str, most_bytes: int) -> Article:
    """Put an article together from what its file gave.

    Args:
        raw: Its text and what it states of itself.
        place: Its place in the corpus, which is its id where it states none.
        most_bytes: The most bytes that its text may have as UTF-8.

    Raises:
        ArticleError: If the text is blank, too long or cannot be stored as UTF-8.
    """
    fields, text = raw.fields, raw.text
    if not text.strip():
        raise ArticleError("empty: there is no text in it")
    article_id = place if fields.id is None else fields.id
    for name, value in (("text", text), ("id", article_id), *_texts(fields)):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ArticleError(
                f"field '{name}': a lone surrogate (half of a character) at offset {error.start}"
            ) from None
    stored = text.encode()
    if len(stored) > most_bytes:
        raise ArticleError(
            f"its text has {len(stored)} bytes; an article may have at most {most_bytes}"
        )
    info = ArticleInfo(
        id=article_id,
        title=fields.title,
        url=fields.url,
        source=fields.source,
        author=fields.author,
        published_at=fields.published_at,
        tags=tuple(dict.fromkeys(fields.tags)),
        sha256=hashlib.sha256(stored).hexdigest(),
        path=place,
        pages=raw.pages,
    )
    return Article(info=info, text=text)


def _texts(fields: ArticleFields) -> Iterator[tuple[str, str]]:
    for name in ("title", "url", "source", "author"):
        value = getattr(fields, name)
        if value is not None:
            yield name, value
    for tag in fields.tags:
        yield "tags", tag
