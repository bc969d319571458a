"""Articles: which to list, and what is returned of them."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from api.schemas import examples
from api.schemas.base import Response, with_examples
from index.filter_fields import Day
from index.records import DayOrigin, Filters


class ArticleOut(Response):
    """An article's metadata; ``sha256`` is of its text in UTF-8.

    ``published_at_from`` says where the day was read: stated in ``front matter`` or other
    ``metadata``, or read from the ``file name`` or the first lines of the ``text``.
    """

    id: str
    title: str | None
    url: str | None
    source: str | None
    author: str | None
    published_at: dt.date | None
    published_at_from: DayOrigin | None = None
    tags: list[str]
    sha256: str


class ListRequest(BaseModel):
    """Which articles to list, and which part of the list."""

    source: list[str] | None = Field(default=None, description="Any of these sources.")
    tag: list[str] | None = Field(default=None, description="Any of these tags.")
    published_from: Day | None = None
    published_to: Day | None = None
    offset: int = Field(default=0, ge=0, le=2**31)
    limit: int = Field(default=100, ge=1, le=1000)

    @field_validator("published_to")
    @classmethod
    def _not_before_from(cls, value: dt.date | None, info: ValidationInfo) -> dt.date | None:
        Filters(published_from=info.data.get("published_from"), published_to=value)
        return value

    def to_filters(self) -> Filters:
        """Convert to the record that stores take."""
        return Filters.of(
            published_from=self.published_from,
            published_to=self.published_to,
            sources=() if self.source is None else self.source,
            tags=() if self.tag is None else self.tag,
        )


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
    gone (410) when it is fetched. ``left_out`` names what of that file is not in the article.
    """

    model_config = with_examples(examples.ARTICLE)

    text: str
    left_out: list[str] = Field(default_factory=list)
    original: str | None = None
    original_type: str | None = None
    also_at: list[ArticleOut]
    near_duplicates: list[NearDuplicateOut]
    index_version: str


class ArticlesResponse(Response):
    """A page of the list of articles; ``undated_left_out`` counts those that only lack a day."""

    model_config = with_examples(examples.ARTICLES)

    articles: list[ArticleOut]
    total: int
    offset: int
    limit: int
    undated_left_out: int = 0
    index_version: str
