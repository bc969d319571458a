"""Errors at start: logged as one message that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import ArticleQAError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class StartingMiddleware:
    """Makes the server log an `ArticleQAError` at start as its message, without a stack trace.

    Args:
        app: The application to start.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start and end the application, or pass on a request."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        failures: list[Message] = []

        async def send_unless_failed(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                failures.append(message)  # the error itself is raised after it
            else:
                await send(message)

        try:
            await self._app(scope, receive, send_unless_failed)
        except ArticleQAError as error:
            for message in failures:
                await send({**message, "message": str(error)})
            raise
        except BaseException:
            for message in failures:
                await send(message)
            raise
