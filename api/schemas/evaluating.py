"""Evaluations of the gold questions, and the generations of the index that they are of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from api.schemas import examples
from api.schemas.base import WHOLE, Request, Response, with_examples

MAX_EVALUATED = 1000
MAX_REASON_CHARACTERS = 500
_Version = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_Outcome = Literal[
    "right",
    "retrieval_missed",
    "reader_missed",
    "wrongly_abstained",
    "wrongly_answered",
    "failed",
]


class EvaluateRequest(Request):
    """How many gold questions to ask at most; of more, every second, third and so on is asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"questions": 100}, {}]})

    questions: Annotated[int, Field(ge=1, le=MAX_EVALUATED), WHOLE] = MAX_EVALUATED


class MeasureOut(Response):
    """A measure with its 95% bootstrap interval, over the ``questions`` that it is defined for."""

    value: float | None
    low: float | None
    high: float | None
    questions: int


class EvaluationOut(Response):
    """The figures of an evaluation.

    ``questions`` of the ``of`` gold questions were asked; ``gold_sha256`` is that of their file.
    ``outcomes`` counts them; ``measures`` are those of ``article-qa evaluate``. Where it is
    ``whole``, its report is kept, and it can be compared.
    """

    id: str
    created_at: AwareDatetime
    by: str | None
    index_version: str
    encoder: str
    reader: str | None
    gold_sha256: str
    questions: int
    of: int
    seconds: float
    outcomes: dict[_Outcome, int]
    measures: dict[str, MeasureOut]
    whole: bool


class MissedOut(Response):
    """A gold question that was not answered right: what was expected, and the best candidate."""

    id: str
    question: str | None
    outcome: _Outcome
    expected: list[str]
    given: str | None
    error: str | None


class EvaluationProgressOut(Response):
    """How many of the questions have been asked."""

    questions_done: int
    questions: int


class EvaluationJobResponse(Response):
    """An evaluation: how far it is, and in the end its figures or its error.

    ``missed`` are the first questions, 200 at most, that were not answered right.
    """

    model_config = with_examples(examples.EVALUATION_JOB)

    id: str
    status: Literal["running", "succeeded", "failed", "cancelled"]
    started_at: AwareDatetime
    finished_at: AwareDatetime | None
    progress: EvaluationProgressOut | None
    error: str | None
    evaluation: EvaluationOut | None
    missed: list[MissedOut]


class EvaluationsResponse(Response):
    """The evaluations of this index folder, the latest first; ``running`` is the one under way."""

    model_config = with_examples(examples.EVALUATIONS)

    running: EvaluationJobResponse | None
    evaluations: list[EvaluationOut]


class MeasureChangeOut(Response):
    """A measure in both evaluations, over the questions that both asked.

    ``delta`` is new minus old, with its 95% paired bootstrap interval and the chance ``p`` of such
    a difference if there were none.
    """

    name: str
    higher_is_better: bool
    old: float | None
    new: float | None
    delta: float | None
    low: float | None
    high: float | None
    p: float | None


class QuestionChangeOut(Response):
    """A question that was answered otherwise than before."""

    id: str
    question: str | None
    verdict: Literal["better", "worse", "changed"]
    old_outcome: _Outcome
    new_outcome: _Outcome
    old_answer: str | None
    new_answer: str | None


class ComparisonResponse(Response):
    """Two evaluations side by side, over the ``compared`` questions that both asked alike."""

    model_config = with_examples(examples.COMPARISON)

    old_version: str
    new_version: str
    compared: int
    only_old: list[str]
    only_new: list[str]
    asked_otherwise: list[str]
    measures: list[MeasureChangeOut]
    changes: list[QuestionChangeOut]


class RefusalOut(Response):
    """Why a generation is not to be served; ``by`` is the name of a key."""

    refused_at: AwareDatetime
    by: str | None
    reason: str


class GenerationOut(Response):
    """A generation of the index that is kept on disk; ``refused`` says why it is not served."""

    index_version: str
    created_at: AwareDatetime
    articles: int
    chunks: int
    current: bool
    refused: RefusalOut | None


class GenerationsResponse(Response):
    """The generations that are kept, the latest first."""

    model_config = with_examples(examples.GENERATIONS)

    generations: list[GenerationOut]


class RollbackRequest(Request):
    """Which kept generation to go back to; the one that the current one replaced where null."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{}, {"index_version": "20250501T080000Z-0c2f9d11"}]}
    )

    index_version: _Version | None = None


class RefusalRequest(Request):
    """Why a generation is refused."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "It no longer finds the figures of 2024."}]}
    )

    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_REASON_CHARACTERS),
        Field(json_schema_extra={"pattern": r"\S"}),
    ]
