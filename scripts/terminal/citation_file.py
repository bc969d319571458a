"""Files of citations: replies as `article-qa ask --json` writes them, or citations alone."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from api.schemas import QuoteIn
from index.errors import ArticleQAError
from index.field_faults import first_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.client.calls import Quote

_SPACE: Final = re.compile(r"\s*")


class CitationFileError(ArticleQAError):
    """A file of citations is not JSON, or holds something else."""


def read_citations(text: str, name: str) -> list[Quote]:
    """Read the quotes of a file: replies, lists of citations or single ones, one after the other.

    Args:
        text: The content.
        name: The file, for error messages.

    Raises:
        CitationFileError: If it is not such a file; the message names line and field.
    """
    quotes: list[Quote] = []
    values = 0
    for line, value in _values(text, name):
        values += 1
        for number, citation in enumerate(_citations(value), start=1):
            try:
                quotes.append(_quote(citation))
            except ValidationError as error:
                raise CitationFileError(
                    f"{name}:{line}: citation {number}: {first_fault(error)}"
                ) from error
    if values == 0:
        raise CitationFileError(
            f"{name}: empty; expected replies of 'article-qa ask --json', or a citation a line"
        )
    return quotes


def _values(text: str, name: str) -> Iterator[tuple[int, Any]]:
    """The JSON values of a text, each with the line that it begins on."""
    decoder = json.JSONDecoder()
    line, counted, end = 1, 0, 0
    while (start := _end_of_space(text, end)) < len(text):
        line, counted = line + text.count("\n", counted, start), start
        try:
            value, end = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            raise CitationFileError(f"{name}:{error.lineno}: not JSON ({error.msg})") from error
        except RecursionError as error:
            raise CitationFileError(f"{name}:{line}: JSON of too many levels") from error
        yield line, value


def _end_of_space(text: str, start: int) -> int:
    space = _SPACE.match(text, start)
    return start if space is None else space.end()


def _citations(value: Any) -> Iterator[Any]:
    """The citations of a reply, of a batch or of a list; else the value itself."""
    for item in _held(value, "responses"):
        yield from _held(item, "citations")


def _held(value: Any, field: str) -> list[Any]:
    """The list that a field holds; of anything else, the value itself."""
    if isinstance(value, list):
        return value
    held = value.get(field) if isinstance(value, dict) else None
    return held if isinstance(held, list) else [value]


def _quote(citation: Any) -> Quote:
    """The quote of a citation, checked as the service does.

    Raises:
        ValidationError: If a field is missing or wrong.
    """
    fields: Any = citation
    if isinstance(citation, dict):
        fields = {key: value for key, value in citation.items() if key in QuoteIn.model_fields}
        article = citation.get("article")
        if isinstance(article, dict) and "id" in article:
            fields.setdefault("article_id", article["id"])
    checked = QuoteIn.model_validate(fields)
    return {
        "article_id": checked.article_id,
        "quote": checked.quote,
        "start": checked.start,
        "end": checked.end,
        "quote_sha256": checked.quote_sha256,
    }
