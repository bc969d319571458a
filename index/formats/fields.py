"""The metadata that an article may carry, checked the same way in every format."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from index.errors import ArticleError


def _to_day(value: object) -> object:
    """Accept what YAML and JSON write for a moment, and keep its day."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return dt.datetime.fromisoformat(value.strip()).date()
        except ValueError:
            raise ValueError(f"{value!r} is not an ISO 8601 date such as 2025-01-31") from None
    return value


def _to_text(value: object) -> object:
    """Accept numbers where text is expected (``id: 2025`` in YAML is an integer)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _no_blank(value: object) -> object:
    """An empty field says the same as a missing one."""
    return None if isinstance(value, str) and not value.strip() else value


def _no_list(value: object) -> object:
    """``tags:`` with nothing behind it says the same as no tags."""
    return [] if _no_blank(value) is None else value


_Line = Annotated[
    str,
    BeforeValidator(_to_text),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
]
_OptionalLine = Annotated[_Line | None, BeforeValidator(_no_blank)]


class ArticleFields(BaseModel):
    """Metadata as a file states it; unknown fields are ignored, known ones must be right."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: _OptionalLine = None
    title: _OptionalLine = None
    url: _OptionalLine = None
    source: _OptionalLine = None
    author: _OptionalLine = None
    published_at: Annotated[
        dt.date | None, BeforeValidator(_to_day), BeforeValidator(_no_blank)
    ] = None
    tags: Annotated[list[_Line], Field(max_length=100), BeforeValidator(_no_list)] = Field(
        default_factory=list
    )


def parse_fields(raw: dict[str, Any]) -> ArticleFields:
    """Check the metadata of one article.

    Raises:
        ArticleError: If a field is wrong; the message names each wrong field.
    """
    try:
        return ArticleFields.model_validate(raw)
    except ValidationError as error:
        wrong = "; ".join(
            f"field '{'.'.join(map(str, item['loc']))}': {item['msg']}" for item in error.errors()
        )
        raise ArticleError(wrong) from None


def found_fields(raw: dict[str, Any]) -> ArticleFields:
    """Take metadata that was found in a document rather than stated for it.

    What is not fit to be metadata (a title of three pages, say) is left out.
    """
    fitting: dict[str, Any] = {}
    for name, value in raw.items():
        try:
            parse_fields({name: value})
        except ArticleError:
            continue
        fitting[name] = value
    return parse_fields(fitting)
