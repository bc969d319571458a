"""Server-sent events: the passages of a question, then its answer."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from fastapi.sse import format_sse_event
from starlette.responses import Response

from api.errors import GivenUpError, OverloadedError
from api.problems import ENDING, Problem, problem_of
from api.translation.passages import from_retrieval
from api.translation.replies import from_reply
from index.errors import ShardLostError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from fastapi import Request
    from pydantic import BaseModel
    from starlette.types import Receive, Scope, Send

    from api.answering.answerer import AskParameters
    from api.answering.questions.question import Question
    from api.service.admission import Slot
    from api.service.asking import Asking
    from api.service.serving import Served
    from index.retriever import Retrieval

_LOGGER = logging.getLogger(__name__)
EVENTS: Final = "text/event-stream"
_REFUSAL: Final = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*")  # an accepted type of no quality
_T = TypeVar("_T")


def wants_events(request: Request) -> bool:
    """Whether a request accepts server-sent events by name."""
    accepted = request.headers.get("accept", "").lower().split(",")
    return any(
        kind.strip() == EVENTS and not any(map(_REFUSAL.fullmatch, parameters))
        for kind, *parameters in (item.split(";") for item in accepted)
    )


class AnswerEvents(Response):
    """Event ``passages``, then event ``answer``, or event ``problem`` where reading fails.

    A failure before the passages is a problem response with its own status, as without events.
    """

    media_type: str = EVENTS

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
        """Send the events; the request's own `receive` says whether the client is still there.

        The slot is held while the service computes, and never while the client is waited for.
        """
        served, question, parameters = self._call
        sending: asyncio.Task[None] | None = None
        try:
            async with self._asking.slot() as slot:
                retrieving = self._asking.retrieve(slot, served, question, parameters)
                retrieval = await unless_gone(self._request, retrieving)
                nearest = replace(retrieval, passages=retrieval.passages[: parameters.top_k])
                search = from_retrieval(question.verbatim, nearest, served.generation.version)
                sending = asyncio.create_task(self._begin(send, search))
                last = await self._read(scope, slot, retrieval)
            await sending
            if last.event is not None:
                await send_event(send, *last.event)
            if last.ending is not None:
                raise last.ending
        finally:
            if sending is not None:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)

    async def _begin(self, send: Send, passages: BaseModel) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send_event(send, "passages", passages, more=True)

    async def _read(self, scope: Scope, slot: Slot, retrieval: Retrieval) -> _Last:
        """Read the passages; whatever comes of it, but for a client that left, is an event."""
        served, question, parameters = self._call
        try:
            reply = self._asking.recall(served, question, parameters)
            if reply is None:
                reading = self._asking.read(slot, served, question, parameters, retrieval)
                reply = await unless_gone(self._request, reading)
        except GivenUpError:
            return _Last(None)
        except (asyncio.CancelledError, Exception) as error:  # noqa: BLE001 - logged, and told
            ending = error if isinstance(error, asyncio.CancelledError) else None
            return _Last(("problem", problem_after(scope, error)), ending)
        return _Last(("answer", from_reply(reply.reply, reply.cache_ms)))


def problem_after(scope: Scope, error: BaseException) -> Problem:
    """The problem of what went wrong after events had begun; what was not expected is logged."""
    unavailable = HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, asyncio.CancelledError):  # the service ends before this request does
        return problem_of(unavailable, ENDING, scope["path"])
    if isinstance(error, (OverloadedError, ShardLostError)):
        return problem_of(unavailable, str(error), scope["path"])
    _LOGGER.error(
        "%s %r failed after its first event", scope["method"], scope["path"], exc_info=error
    )
    detail = "The server failed to answer this request; its log says why."
    return problem_of(HTTPStatus.INTERNAL_SERVER_ERROR, detail, scope["path"])


class _Last(NamedTuple):
    """The last event, None where the client left; and what to raise once it is sent."""

    event: tuple[str, BaseModel] | None
    ending: asyncio.CancelledError | None = None


async def send_event(send: Send, name: str, body: BaseModel, *, more: bool = False) -> None:
    """Send an event with a body as JSON; the last one of a response unless there are more."""
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
