"""What is wrong with a field, in words."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from index.field_faults import first_fault


class _Article(BaseModel):
    model_config = ConfigDict(extra="forbid")

    pages: list[int]

    @field_validator("pages")
    @classmethod
    def _check(cls, pages: list[int]) -> list[int]:
        if not pages:
            raise ValueError("none; expected at least one")
        return pages


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ('{"pages": [1, "two"]}', "field 'pages.1': Input should be a valid integer"),
        ("{}", "field 'pages': Field required"),
        ('{"pages": []}', "field 'pages': none; expected at least one"),
        ('{"pages": [1], "page": 1}', "field 'page': there is no such field"),
        ("<html>", "Invalid JSON: expected value"),
    ],
)
def test_first_fault_names_the_field_where_there_is_one(raw: str, fault: str) -> None:
    with pytest.raises(ValidationError) as raised:
        _Article.model_validate_json(raw)
    assert first_fault(raised.value).startswith(fault)
