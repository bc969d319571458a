"""A reader that waits to be let go, a loop that a request runs in, and what was sent."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import TYPE_CHECKING, Any

from tests.conftest import FakeReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi.testclient import TestClient
    from starlette.types import Message

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

WAIT = 240  # seconds: only a bound, so that a broken test ends


class HoldingReader(FakeReader):
    """Reads questions with "hold" in them only when it is let go; says how many it has begun."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go = threading.Event()

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        self.begun.append(question.text)
        if "hold" in question.text:
            assert self.go.wait(WAIT)
        return super().read(question, passages)


class FailingReader(HoldingReader):
    """Throws for questions with "throw" in them, too."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        if "throw" in question.text:
            raise RuntimeError("secret /path")
        return super().read(question, passages)


def read_events(text: str) -> list[tuple[str, Any]]:
    """The names and JSON of server-sent events."""
    events = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened; the time is only a bound."""
    end = time.monotonic() + WAIT
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def metric(client: TestClient, name: str) -> float:
    """Read one number from the metrics; 0 where it was never counted."""
    for line in client.get("/metrics").text.splitlines():
        if line.startswith(f"{name} "):
            return float(line.split()[-1])
    return 0.0


def post_scope(path: str, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """The connection of a POST, as a server would describe it."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"host", b"test"), (b"content-type", b"application/json"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


class Sent:
    """Collects what an application sends."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def json(self) -> Any:
        return json.loads(b"".join(message.get("body", b"") for message in self.messages[1:]))


def ask_and_leave(
    client: TestClient, path: str, body: object, leaves: Callable[[Sent], bool]
) -> list[Message]:
    """Ask for events, and close the connection once it is time to; what was sent till then."""
    sent, bodies = Sent(), iter([json.dumps(body).encode()])

    async def receive() -> Message:
        asked = next(bodies, None)
        if asked is not None:
            return {"type": "http.request", "body": asked, "more_body": False}
        while not leaves(sent):
            await asyncio.sleep(0.005)
        return {"type": "http.disconnect"}

    assert client.portal is not None
    scope = post_scope(path, (b"accept", b"text/event-stream"))
    client.portal.call(client.app, scope, receive, sent)
    return sent.messages


class Stalled:
    """Asks for events on a connection from which nothing is taken until it is let go."""

    def __init__(self, client: TestClient, path: str, body: object) -> None:
        self.taken: list[str] = []
        self.go = asyncio.Event()
        self._app = client.app
        self._path = path
        self._bodies = iter([json.dumps(body).encode()])

    async def ask(self) -> None:
        scope = post_scope(self._path, (b"accept", b"text/event-stream"))
        await self._app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        body = next(self._bodies, None)
        if body is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": body, "more_body": False}

    async def _send(self, message: Message) -> None:
        self.taken.append(message["type"])
        await self.go.wait()
