"""Limits on the size of a request body and on the time to send it.

Starlette's own `max_body_size` is no use here: it refuses a long Content-Length in plain text,
whatever handler the application has, and every error of this service is a problem in JSON.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from api.keys import Scope as KeyScope
from api.middleware.access import caller_of, route_path
from api.problems import send_problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


_ARTICLES: Final = "/v1/articles"


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """The longest body, in bytes, and the longest time from the start of reading it to its end."""

    max_bytes: int
    seconds: float


class BodyLimitMiddleware:
    """Refuses a body that is too long or too slow.

    A Content-Length beyond the limit is refused before the body is read; a body without one is
    counted while it is read.

    Args:
        app: The application behind the limits.
        limit: The limit of a body.
        uploads: That of a body with articles, from a sender with the scope ``admin``.
    """

    def __init__(self, app: ASGIApp, limit: BodyLimit, uploads: BodyLimit) -> None:
        self._app = app
        self._limit = limit
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()):
            detail = f"Content-Length: '{declared[:40]}'; expected a number of bytes"
            await send_problem(scope, receive, send, HTTPStatus.BAD_REQUEST, detail)
            return
        limit = self._uploads if _may_upload(scope) else self._limit
        if len(declared) > 15 or int(declared) > limit.max_bytes:
            headers = {"Connection": "close"}
            refused = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            await send_problem(scope, receive, send, refused, _too_long(limit), headers=headers)
        else:
            await self._app(scope, _limited(receive, limit), send)


def _may_upload(scope: Scope) -> bool:
    path = route_path(scope)
    return (
        scope["method"] in {"POST", "PUT"}
        and (path == _ARTICLES or path.startswith(f"{_ARTICLES}/"))
        and KeyScope.ADMIN in caller_of(scope).scopes
    )


def _limited(receive: Receive, limit: BodyLimit) -> Receive:
    total, done, deadline = 0, False, 0.0

    async def limited() -> Message:
        nonlocal total, done, deadline
        if done:  # the wait for the client to disconnect has no limit
            return await receive()
        now = asyncio.get_running_loop().time()
        deadline = now + limit.seconds if deadline == 0.0 else deadline
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(
                HTTPStatus.REQUEST_TIMEOUT,
                f"the body did not arrive within {limit.seconds:g} s",
                {"Connection": "close"},
            ) from error
        total += len(message.get("body", b""))
        if total > limit.max_bytes:
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_long(limit), {"Connection": "close"}
            )
        done = not message.get("more_body", False)
        return message

    return limited


def _too_long(limit: BodyLimit) -> str:
    return f"the body is too long; expected at most {limit.max_bytes} bytes"
