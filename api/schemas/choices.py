"""Responses: what there is to filter by, and questions to start from."""

from __future__ import annotations

import datetime as dt
from typing import Final

from pydantic import BaseModel, Field

from api.schemas import examples
from api.schemas.articles import ListFilters
from api.schemas.base import Response, with_examples
from api.schemas.questions import Question

MAX_FACETS: Final = 200  # values of a field, unless a request says another number


class FacetsRequest(ListFilters):
    """How many values to list, and which articles to count."""

    limit: int = Field(default=MAX_FACETS, ge=1, le=1000, description="Most values per field.")


class FacetOut(Response):
    """A value that articles can be filtered by, and how many articles have it.

    Under filters, the articles that pass those on the other fields count.
    """

    value: str
    articles: int


class FacetsResponse(Response):
    """What articles can be filtered by: the commonest values, and the newest months, first."""

    model_config = with_examples(examples.FACETS)

    sources: list[FacetOut]
    tags: list[FacetOut]
    months: list[FacetOut] = Field(default_factory=list)
    first_day: dt.date | None
    last_day: dt.date | None
    index_version: str


class ExampleFilters(BaseModel):
    """The filters that an example question is asked with."""

    published_from: dt.date | None = None
    published_to: dt.date | None = None
    sources: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)


class ExampleQuestion(BaseModel):
    """A question to start from."""

    question: Question
    filters: ExampleFilters = Field(default_factory=ExampleFilters)


class ExamplesResponse(Response):
    """Questions to start from; none where the corpus brings none."""

    model_config = with_examples(examples.EXAMPLES)

    examples: list[ExampleQuestion]
    index_version: str
