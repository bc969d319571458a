"""Requests: questions, and which articles may answer them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from api.answering.days import today
from api.answering.questions.follow_up import follow_up
from api.schemas.base import WHOLE, Request
from index.filter_fields import Day, FiltersIn

MAX_QUESTION_CHARACTERS = 1000
MAX_TOP_K = 50
MAX_ANSWERS = 10
MAX_BATCH = 32
_EARLIEST_CLOCK = dt.timedelta(hours=14)  # ahead of UTC


Question = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS),
    Field(json_schema_extra={"pattern": r"\S"}),
]
TopK = Annotated[
    int,
    Field(ge=1, le=MAX_TOP_K, description="Passages to retrieve and read."),
    WHOLE,
]


def _check_past(day: dt.date) -> dt.date:
    """Refuse a day that has begun nowhere on Earth yet."""
    latest = (dt.datetime.now(tz=dt.UTC) + _EARLIEST_CLOCK).date()
    if day > latest:
        raise ValueError(f"{day} is in the future; expected {latest} or a day before it")
    return day


AsOf = Annotated[
    Day | None,
    AfterValidator(lambda day: None if day is None else _check_past(day)),
    Field(
        description="The day that 'last quarter' and 'now' are counted from; null for today. "
        "Articles published after a day in the past don't answer, nor do those without a day."
    ),
]


class ReadingOptions(Request):
    """How to read for answers, and from which articles."""

    top_k: TopK = 8
    min_confidence: Annotated[
        float | None,
        Field(
            ge=0,
            le=1,
            description="Least confidence of an answer; null for the calibrated threshold.",
        ),
    ] = None
    filters: FiltersIn = Field(default_factory=FiltersIn)
    as_of: AsOf = None


class QuestionOptions(ReadingOptions):
    """How to answer questions, and from which articles."""

    max_answers: Annotated[
        int | None,
        Field(
            ge=1,
            le=MAX_ANSWERS,
            description="The most answers; null for 3, or 10 where a list is asked for. A "
            "comparison has one for each of its two to four sides, whatever is set.",
        ),
        WHOLE,
    ] = None
    allow_partial: Annotated[
        bool,
        Field(
            description="Where shards of the index do not answer, answer from the others instead "
            "of abstaining; ``shards`` of the reply says how many answered."
        ),
    ] = False


class AskRequest(QuestionOptions):
    """One question."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "How much is Meta spending?"}]}
    )

    question: Question
    previous_question: Annotated[
        Question | None,
        Field(
            description="The question before, as its reply repeats it: its names and time are "
            "taken over by one that lacks them, as 'And for the founders?' does. The reply's "
            "question is what was asked."
        ),
    ] = None
    without: Annotated[
        list[str],
        Field(
            max_length=20,
            description="Names and time of the question before that are not taken over, as the "
            "``context`` of its reply has them.",
        ),
    ] = Field(default_factory=list)

    @field_validator("without")
    @classmethod
    def _with_a_previous_question(cls, value: list[str], info: ValidationInfo) -> list[str]:
        if value and info.data.get("previous_question") is None:
            raise ValueError("expected a previous_question, from which they are left out")
        return value

    @model_validator(mode="after")
    def _short_enough_with_what_it_takes_over(self) -> Self:
        length = len(self.asked)
        if length > MAX_QUESTION_CHARACTERS:
            raise ValueError(
                f"previous_question: with what is taken over from it the question has {length} "
                f"characters; expected at most {MAX_QUESTION_CHARACTERS}"
            )
        return self

    @property
    def asked(self) -> str:
        """The question to ask: of a follow-up, with what it takes over from the one before."""
        if self.previous_question is None:
            return self.question
        day = today() if self.as_of is None else self.as_of
        return follow_up(self.question, self.previous_question, self.without, day)


class BatchRequest(QuestionOptions):
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
