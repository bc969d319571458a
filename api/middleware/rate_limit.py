"""Rate limits for each key and each address, by the `limits` library."""

from __future__ import annotations

import ipaddress
import math
import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.middleware.access import OPEN_PATHS, caller_of, route_path
from api.problems import send_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from limits import RateLimitItem
    from starlette.types import ASGIApp, Receive, Scope, Send


class RateLimitMiddleware:
    """Refuses requests beyond a rate with status 429 and Retry-After.

    Counts are kept in this process: with several workers, each allows the rate.

    Args:
        app: The application behind the limit.
        rate: The most requests, such as 60 a minute.
        counted: Returns the client that a request counts for; None for a request that is free.
        uncounted_paths: Paths that are never counted.
    """

    def __init__(
        self,
        app: ASGIApp,
        rate: RateLimitItem,
        counted: Callable[[Scope], str | None],
        uncounted_paths: Collection[str] = OPEN_PATHS,
    ) -> None:
        self._app = app
        self._rate = rate
        self._counted = counted
        self._uncounted_paths = frozenset(uncounted_paths)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or route_path(scope) in self._uncounted_paths:
            await self._app(scope, receive, send)
            return
        client = self._counted(scope)
        if client is None or self._limiter.hit(self._rate, client):
            await self._app(scope, receive, send)
            return
        reset = self._limiter.get_window_stats(self._rate, client).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        await send_problem(
            scope,
            receive,
            send,
            HTTPStatus.TOO_MANY_REQUESTS,
            f"too many requests; at most {self._rate} are allowed",
            headers={"Retry-After": str(wait)},
        )


def counted_by_key(scope: Scope) -> str | None:
    """The name of the request's key."""
    return caller_of(scope).name


def counted_by_address(scope: Scope) -> str | None:
    """The client's address; for IPv6 its /64, which one client may have all of."""
    client = scope.get("client")
    if client is None:
        return None
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return str(client[0])
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
