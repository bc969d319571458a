"""What a route needs of a key."""

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
    description="A key made by `python -m scripts.make_key`, where the service has keys.",
)
_Shown = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


def needs(
    scope: Scope,
) -> Callable[[Request, HTTPAuthorizationCredentials | None], Awaitable[None]]:
    """Make a dependency that lets a request pass if its key has the scope.

    Who sent it was found before by `api.middleware.access`; where there are no keys, that lets
    only pass who may do everything.
    """

    async def check(request: Request, _: _Shown) -> None:
        if scope not in caller_of(request.scope).scopes:
            raise HTTPException(
                HTTPStatus.FORBIDDEN,
                f"the API key lacks the scope '{scope}'",
                {"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'},
            )

    return check


async def needs_to_read_metrics(request: Request, shown: _Shown, service: Running) -> None:
    """Let pass who has the scope ``admin``, or anyone where the settings say so."""
    if not service.settings.open_metrics:
        await needs(Scope.ADMIN)(request, shown)
