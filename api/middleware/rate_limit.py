"""The most requests per key and per address, counted by the `limits` library."""

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
    """Answers 429 with Retry-After once there were too many requests.

    Counts are kept in this process: with several workers each allows the rate.

    Args:
        app: What is called within the rate.
        rate: The most requests.
        counted: Says whom a request counts for; None for nobody.
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
        who = self._counted(scope)
        if who is None or self._limiter.hit(self._rate, who):
            await self._app(scope, receive, send)
            return
        reset = self._limiter.get_window_stats(self._rate, who).reset_time
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
    """Count by the name of the key."""
    return caller_of(scope).name


def counted_by_address(scope: Scope) -> str | None:
    """Count by the client's address; for IPv6 by its /64, all of which one client may have."""
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
