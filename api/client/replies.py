"""Replies of the service: what they hold, or what went wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from api.client.errors import PROBLEMS, ProblemError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

_PROBLEM: Final = "application/problem+json"
_REQUEST_ID: Final = "X-Request-ID"
_FOLDERS: Final = re.compile(r".*[/\\]", re.DOTALL)

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Original:
    """The file that an article came from: its name, media type and bytes."""

    name: str
    media_type: str
    content: bytes


def check(response: httpx2.Response) -> None:
    """Make sure that a reply is one of the service and no problem.

    Raises:
        ProblemError: If it is a problem.
        ServiceError: If it is nothing that the service says.
    """
    if response.headers.get("content-type", "").startswith(_PROBLEM):
        raise _problem(response)
    if not response.is_success:
        raise _no_service(response, f"status {response.status_code}")


def json_as(model: type[M]) -> Callable[[httpx2.Response], M]:
    """Read replies as a model in JSON."""

    def read(response: httpx2.Response) -> M:
        try:
            # A newer service may say more than this client knows.
            return model.model_validate_json(response.content, extra="ignore")
        except ValidationError as error:
            wrong = error.errors()[0]
            field = ".".join(map(str, wrong["loc"]))
            raise _no_service(response, f"field '{field}': {wrong['msg']}") from error

    return read


def as_file(response: httpx2.Response) -> Original:
    """Read a file with the name and type that its headers give it.

    Only the last part of a name is kept, so that whoever saves it under that name stays in the
    folder meant for it, whatever answered.

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


def _problem(response: httpx2.Response) -> ProblemError:
    """Make an error of a problem; what it leaves out is taken from the response around it."""
    try:
        loaded = response.json()
    except ValueError:
        loaded = None
    known: dict[str, Any] = loaded if isinstance(loaded, dict) else {}
    kind = PROBLEMS.get(response.status_code, ProblemError)
    return kind(
        response.status_code,
        str(known.get("title", response.reason_phrase)),
        str(known.get("detail", "the service did not say why")),
        known.get("request_id", response.headers.get(_REQUEST_ID)),
        known.get("errors", []),
    )
