"""Requests about evaluations, and about the generations that they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from api.client.calls import Call
from api.client.replies import as_file, json_as
from api.schemas import (
    ComparisonResponse,
    EvaluationJobResponse,
    EvaluationsResponse,
    GenerationsResponse,
)

if TYPE_CHECKING:
    from api.client.replies import Original

_EVALUATIONS: Final = "/v1/evaluations"
_job: Final = json_as(EvaluationJobResponse)


def start_evaluation(questions: int | None) -> Call[EvaluationJobResponse]:
    """Start an evaluation."""
    body = {} if questions is None else {"questions": questions}
    return Call("POST", _EVALUATIONS, _job, body=body)


def read_evaluation(evaluation_id: str) -> Call[EvaluationJobResponse]:
    """Read the state of an evaluation, or what came of it."""
    return Call("GET", _one(evaluation_id), _job)


def cancel_evaluation(evaluation_id: str) -> Call[EvaluationJobResponse]:
    """End an evaluation that runs."""
    return Call("POST", f"{_one(evaluation_id)}/cancel", _job)


def read_report(evaluation_id: str) -> Call[Original]:
    """Fetch the report of an evaluation."""
    return Call("GET", f"{_one(evaluation_id)}/report", as_file)


def compare_evaluations(old: str, new: str) -> Call[ComparisonResponse]:
    """Compare two evaluations."""
    params = {"old": old, "new": new}
    return Call("GET", f"{_EVALUATIONS}/comparison", json_as(ComparisonResponse), params=params)


def roll_back(index_version: str | None) -> Call[GenerationsResponse]:
    """Go back to a generation."""
    body = {"index_version": index_version}
    return Call("POST", "/v1/index/rollback", json_as(GenerationsResponse), body=body)


def refuse_generation(index_version: str, reason: str) -> Call[GenerationsResponse]:
    """Refuse a generation."""
    generations = json_as(GenerationsResponse)
    return Call("PUT", _refusal_of(index_version), generations, body={"reason": reason})


def allow_generation(index_version: str) -> Call[GenerationsResponse]:
    """Take the refusal of a generation back."""
    return Call("DELETE", _refusal_of(index_version), json_as(GenerationsResponse))


EVALUATIONS: Final = Call("GET", _EVALUATIONS, json_as(EvaluationsResponse))
GENERATIONS: Final = Call("GET", "/v1/index/generations", json_as(GenerationsResponse))


def _refusal_of(index_version: str) -> str:
    return f"/v1/index/generations/{quote(index_version, safe='')}/refusal"


def _one(evaluation_id: str) -> str:
    return f"{_EVALUATIONS}/{quote(evaluation_id, safe='')}"
