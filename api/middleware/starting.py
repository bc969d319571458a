"""What the log says where the application cannot start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import ArticleQAError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class StartingMiddleware:
    """Has the server log an error of this project as its message, without a stack trace.

    The message says what to do about it; where in the code it was noticed helps nobody with that.

    Args:
        app: What is started.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start and end the application, or hand on a request."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        failed: list[Message] = []

        async def send_unless_failed(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                failed.append(message)  # the error itself comes after it
            else:
                await send(message)

        try:
            await self._app(scope, receive, send_unless_failed)
        except ArticleQAError as error:
            for message in failed:
                await send({**message, "message": str(error)})
            raise
        except BaseException:
            for message in failed:
                await send(message)
            raise
