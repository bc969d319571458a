"""Tables: one question asked of many names, or of every source, tag, month or article."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from api.answering.questions.table_rows import MAX_ROWS, SLOT, Grouping, fill_slot
from api.schemas import examples
from api.schemas.answers import CitationOut, Standing, ValueOut
from api.schemas.base import Response, with_examples
from api.schemas.questions import MAX_QUESTION_CHARACTERS, Question, ReadingOptions

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    Field(json_schema_extra={"pattern": r"\S"}),
]


class TableRequest(ReadingOptions):
    """A question of many: with a slot such as ``{company}`` for ``names``, or asked ``by`` group.

    A name that is repeated is asked once.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "How much is {company} spending?", "names": ["Meta", "Microsoft"]},
                {"question": "How much is spent on data centres?", "by": "source"},
            ]
        }
    )

    question: Question
    names: Annotated[list[Name], Field(max_length=MAX_ROWS)] = Field(default_factory=list)
    by: Annotated[
        Grouping | None,
        Field(description=f"A row for each of these; the first {MAX_ROWS} are asked."),
    ] = None

    @model_validator(mode="after")
    def _names_or_groups(self) -> Self:
        if bool(self.names) == (self.by is not None):
            raise ValueError("expected either names or by")
        slots = SLOT.findall(self.question)
        if self.names and not slots:
            raise ValueError("question: no slot such as {company}, into which the names are put")
        if self.by is not None and slots:
            raise ValueError(f"question: {slots[0]} is a slot for names; expected none with by")
        for name in self.names:
            length = len(fill_slot(self.question, name))
            if length > MAX_QUESTION_CHARACTERS:
                raise ValueError(
                    f"names: with '{name[:50]}' the question has {length} characters; expected at "
                    f"most {MAX_QUESTION_CHARACTERS}"
                )
        return self


class TableHeadOut(Response):
    """The rows to come: their labels, and how many there would be beyond the most of a table."""

    labels: list[str]
    left_out: int
    index_version: str


class TableRowOut(Response):
    """A row of a table: the best answer to its question, where it stands and how sure it is.

    ``number`` counts from 1. An abstention and a failure say why in ``reason``, and the fields of
    an answer are null; ``best_candidate`` is what was not sure enough to be one. A failed row could
    not be asked for now: the service was too busy.
    """

    number: int
    label: str
    question: str
    status: Literal["answered", "abstained", "failed"]
    answer: str | None = None
    confidence: Annotated[float | None, Field(ge=0, le=1)] = None
    value: ValueOut | None = None
    as_of: dt.date | None = None
    standing: Standing | None = None
    agreement: Literal["single", "agree", "revised", "disagree"] | None = None
    citation: CitationOut | None = None
    reason: str | None = None
    best_candidate: str | None = None
    best_confidence: Annotated[float | None, Field(ge=0, le=1)] = None


class TableResponse(TableHeadOut):
    """All rows of a table."""

    model_config = with_examples(examples.TABLE)

    rows: list[TableRowOut]
