"""The time limit of every send: a client that does not read holds nothing."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOGGER = logging.getLogger(__name__)


class SendLimitMiddleware:
    """Treats a client that takes nothing of a response for some time as one that has left.

    The application behind it goes on as if the connection were closed: what it sends is dropped,
    and it receives a disconnect. The server closes the connection of the incomplete response.

    Args:
        app: The application behind the limit.
        seconds: The longest that one message may wait for the client.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stalled = False

        async def limited_send(message: Message) -> None:
            nonlocal stalled
            if stalled:
                return
            try:
                async with asyncio.timeout(self._seconds):
                    await send(message)
            except TimeoutError:
                stalled = True
                _LOGGER.info(
                    "%s %r: the client took nothing for %g s",
                    scope["method"],
                    scope["path"],
                    self._seconds,
                )

        async def receive_unless_stalled() -> Message:
            return {"type": "http.disconnect"} if stalled else await receive()

        await self._app(scope, receive_unless_stalled, limited_send)
