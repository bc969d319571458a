"""Limits on the size of a request body and on the time to send it.

Starlette's own `max_body_size` is no use here: it refuses a long Content-Length in plain text,
whatever handler the application has, and every error of this service is a problem in JSON.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from api.problems import send_problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimitMiddleware:
    """Refuses a body that is too long or too slow.

    A Content-Length beyond the limit is refused before the body is read; a body without one is
    counted while it is read.

    Args:
        app: The application behind the limits.
        max_bytes: The longest body.
        seconds: The longest time from the start of reading to the end of the body.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, seconds: float) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()):
            detail = f"Content-Length: '{declared[:40]}'; expected a number of bytes"
            await send_problem(scope, receive, send, HTTPStatus.BAD_REQUEST, detail)
        elif len(declared) > 15 or int(declared) > self._max_bytes:
            headers = {"Connection": "close"}
            refused = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            await send_problem(scope, receive, send, refused, self._too_long(), headers=headers)
        else:
            await self._app(scope, self._limited(receive), send)

    def _limited(self, receive: Receive) -> Receive:
        total, done, deadline = 0, False, 0.0

        async def limited() -> Message:
            nonlocal total, done, deadline
            if done:  # the wait for the client to disconnect has no limit
                return await receive()
            now = asyncio.get_running_loop().time()
            deadline = now + self._seconds if deadline == 0.0 else deadline
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(
                    HTTPStatus.REQUEST_TIMEOUT,
                    f"the body did not arrive within {self._seconds:g} s",
                    {"Connection": "close"},
                ) from error
            total += len(message.get("body", b""))
            if total > self._max_bytes:
                raise HTTPException(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._too_long(), {"Connection": "close"}
                )
            done = not message.get("more_body", False)
            return message

        return limited

    def _too_long(self) -> str:
        return f"the body is too long; expected at most {self._max_bytes} bytes"
