"""Errors over HTTP: every one is an RFC 9457 problem (``application/problem+json``)."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from index.errors import (
    ArticleNotFoundError,
    ArticleQAError,
    BuildInProgressError,
    IndexMissingError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request

_LOGGER = logging.getLogger(__name__)
_MEDIA_TYPE: Final = "application/problem+json"
_STATUS: Final[tuple[tuple[type[ArticleQAError], HTTPStatus], ...]] = (
    (ArticleNotFoundError, HTTPStatus.NOT_FOUND),
    (BuildInProgressError, HTTPStatus.CONFLICT),
    (IndexMissingError, HTTPStatus.SERVICE_UNAVAILABLE),
)
_RETRY_AFTER: Final = {"Retry-After": "5"}


class FieldProblem(BaseModel):
    """One wrong field of a request: where it stands, and what was expected."""

    field: str
    message: str


class Problem(BaseModel):
    """A problem as RFC 9457 defines it, with the wrong fields of the request."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Unprocessable Entity",
                "status": 422,
                "detail": "body.question: String should have at least 1 character",
                "instance": "/v1/ask",
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
    errors: list[FieldProblem] | None = None


def problem_responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that an endpoint may return, for its OpenAPI entry."""
    return {
        int(status): {
            "description": status.phrase,
            "content": {_MEDIA_TYPE: {"schema": _problem_schema()}},
        }
        for status in statuses
    }


def _problem_schema() -> dict[str, Any]:
    """The schema of a problem in one piece: a reference would point into the whole description."""
    schema = Problem.model_json_schema()
    del schema["$defs"]
    schema["properties"]["errors"] = {
        "title": "Errors",
        "type": "array",
        "items": FieldProblem.model_json_schema(),
    }
    return schema


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of the application a problem."""

    @app.exception_handler(RequestValidationError)
    async def invalid_request(request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [
            FieldProblem(field=".".join(map(str, item["loc"])), message=item["msg"])
            for item in error.errors()
        ]
        detail = "; ".join(f"{item.field}: {item.message}" for item in wrong)
        return _respond(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=wrong)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        return _respond(request, status, str(error.detail), headers=error.headers)

    @app.exception_handler(ArticleQAError)
    async def failed(request: Request, error: ArticleQAError) -> JSONResponse:
        for kind, status in _STATUS:
            if isinstance(error, kind):
                headers = _RETRY_AFTER if status == HTTPStatus.SERVICE_UNAVAILABLE else None
                return _respond(request, status, str(error), headers=headers)
        return _unexpected(request, error)

    @app.exception_handler(Exception)
    async def crashed(request: Request, error: Exception) -> JSONResponse:
        return _unexpected(request, error)


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    """Log the error with its trace; the client learns only that there was one."""
    _LOGGER.error("%s %s failed", request.method, request.url.path, exc_info=error)
    detail = "The server failed to answer this request; its log says why."
    return _respond(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)


def _respond(
    request: Request,
    status: HTTPStatus,
    detail: str,
    *,
    errors: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    problem = Problem(
        title=status.phrase,
        status=int(status),
        detail=detail,
        instance=request.url.path,
        errors=errors,
    )
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=int(status),
        headers=None if headers is None else dict(headers),
        media_type=_MEDIA_TYPE,
    )
