"""Answers marked right or wrong, which become gold questions."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from api.schemas import examples
from api.schemas.base import Request, Response, with_examples
from api.schemas.questions import Question
from index.filter_fields import FiltersIn

MAX_MARKED_WORDS = 10
_Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000),
    Field(json_schema_extra={"pattern": r"\S"}),
]


class MarkedWordsIn(Request):
    """Words that answer: ``article.text[start:end] == quote``, in code points."""

    article_id: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    quote: _Words
    start: Annotated[int, Field(ge=0)]
    end: int

    @model_validator(mode="after")
    def _as_long_as_the_quote(self) -> Self:
        if not self.quote.strip():
            raise ValueError("quote: only white space; expected words")
        if self.end - self.start != len(self.quote):
            raise ValueError(
                f"end - start is {self.end - self.start}, but the quote has {len(self.quote)} "
                "code points"
            )
        return self


class MarkRequest(Request):
    """Which words answer a question; none where no article answers it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "question": "How much is Meta spending?",
                    "words": [{"article_id": "meta", "quote": "$1", "start": 0, "end": 2}],
                },
                {"question": "How much is Apple spending?", "words": []},
            ]
        }
    )

    question: Question
    filters: FiltersIn = Field(default_factory=FiltersIn)
    words: Annotated[list[MarkedWordsIn], Field(max_length=MAX_MARKED_WORDS)]


class MarkedQuestionOut(Response):
    """A question that a user marked, as a gold question.

    ``marked_by`` is the name of the user's key, null without keys. Once it is ``reviewed``,
    evaluations ask it.
    """

    model_config = with_examples(examples.MARKED)

    id: str
    question: str
    answers: list[str]
    articles: list[str]
    filters: FiltersIn
    marked_by: str | None
    marked_at: AwareDatetime | None
    reviewed: bool


class MarkedQuestionsResponse(Response):
    """All marked questions, the first marked first."""

    model_config = with_examples(examples.MARKED_LIST)

    questions: list[MarkedQuestionOut]
