"""Errors of the client, within the project's own hierarchy."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from index.errors import (
    ArticleNotFoundError,
    ArticleQAError,
    BuildInProgressError,
    OriginalGoneError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class ServiceError(ArticleQAError):
    """The service cannot be reached, or the reply is not one of this service."""


class ProblemError(ArticleQAError):
    """The service refused or failed, with an RFC 9457 problem.

    Attributes:
        status: HTTP status.
        title: Kind of problem.
        detail: What is wrong, where, and what was expected.
        request_id: Id of the request in the service's log; None where the reply has none.
        errors: The wrong fields of the request, each with ``field`` and ``message``.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        request_id: str | None,
        errors: Sequence[dict[str, str]],
    ) -> None:
        suffix = "" if request_id is None else f" (request {request_id})"
        super().__init__(f"{status} {title}: {detail}{suffix}")
        self.status = status
        self.title = title
        self.detail = detail
        self.request_id = request_id
        self.errors = tuple(errors)


class NotFoundProblemError(ProblemError, ArticleNotFoundError):
    """There is no such article, job or file."""


class ConflictProblemError(ProblemError, BuildInProgressError):
    """A rebuild is running, or an article is there already or cannot be changed by itself."""


class GoneProblemError(ProblemError, OriginalGoneError):
    """The original file has changed since it was indexed, or is gone."""


PROBLEMS: Final[dict[int, type[ProblemError]]] = {
    HTTPStatus.NOT_FOUND: NotFoundProblemError,
    HTTPStatus.CONFLICT: ConflictProblemError,
    HTTPStatus.GONE: GoneProblemError,
}
