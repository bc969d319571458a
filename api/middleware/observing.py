"""The id, log record and metrics of every request, and the response to unexpected errors."""

from __future__ import annotations

import asyncio
import logging
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import Headers, MutableHeaders

from api.observing.request_id import HEADER, begin_request
from api.problems import ENDING, RETRY_AFTER, send_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.observing.metrics import Metrics

_LOGGER = logging.getLogger("api.requests")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})


class ObservingMiddleware:
    """Sets the id of a request, logs and counts it, and turns an unexpected error into a 500.

    Args:
        app: The observed application.
        metrics: Counts requests.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = begin_request(Headers(scope=scope).get(HEADER))
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with self._metrics.requests_open.track_inprogress():
            try:
                await self._app(scope, receive, send_with_id)
            except asyncio.CancelledError:  # the service ends before this request does
                if status == 0:  # begun events end themselves: `api.routes.events`
                    unavailable = HTTPStatus.SERVICE_UNAVAILABLE
                    await send_problem(
                        scope, receive, send_with_id, unavailable, ENDING, headers=RETRY_AFTER
                    )
                raise
            except Exception:
                _LOGGER.exception("%s %r failed", scope["method"], scope["path"])
                if status != 0:
                    raise  # the response has begun: the server cuts the connection
                detail = "The server failed to answer this request; its log says why."
                failed = HTTPStatus.INTERNAL_SERVER_ERROR
                await send_problem(scope, receive, send_with_id, failed, detail)
            finally:
                self._report(scope, status, time.perf_counter() - started)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path_format", None)
        # A client must not be able to make up time series.
        method = scope["method"] if scope["method"] in _METHODS else "other"
        label = "none" if route is None else route
        self._metrics.requests.labels(method, label, str(status)).inc()
        self._metrics.request_seconds.labels(label).observe(seconds)
        level = logging.DEBUG if route in _QUIET else logging.INFO
        client = scope.get("client")
        fields: dict[str, Any] = {
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "milliseconds": round(seconds * 1e3, 2),
            "client": None if client is None else client[0],
            **log_fields(scope),
        }
        message = "%s %r %d in %.1f ms"
        _LOGGER.log(
            level, message, scope["method"], scope["path"], status, seconds * 1e3, extra=fields
        )


def note_questions(request: Request, questions: Sequence[str], *, with_text: bool) -> None:
    """Log the number of a request's questions, and their text where the settings say so."""
    fields = log_fields(request.scope)
    fields["questions"] = len(questions)
    if with_text:
        fields["asked"] = list(questions)


def log_fields(scope: Scope) -> dict[str, Any]:
    """Further fields of the request's log record."""
    fields: dict[str, Any] = scope.setdefault("state", {}).setdefault("noted", {})
    return fields
