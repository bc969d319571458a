"""JSON bodies of requests: bounded in fields, and parsed off the event loop where they are long."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from anyio import to_thread
from fastapi import HTTPException, Request
from fastapi.routing import APIRoute

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import Response

_MOST_FIELDS: Final = 64  # of one object; no request has half as many
_PARSED_ON_THE_LOOP: Final = 16 * 1024  # bytes, which take less than a switch of threads


class JsonRequest(Request):
    """A request whose JSON is parsed within bounds.

    FastAPI reports every unknown field; a body of nothing else would take seconds of the event
    loop, and its problem would be many times as long.
    """

    async def json(self) -> Any:
        """Parse the body.

        Raises:
            json.JSONDecodeError: If it is not JSON.
            HTTPException: If an object in it has too many fields.
        """
        body = await self.body()
        if len(body) <= _PARSED_ON_THE_LOOP:
            return _parsed(body)
        return await to_thread.run_sync(_parsed, body)


def _parsed(body: bytes) -> Any:
    return json.loads(body, object_pairs_hook=_bounded)


def _bounded(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > _MOST_FIELDS:
        raise HTTPException(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"body: an object has {len(pairs)} fields; expected at most {_MOST_FIELDS}",
        )
    return dict(pairs)


class JsonRoute(APIRoute):
    """A route whose requests are `JsonRequest`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, with bounds on its body."""
        handle = super().get_route_handler()

        async def handle_bounded(request: Request) -> Response:
            return await handle(JsonRequest(request.scope, request.receive))

        return handle_bounded
