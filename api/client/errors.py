"""What the client raises, within the project's own tree of errors."""

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
    """The service cannot be reached, or what answered is not this service."""


class ProblemError(ArticleQAError):
    """The service refused or failed, and said why in an RFC 9457 problem.

    Attributes:
        status: HTTP status.
        title: What kind of problem it is.
        detail: What is wrong, where, and what was expected.
        request_id: What the service's log calls the request; None where it says nothing.
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
        known = "" if request_id is None else f" (request {request_id})"
        super().__init__(f"{status} {title}: {detail}{known}")
        self.status = status
        self.title = title
        self.detail = detail
        self.request_id = request_id
        self.errors = tuple(errors)


class NotFoundProblemError(ProblemError, ArticleNotFoundError):
    """There is no such article, job or file."""


class ConflictProblemError(ProblemError, BuildInProgressError):
    """The service is rebuilding already."""


class GoneProblemError(ProblemError, OriginalGoneError):
    """The service does not have the file any more as it was indexed."""


PROBLEMS: Final[dict[int, type[ProblemError]]] = {
    HTTPStatus.NOT_FOUND: NotFoundProblemError,
    HTTPStatus.CONFLICT: ConflictProblemError,
    HTTPStatus.GONE: GoneProblemError,
}
