"""Errors over HTTP, each of them an RFC 9457 problem (``application/problem+json``)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.errors import GivenUpError, OverloadedError, StateError
from api.observing.request_id import current_request_id
from index.errors import (
    ArticleConflictError,
    ArticleError,
    ArticleNotFoundError,
    ArticleQAError,
    ClusterError,
    CorpusWriteError,
    EvaluationConflictError,
    EvaluationNotFoundError,
    GoldError,
    IndexMissingError,
    JobInProgressError,
    NoEarlierGenerationError,
    OriginalGoneError,
    ShardLostError,
    StorageChangedError,
    StorageError,
)
from index.field_faults import fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI, Request
    from starlette.types import ExceptionHandler, Receive, Scope, Send

_MEDIA_TYPE: Final = "application/problem+json"
_STATUS: Final[tuple[tuple[type[ArticleQAError], HTTPStatus], ...]] = (
    (ArticleNotFoundError, HTTPStatus.NOT_FOUND),
    (EvaluationNotFoundError, HTTPStatus.NOT_FOUND),
    (EvaluationConflictError, HTTPStatus.CONFLICT),
    (NoEarlierGenerationError, HTTPStatus.CONFLICT),
    (ArticleConflictError, HTTPStatus.CONFLICT),
    (ArticleError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (GoldError, HTTPStatus.CONFLICT),
    (ClusterError, HTTPStatus.SERVICE_UNAVAILABLE),
    (CorpusWriteError, HTTPStatus.SERVICE_UNAVAILABLE),
    (JobInProgressError, HTTPStatus.CONFLICT),
    (OriginalGoneError, HTTPStatus.GONE),
    (IndexMissingError, HTTPStatus.SERVICE_UNAVAILABLE),
    (OverloadedError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ShardLostError, HTTPStatus.SERVICE_UNAVAILABLE),
    (StorageChangedError, HTTPStatus.CONFLICT),
    (StorageError, HTTPStatus.SERVICE_UNAVAILABLE),
    (StateError, HTTPStatus.SERVICE_UNAVAILABLE),
)
_LASTING: Final = (CorpusWriteError,)  # until somebody mends it
OPENAI_PATHS: Final = ("/v1/chat/completions", "/v1/models", "/v1/responses")
_OPENAI_KINDS: Final[dict[HTTPStatus, tuple[str, str | None]]] = {
    HTTPStatus.UNAUTHORIZED: ("authentication_error", "invalid_api_key"),
    HTTPStatus.FORBIDDEN: ("permission_error", None),
    HTTPStatus.TOO_MANY_REQUESTS: ("rate_limit_error", "rate_limit_exceeded"),
}
RETRY_AFTER: Final = {"Retry-After": "5"}
ENDING: Final = (
    "The service is ending; ask again."  # to the requests that are cancelled as the service ends
)
_UNROUTED: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
_REPORTED_ERRORS: Final = 20
_LONGEST_FIELD: Final = 200  # characters of a name that a client made up
_CLIENT_GONE: Final = 499  # not a standard status, but nginx's and so a familiar one in logs


class FieldProblem(BaseModel):
    """One wrong field of a request: its place, and what was expected."""

    field: str
    message: str


class OpenAIError(BaseModel):
    """A problem as clients of OpenAI read it; ``param`` is the first wrong field."""

    message: str
    type: str
    param: str | None
    code: str | None


class Problem(BaseModel):
    """A problem of RFC 9457, with the id of the request and its wrong fields."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Unprocessable Entity",
                "status": 422,
                "detail": "body.question: String should have at least 1 character",
                "instance": "/v1/ask",
                "request_id": "0b0a9d0e5c6e4a7c8f1d2e3f4a5b6c7d",
                "errors": [
                    {
                        "field": "body.question",
                        "message": "String should have at least 1 character",
                    }
                ],
            }
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    request_id: str | None = None
    errors: list[FieldProblem] | None = None

    def to_json(self) -> dict[str, Any]:
        """The members that it has."""
        return self.model_dump(exclude_none=True)


class OpenAIProblem(Problem):
    """A problem that also has the error of OpenAI's API, on the paths for its clients."""

    error: OpenAIError

    def to_json(self) -> dict[str, Any]:
        """The members that it has; in ``error`` also those that are null."""
        return {**super().to_json(), "error": self.error.model_dump()}


ASKING_PROBLEMS: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""What every endpoint that takes questions, or what was answered, may return."""


def problem_responses(
    *statuses: HTTPStatus, kind: type[Problem] = Problem
) -> dict[int | str, dict[str, Any]]:
    """The problems that an endpoint may return, for its OpenAPI entry."""
    return {
        int(status): {
            "description": status.phrase,
            "content": {_MEDIA_TYPE: {"schema": _problem_schema(kind)}},
        }
        for status in statuses
    }


def _problem_schema(kind: type[Problem]) -> dict[str, Any]:
    """The schema of a problem without references, which OpenAPI would resolve elsewhere."""
    schema = kind.model_json_schema()
    del schema["$defs"]
    schema["properties"]["errors"] = {
        "title": "Errors",
        "type": "array",
        "items": FieldProblem.model_json_schema(),
    }
    if kind is OpenAIProblem:
        schema["properties"]["error"] = OpenAIError.model_json_schema()
        del schema["example"]
    return schema


def install_problem_handlers(app: FastAPI) -> None:
    """Turn every error of the application into a problem."""

    @app.exception_handler(RequestValidationError)
    async def invalid_request(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = error.errors()
        wrong = [
            FieldProblem(
                field=".".join(map(str, item["loc"]))[:_LONGEST_FIELD], message=fault(item)
            )
            for item in errors[:_REPORTED_ERRORS]
        ]
        detail = "; ".join(f"{item.field}: {item.message}" for item in wrong)
        if len(errors) > len(wrong):
            detail += f"; and {len(errors) - len(wrong)} more"
        return _respond(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=wrong)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        detail = str(error.detail)
        if status in _UNROUTED and detail == status.phrase:  # the router's own, which says no more
            detail = _unrouted(request, error)
        return _respond(request, status, detail, headers=error.headers)

    # Any other error is unexpected: `api.middleware.observing` logs it and answers 500.
    for kind, status in _STATUS:
        app.add_exception_handler(kind, _expected_failure(kind, status))

    @app.exception_handler(GivenUpError)
    @app.exception_handler(ClientDisconnect)  # in the middle of what it was sending
    async def left(_request: Request, _error: Exception) -> Response:
        return Response(status_code=_CLIENT_GONE)


def _unrouted(request: Request, error: HTTPException) -> str:
    """What is wrong with the address or the method of a request that no route takes."""
    allowed = (error.headers or {}).get("Allow")
    if allowed is not None:
        return f"{request.method}: not for this address; expected {allowed}"
    return f"{request.url.path[:_LONGEST_FIELD]!r}: nothing is there; /docs lists what there is"


def _expected_failure(kind: type[ArticleQAError], status: HTTPStatus) -> ExceptionHandler:
    passing = status == HTTPStatus.SERVICE_UNAVAILABLE and kind not in _LASTING
    headers = RETRY_AFTER if passing else None

    async def answer(request: Request, error: Exception) -> Response:
        return _respond(request, status, str(error), headers=headers)

    return answer


async def send_problem(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: HTTPStatus,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answer a request with a problem, from middleware."""
    await problem_response(status, detail, scope["path"], headers=headers)(scope, receive, send)


def _respond(
    request: Request,
    status: HTTPStatus,
    detail: str,
    *,
    errors: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    return problem_response(status, detail, request.url.path, errors=errors, headers=headers)


def problem_of(
    status: HTTPStatus, detail: str, instance: str, errors: list[FieldProblem] | None = None
) -> Problem:
    """A problem with the id of the current request."""
    members: dict[str, Any] = {
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "instance": instance,
        "request_id": current_request_id(),
        "errors": errors,
    }
    if instance.endswith(OPENAI_PATHS):
        return OpenAIProblem(**members, error=_openai_error(status, detail, errors))
    return Problem(**members)


def _openai_error(
    status: HTTPStatus, detail: str, errors: Sequence[FieldProblem] | None
) -> OpenAIError:
    kind, code = _OPENAI_KINDS.get(
        status, ("server_error" if status >= 500 else "invalid_request_error", None)
    )
    param = errors[0].field.removeprefix("body.") if errors else None
    return OpenAIError(message=detail, type=kind, param=param, code=code)


def problem_response(
    status: HTTPStatus,
    detail: str,
    instance: str,
    *,
    errors: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response with a problem."""
    return JSONResponse(
        problem_of(status, detail, instance, errors).to_json(),
        status_code=int(status),
        headers=None if headers is None else dict(headers),
        media_type=_MEDIA_TYPE,
    )
