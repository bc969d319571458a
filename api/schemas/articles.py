"""Articles: which to list, and what is returned of them."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from typing import Annotated, Final, Literal, NamedTuple, Self, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from api.schemas import examples
from api.schemas.base import Request, Response, with_examples
from api.schemas.index import ArticlesChangeOut, JobResponse
from index.filter_fields import Day
from index.formats.fields import MAX_TAGS
from index.records import DayOrigin, Filters, ListQuery, SortField

MAX_LISTED: Final = 1000  # articles in one part of the list


class ArticleOut(Response):
    """An article's metadata; ``sha256`` is of its text in UTF-8.

    ``published_at_from`` says where the day was read: stated in ``front matter`` or other
    ``metadata``, or read from the ``file name`` or the first lines of the ``text``.
    ``recognised`` says that text of it was recognised in pictures of pages (OCR), so that single
    letters of a quote may be wrong.
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
    recognised: bool = Field(
        default=False,
        exclude_if=lambda recognised: not recognised,
        description="Only where text was recognised in pictures of pages.",
    )

    @property
    def shown_title(self) -> str:
        """Its title; its id where it has none."""
        return self.id if self.title is None else self.title


Sort = Literal["id", "-id", "title", "-title", "source", "-source", "published_at", "-published_at"]


_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")  # no database takes one


class Cursor(NamedTuple):
    """The last article of a page: how the list is sorted, the id, and the value sorted by."""

    sort: str | None
    article_id: str
    value: str | None

    def encode(self) -> str:
        """The cursor as clients get it."""
        return base64.urlsafe_b64encode(json.dumps(self).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, sort: str | None) -> Self:
        """Read a cursor of a list that is sorted like this.

        Raises:
            ValueError: If it is none.
        """
        try:
            padded = text + "=" * (-len(text) % 4)
            loaded = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (ValueError, RecursionError):
            loaded = None
        match loaded:
            case [stated, str() as article_id, str() | None as value] if stated == sort:
                if _LONE_SURROGATE.search(f"{article_id}{value}") is None:
                    return cls(sort, article_id, value)
        raise ValueError("expected 'next_cursor' of a page of the list with the same sort")


class ListFilters(BaseModel):
    """Which articles to list or to count, as the query of an address."""

    source: list[str] | None = Field(default=None, description="Any of these sources.")
    tag: list[str] | None = Field(default=None, description="Any of these tags.")
    published_from: Day | None = None
    published_to: Day | None = None

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


class ListRequest(ListFilters):
    """Which articles to list, and which part of the list."""

    q: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description="Words of id, title, address, source, author or tags; all occur."
    )
    sort: Sort | None = Field(
        default=None, description="Field to sort by, '-' for descending; else in corpus order."
    )
    cursor: Annotated[str, StringConstraints(max_length=8000)] | None = Field(
        default=None, description="``next_cursor`` of the page before, with the same sort."
    )
    offset: int = Field(default=0, ge=0, le=2**31)
    limit: int = Field(default=100, ge=1, le=MAX_LISTED)

    @field_validator("cursor")
    @classmethod
    def _of_this_list(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and "sort" in info.data:
            Cursor.decode(value, info.data["sort"])
        return value

    @field_validator("offset")
    @classmethod
    def _not_with_cursor(cls, value: int, info: ValidationInfo) -> int:
        if value and info.data.get("cursor") is not None:
            raise ValueError("expected either a cursor or an offset")
        return value

    def to_query(self) -> ListQuery:
        """Convert to the record that stores take."""
        field, descending = None, False
        if self.sort is not None:
            descending = self.sort.startswith("-")
            field = cast("SortField", self.sort.removeprefix("-"))
        after = None
        if self.cursor is not None:
            last = Cursor.decode(self.cursor, self.sort)
            after = (last.article_id, last.value)
        return ListQuery(tuple((self.q or "").split()), field, descending, after)


class NearDuplicateOut(Response):
    """An article that is nearly the same: ``similarity`` is the share of five-word sequences."""

    article: ArticleOut
    similarity: float


class HeadingOut(Response):
    """Where the words of a heading stand in a text; ``level`` is 1 to 6."""

    start: int
    end: int
    level: int


class ArticleWithText(ArticleOut):
    """An article with its canonical text, which all offsets refer to (in code points).

    ``also_at`` lists the articles of the corpus with exactly the same text. They are indexed as
    this one; filters find it by what any of them states. ``original`` is where the file that it
    came from is, relative to the service, and ``original_type`` the media type of that file; both
    are null where it can be seen without reading it that the service does not have the file any
    more as it was indexed. A file that was changed to one of equal length keeps its link, and is
    gone (410) when it is fetched. ``left_out`` names what of that file is not in the article.
    ``headings`` are those that are marked in the text or, in formats that mark none, look like
    headings. ``page_starts`` is where each page of the file begins; empty if it has no pages.
    """

    model_config = with_examples(examples.ARTICLE)

    text: str
    headings: list[HeadingOut] = Field(default_factory=list)
    page_starts: list[int] = Field(default_factory=list)
    left_out: list[str] = Field(default_factory=list)
    original: str | None = None
    original_type: str | None = None
    also_at: list[ArticleOut]
    near_duplicates: list[NearDuplicateOut]
    index_version: str


class ArticlesResponse(Response):
    """A page of the list of articles; ``undated_left_out`` counts those that only lack a day.

    ``next_cursor`` asks for the next page; it is null on the last one. ``total`` counts all pages.
    """

    model_config = with_examples(examples.ARTICLES)

    articles: list[ArticleOut]
    total: int
    offset: int
    limit: int
    next_cursor: str | None = None
    undated_left_out: int = 0
    index_version: str


_Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000),
    Field(json_schema_extra={"pattern": r"\S"}),
]


class ArticleIn(Request):
    """An article of text and metadata; without an ``id`` it gets one from its title and text."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [examples.NEW_ARTICLE]}
    )

    text: Annotated[
        str, StringConstraints(min_length=1), Field(json_schema_extra={"pattern": r"\S"})
    ]
    id: _Line | None = None
    title: _Line | None = None
    url: _Line | None = None
    source: _Line | None = None
    author: _Line | None = None
    published_at: Day | None = None
    tags: Annotated[list[_Line], Field(max_length=MAX_TAGS)] = Field(default_factory=list)


class ChangeResponse(ArticlesChangeOut):
    """What was changed in the corpus folder, and the job that brings it into the index."""

    model_config = with_examples(examples.CHANGE)

    job: JobResponse
