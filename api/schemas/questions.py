"""Requests: questions, and which articles may answer them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from api.schemas.base import Request
from index.records import Filters

MAX_QUESTION_CHARACTERS = 1000
MAX_TOP_K = 50
MAX_BATCH = 32
MAX_FILTER_VALUES = 1000


def _check_day(value: object) -> object:
    """Refuse numbers: they would be taken for seconds since 1970."""
    if not isinstance(value, dt.date) and not (isinstance(value, str) and "-" in value[1:]):
        raise ValueError("expected a day such as 2025-01-31")
    return value


def _whole(value: object) -> object:
    """Take 8.0 for 8, as JSON does."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Question = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS),
    Field(json_schema_extra={"pattern": r"\S"}),
]
TopK = Annotated[
    int,
    Field(ge=1, le=MAX_TOP_K, description="Passages to retrieve and read."),
    BeforeValidator(_whole),
]
Day = Annotated[dt.date, BeforeValidator(_check_day), Field(strict=False)]
FilterValues = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=2000)]],
    Field(max_length=MAX_FILTER_VALUES),
]


class FiltersIn(Request):
    """Which articles may answer: values of one field are alternatives, fields must all hold."""

    published_from: Day | None = None
    published_to: Day | None = None
    sources: FilterValues = Field(default_factory=list)
    article_ids: FilterValues = Field(default_factory=list)
    tags: FilterValues = Field(default_factory=list)

    @field_validator("published_to")
    @classmethod
    def _not_before_from(cls, value: dt.date | None, info: ValidationInfo) -> dt.date | None:
        first = info.data.get("published_from")
        if value is not None and first is not None and value < first:
            raise ValueError(f"{value} is before published_from ({first})")
        return value

    def to_filters(self) -> Filters:
        """Translate to the index's own record."""
        return Filters(
            published_from=self.published_from,
            published_to=self.published_to,
            sources=frozenset(self.sources),
            article_ids=frozenset(self.article_ids),
            tags=frozenset(self.tags),
        )


class _Asked(Request):
    top_k: TopK = 8
    max_answers: Annotated[int, Field(ge=1, le=10), BeforeValidator(_whole)] = 3
    min_confidence: Annotated[
        float | None,
        Field(
            ge=0,
            le=1,
            description="Least confidence of an answer; null for the calibrated threshold.",
        ),
    ] = None
    filters: FiltersIn = Field(default_factory=FiltersIn)


class AskRequest(_Asked):
    """One question."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "How much is Meta spending?"}]}
    )

    question: Question


class BatchRequest(_Asked):
    """Several questions, asked in the same way."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "questions": ["How much is Meta spending?", "Who runs OpenAI?"],
                    "filters": {"published_from": "2025-01-01"},
                }
            ]
        }
    )

    questions: Annotated[list[Question], Field(min_length=1, max_length=MAX_BATCH)]


class SearchRequest(Request):
    """A question to retrieve passages for, without reading them."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "nuclear restart", "top_k": 3}]}
    )

    question: Question
    top_k: TopK = 8
    filters: FiltersIn = Field(default_factory=FiltersIn)
