"""The scope that a route needs."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from api.keys import Scope
from api.middleware.access import CHALLENGE, caller_of
from api.routes.dependencies import Running

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="API key",
    description="A key made by `article-qa key`, where the service has keys.",
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


def needs(
    scope: Scope,
) -> Callable[[Request, HTTPAuthorizationCredentials | None], Awaitable[None]]:
    """Make a dependency that refuses a request whose key lacks the scope.

    `api.middleware.access` has identified the sender; without keys, every sender has all scopes.
    """

    async def check(request: Request, _: _Credentials) -> None:
        if scope not in caller_of(request.scope).scopes:
            raise HTTPException(
                HTTPStatus.FORBIDDEN,
                f"the API key lacks the scope '{scope}'",
                {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'},
            )

    return check


async def needs_to_read_metrics(
    request: Request, credentials: _Credentials, service: Running
) -> None:
    """Refuse a key without the scope ``admin``, unless the metrics are open."""
    if not service.settings.open_metrics:
        await needs(Scope.ADMIN)(request, credentials)
