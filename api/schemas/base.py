"""What all requests and responses share."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    """What is sent: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Response(BaseModel):
    """What is returned: exactly the declared fields."""

    model_config = ConfigDict(extra="forbid")


def with_examples(*shown: dict[str, Any]) -> ConfigDict:
    """Show examples in the description of the API."""
    return ConfigDict(json_schema_extra={"examples": list(shown)})
