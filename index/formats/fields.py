"""Article metadata, validated alike in every format."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from index.errors import ArticleError
from index.field_faults import field_fault
from index.formats.days import parse_day

MAX_TAGS: Final = 100
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DOT_SEGMENT: Final = re.compile(r"(?:^|[/\\])\.{1,2}(?:[/\\]|$)")


def _to_day(value: object) -> object:
    """Reduce a timestamp, as YAML and JSON write it, to its day."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, str):
        day = parse_day(value)
        if day is None:
            raise ValueError(f"{value!r} is not a date such as 2025-01-31")
        return day
    return value


def _to_text(value: object) -> object:
    """Accept numbers where text is expected (``id: 2025`` in YAML is an integer)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _no_blank(value: object) -> object:
    """Take an empty field for a missing one."""
    return None if isinstance(value, str) and not value.strip() else value


def _no_list(value: object) -> object:
    """Take ``tags:`` without a value for no tags."""
    return [] if _no_blank(value) is None else value


def _check_id(value: object) -> object:
    """Refuse ids that no address can hold."""
    if isinstance(value, str) and (fault := id_fault(value.strip())) is not None:
        raise ValueError(fault)
    return value


def id_fault(article_id: str) -> str | None:
    """Say why an article with this id could not be fetched; None if it can."""
    if _CONTROL.search(article_id) is not None:
        return f"{article_id!r} holds a control character, so no address can name it"
    if _DOT_SEGMENT.search(article_id) is not None:
        return f"'{article_id}' has a segment '.' or '..', which addresses leave out"
    return None


_Line = Annotated[
    str,
    BeforeValidator(_to_text),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
]
_OptionalLine = Annotated[_Line | None, BeforeValidator(_no_blank)]
_Id = Annotated[_OptionalLine, BeforeValidator(_check_id)]


class ArticleFields(BaseModel):
    """Metadata that a file states; unknown fields are ignored, the others must be valid."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: _Id = None
    title: _OptionalLine = None
    url: _OptionalLine = None
    source: _OptionalLine = None
    author: _OptionalLine = None
    published_at: Annotated[
        dt.date | None, BeforeValidator(_to_day), BeforeValidator(_no_blank)
    ] = None
    tags: Annotated[list[_Line], Field(max_length=MAX_TAGS), BeforeValidator(_no_list)] = Field(
        default_factory=list
    )


def parse_fields(raw: dict[str, Any]) -> ArticleFields:
    """Validate metadata.

    Raises:
        ArticleError: If a field is invalid; the message names each of them.
    """
    try:
        return ArticleFields.model_validate(raw)
    except ValidationError as error:
        raise ArticleError("; ".join(map(field_fault, error.errors()))) from None


def lenient_fields(raw: dict[str, Any]) -> ArticleFields:
    """Validate metadata extracted from a document, without the fields that are invalid.

    A program wrote it, not an editor of the corpus: a title of three pages is no reason to refuse
    the document.
    """
    valid: dict[str, Any] = {}
    for name, value in raw.items():
        try:
            parse_fields({name: value})
        except ArticleError:
            continue
        valid[name] = value
    return parse_fields(valid)
