"""Responses: articles."""

from __future__ import annotations

import datetime as dt

from api.schemas import examples
from api.schemas.base import Response, with_examples


class ArticleOut(Response):
    """An article's metadata; ``sha256`` is of its text in UTF-8."""

    id: str
    title: str | None
    url: str | None
    source: str | None
    author: str | None
    published_at: dt.date | None
    tags: list[str]
    sha256: str


class NearDuplicateOut(Response):
    """An article that is nearly the same: ``similarity`` is the share of five-word sequences."""

    article: ArticleOut
    similarity: float


class ArticleWithText(ArticleOut):
    """An article with its canonical text, which all offsets refer to (in code points).

    ``also_at`` lists the articles of the corpus with exactly the same text. They are indexed as
    this one; filters find it by what any of them states. ``original`` is where the file that it
    came from is, relative to the service, and ``original_type`` the media type of that file; both
    are null where it can be seen without reading it that the service does not have the file any
    more as it was indexed. A file that was changed to one of equal length keeps its link, and is
    gone (410) when it is fetched.
    """

    model_config = with_examples(examples.ARTICLE)

    text: str
    original: str | None = None
    original_type: str | None = None
    also_at: list[ArticleOut]
    near_duplicates: list[NearDuplicateOut]
    index_version: str


class ArticlesResponse(Response):
    """A page of the list of articles."""

    model_config = with_examples(examples.ARTICLES)

    articles: list[ArticleOut]
    total: int
    offset: int
    limit: int
    index_version: str
