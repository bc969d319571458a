"""JSON bodies of requests: bounded in fields and values, and parsed off the loop where long."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from anyio import to_thread
from fastapi import HTTPException, Request
from fastapi.routing import APIRoute

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import Response

_MOST_FIELDS: Final = 64  # of one object; no request has half as many
_MOST_VALUES: Final = 10_000  # of all objects and lists together; a long chat has some thousands
# Of what stands beside strings. Parsed, 64 MiB of empty objects would take over a gigabyte.
_CERTAIN_BYTES: Final = 1024 * 1024
# Also one that does not end, so that all are found in one pass.
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_PARSED_ON_THE_LOOP: Final = 16 * 1024  # bytes, which take less than a switch of threads


class JsonRequest(Request):
    """A request whose JSON is parsed within bounds.

    FastAPI collects every wrong value and unknown field before the first is reported; a body of
    nothing else would take seconds of the event loop.
    """

    async def json(self) -> Any:
        """Parse the body.

        Raises:
            json.JSONDecodeError: If it is not JSON.
            HTTPException: If an object in it has too many fields, or all of it too many values.
        """
        body = await self.body()
        if len(body) <= _PARSED_ON_THE_LOOP:
            return _parsed(body)
        return await to_thread.run_sync(_parsed, body)


def _parsed(body: bytes) -> Any:
    if len(body) > _CERTAIN_BYTES and len(_STRING.sub(b"", body)) > _CERTAIN_BYTES:
        raise _too_many_values()
    value = json.loads(body, object_pairs_hook=_bounded)
    _check_values(value)
    return value


def _too_many_values() -> HTTPException:
    return HTTPException(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"body: over {_MOST_VALUES} values in its objects and lists; expected fewer",
    )


def _check_values(value: Any) -> None:
    count, containers = 0, [[value]]
    while containers:
        values = containers.pop()
        count += len(values)
        if count > _MOST_VALUES:
            raise _too_many_values()
        for each in values:
            if isinstance(each, dict):
                containers.append(list(each.values()))
            elif isinstance(each, list):
                containers.append(each)


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
