"""Whole numbers of requests, which JSON Schema also takes as 8.0."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from api.schemas import AskRequest
from api.schemas.evaluating import EvaluateRequest
from api.schemas.openai_requests import ChatRequest, ResponsesRequest


@pytest.mark.parametrize(
    ("request_type", "field"),
    [
        (AskRequest, "top_k"),
        (AskRequest, "max_answers"),
        (EvaluateRequest, "questions"),
        (ChatRequest, "max_tokens"),
        (ChatRequest, "seed"),
        (ResponsesRequest, "max_output_tokens"),
    ],
)
def test_a_whole_number_may_have_a_point(request_type: type[BaseModel], field: str) -> None:
    def faults(value: object) -> list[tuple[str, ...]]:
        try:
            request_type.model_validate({field: value})
        except ValidationError as error:
            return [tuple(map(str, fault["loc"])) for fault in error.errors()]
        return []

    assert (field,) not in faults(8.0)
    assert (field,) in faults(8.5)
    assert (field,) in faults("8")
