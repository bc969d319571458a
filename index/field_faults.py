"""What is wrong with a field that does not validate, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


def field_fault(details: ErrorDetails) -> str:
    """Name a wrong field and what was expected; only that where the whole value is wrong."""
    place = ".".join(map(str, details["loc"]))
    return f"field '{place}': {details['msg']}" if place else details["msg"]


def first_fault(error: ValidationError) -> str:
    """Name the first wrong field and what was expected."""
    return field_fault(error.errors()[0])
