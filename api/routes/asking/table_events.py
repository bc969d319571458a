"""Server-sent events: the labels of a table, then its rows as they are answered."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from starlette.responses import Response

from api.errors import GivenUpError
from api.routes.events import EVENTS, problem_after, send_event, unless_gone

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fastapi import Request
    from starlette.types import Receive, Scope, Send

    from api.schemas import TableHeadOut, TableRowOut


class TableEvents(Response):
    """Event ``rows`` with the labels, then an event ``row`` for each; ``problem`` where one fails.

    They begin with the first answer: a failure before it is a problem response with its own status.
    A client that leaves ends them, with the question that is being answered.

    Args:
        request: The request, whose client may leave.
        head: The labels.
        rows: The rows, in order.
    """

    media_type: str = EVENTS

    def __init__(
        self, request: Request, head: TableHeadOut, rows: AsyncGenerator[TableRowOut]
    ) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._request = request
        self._head = head
        self._rows = rows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the events; no slot is held while the client takes one."""
        async with aclosing(self._rows):
            row = await self._next()
            start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(start)
            await send_event(send, "rows", self._head, more=True)
            while row is not None:
                await send_event(send, "row", row, more=True)
                try:
                    row = await self._next()
                except GivenUpError:
                    return
                except asyncio.CancelledError as error:
                    await send_event(send, "problem", problem_after(scope, error))
                    raise
                except Exception as error:  # noqa: BLE001 - it is logged, and the client told
                    await send_event(send, "problem", problem_after(scope, error))
                    return
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self) -> TableRowOut | None:
        return await unless_gone(self._request, _next_of(self._rows))


async def _next_of(rows: AsyncGenerator[TableRowOut]) -> TableRowOut | None:
    return await anext(rows, None)
