"""What is wrong with a field that does not validate, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


def fault(details: Mapping[str, Any]) -> str:
    """What is wrong, without the field: pydantic's message, or plainer words.

    Args:
        details: An `ErrorDetails`, as pydantic or FastAPI lists it.
    """
    if details["type"] == "extra_forbidden":
        return "there is no such field"
    return str(details["msg"]).removeprefix("Value error, ")


def field_fault(details: ErrorDetails) -> str:
    """Name a wrong field and what was expected; only that where the whole value is wrong."""
    place = ".".join(map(str, details["loc"]))
    return f"field '{place}': {fault(details)}" if place else fault(details)


def first_fault(error: ValidationError) -> str:
    """Name the first wrong field and what was expected."""
    return field_fault(error.errors()[0])
