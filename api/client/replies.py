"""Parsing of replies, and the errors that they stand for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from api.client.errors import PROBLEMS, ProblemError, ServiceError
from index.field_faults import first_fault

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

_PROBLEM: Final = "application/problem+json"
_REQUEST_ID: Final = "X-Request-ID"
_FOLDERS: Final = re.compile(r".*[/\\]", re.DOTALL)

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Original:
    """The original file of an article: name, media type and bytes."""

    name: str
    media_type: str
    content: bytes


def is_problem(response: httpx2.Response) -> bool:
    """Whether a reply is an RFC 9457 problem."""
    return bool(response.headers.get("content-type", "").startswith(_PROBLEM))


def check(response: httpx2.Response) -> None:
    """Check that a reply is a success of this service.

    Raises:
        ProblemError: If it is a problem.
        ServiceError: If it does not come from this service.
    """
    if is_problem(response):
        raise problem_in(response.text, response)
    if not response.is_success:
        raise _no_service(response, f"status {response.status_code}")


def json_as(model: type[M]) -> Callable[[httpx2.Response], M]:
    """A parser of JSON replies of one schema."""
    return lambda response: text_as(model, response.content, response)


def text_as(model: type[M], text: str | bytes, response: httpx2.Response) -> M:
    """Parse JSON of one schema, which came in a response.

    Raises:
        ServiceError: If it is none.
    """
    try:
        # A newer service may send further fields.
        return model.model_validate_json(text, extra="ignore")
    except ValidationError as error:
        raise _no_service(response, first_fault(error)) from error


def as_file(response: httpx2.Response) -> Original:
    """Parse a file, with the name and media type of its headers.

    Only the last part of the name is kept: a reply must not choose the folder of a saved file.

    Raises:
        ServiceError: If there is no name.
    """
    headers = Message()
    for header in ("Content-Type", "Content-Disposition"):
        headers[header] = response.headers.get(header, "")
    file_name = headers.get_filename()
    name = "" if file_name is None else _FOLDERS.sub("", file_name)
    if name in {"", ".", ".."}:
        raise _no_service(response, "a file without a name")
    return Original(name, headers.get_content_type(), response.content)


def _no_service(response: httpx2.Response, detail: str) -> ServiceError:
    return ServiceError(
        f"{response.request.url}: not a reply of this service ({detail}); "
        "expected the address of a running Article QA"
    )


def problem_in(text: str, response: httpx2.Response) -> ProblemError:
    """The error of a problem that came in a response; missing fields are taken from it."""
    try:
        loaded = json.loads(text)
    except ValueError:
        loaded = None
    problem: dict[str, Any] = loaded if isinstance(loaded, dict) else {}
    status = problem.get("status", response.status_code)
    kind = PROBLEMS.get(status, ProblemError)
    return kind(
        status,
        str(problem.get("title", response.reason_phrase)),
        str(problem.get("detail", "the service did not say why")),
        problem.get("request_id", response.headers.get(_REQUEST_ID)),
        problem.get("errors", []),
    )
