"""What all requests and responses share."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE: Final = BeforeValidator(_whole)
"""Takes 8.0 for 8 in a request, as JSON Schema does; last in an annotation, behind the bounds."""


class Request(BaseModel):
    """What is sent: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Response(BaseModel):
    """What is returned: exactly the declared fields."""

    model_config = ConfigDict(extra="forbid")


def with_examples(*shown: dict[str, Any]) -> ConfigDict:
    """Show examples in the description of the API."""
    return ConfigDict(json_schema_extra={"examples": list(shown)})
