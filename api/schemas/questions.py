"""Requests: questions, and which articles may answer them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from api.schemas.base import Request
from index.filter_fields import FiltersIn

MAX_QUESTION_CHARACTERS = 1000
MAX_TOP_K = 50
MAX_BATCH = 32


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
