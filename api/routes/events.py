"""Server-sent events: the passages of a question, then its answer."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

from fastapi.sse import format_sse_event
from starlette.responses import Response

from api.errors import GivenUpError, OverloadedError
from api.problems import ENDING, problem_of
from api.translation import from_reply, from_retrieval

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from fastapi import Request
    from pydantic import BaseModel
    from starlette.types import Receive, Scope, Send

    from api.answering.answerer import AskParameters
    from api.answering.question import Question
    from api.service.asking import Asking
    from api.service.serving import Served

_LOGGER = logging.getLogger(__name__)
_EVENTS: Final = "text/event-stream"
_T = TypeVar("_T")


def wants_events(request: Request) -> bool:
    """Whether a request accepts server-sent events by name."""
    accepted = request.headers.get("accept", "").lower().split(",")
    return any(kind.partition(";")[0].strip() == _EVENTS for kind in accepted)


class AnswerEvents(Response):
    """Event ``passages``, then event ``answer``, or event ``problem`` where reading fails.

    A failure before the passages is a problem response with its own status, as without events.
    """

    media_type: str = _EVENTS

    def __init__(
        self,
        request: Request,
        asking: Asking,
        served: Served,
        question: Question,
        parameters: AskParameters,
    ) -> None:
        # A proxy that buffered the events would defeat them.
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._request = request
        self._asking = asking
        self._call = served, question, parameters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the events; the request's own `receive` says whether the client is still there."""
        served, question, parameters = self._call
        async with self._asking.slot() as slot:
            retrieving = self._asking.retrieve(slot, served, question, parameters)
            retrieval = await unless_gone(self._request, retrieving)
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            search = from_retrieval(question.verbatim, retrieval, served.generation.version)
            await _send_event(send, "passages", search, more=True)
            try:
                reply = self._asking.recall(served, question, parameters)
                if reply is None:
                    reading = self._asking.read(slot, served, question, parameters, retrieval)
                    reply = await unless_gone(self._request, reading)
            except GivenUpError:
                return
            except asyncio.CancelledError:  # the service ends before this request does
                problem = problem_of(HTTPStatus.SERVICE_UNAVAILABLE, ENDING, scope["path"])
                await _send_event(send, "problem", problem)
                raise
            except OverloadedError as error:
                problem = problem_of(HTTPStatus.SERVICE_UNAVAILABLE, str(error), scope["path"])
                await _send_event(send, "problem", problem)
            except Exception:
                _LOGGER.exception("%s %r failed after its passages", scope["method"], scope["path"])
                failed = HTTPStatus.INTERNAL_SERVER_ERROR
                detail = "The server failed to answer this request; its log says why."
                await _send_event(send, "problem", problem_of(failed, detail, scope["path"]))
            else:
                await _send_event(send, "answer", from_reply(reply.reply, reply.cache_ms))


async def _send_event(send: Send, name: str, body: BaseModel, *, more: bool = False) -> None:
    event = format_sse_event(event=name, data_str=body.model_dump_json())
    await send({"type": "http.response.body", "body": event, "more_body": more})


async def unless_gone(request: Request, work: Coroutine[object, object, _T]) -> _T:
    """Wait for work, and give it up when the client closes the connection.

    Raises:
        GivenUpError: If the client is gone.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise GivenUpError("the client closed the connection")
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
