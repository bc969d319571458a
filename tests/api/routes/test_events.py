"""Passages first, then the answer, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.answering.ranking.ranker import Ranker
from api.main import create_app
from api.service.models import Models
from tests.api.holding import (
    FailingReader,
    Sent,
    metric,
    post_scope,
    read_events,
    wait_until,
)
from tests.api.shapes import check_ask, check_problem
from tests.conftest import ARTICLES, META, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import Message

    from api.settings import Settings
    from index.building.builder import BuildSummary
    from tests.conftest import FakeEncoder

EVENTS = {"Accept": "text/event-stream"}
QUESTION = {"question": "How much capital expenditure at Meta?"}
TEXTS = {article["id"]: article["text"] for article in ARTICLES}


@pytest.fixture
def reader() -> FailingReader:
    return FailingReader()


@pytest.fixture
def streaming(
    settings: Settings,
    encoder: FakeEncoder,
    reader: FailingReader,
    build: Callable[[], BuildSummary],
) -> Iterator[TestClient]:
    build()
    models = Models(encoder, Ranker(reader, fake_calibration()))
    chosen = settings.model_copy(update={"max_in_flight": 1, "max_queue": 0, "read_seconds": 0.1})
    with TestClient(create_app(chosen, models)) as client:
        yield client
        reader.go.set()


def test_events_are_the_passages_then_the_answer(streaming: TestClient) -> None:
    reply = streaming.post("/v1/ask", json=QUESTION, headers=EVENTS)
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert "content-length" not in reply.headers
    (first, passages), (second, answer) = read_events(reply.text)
    assert (first, second) == ("passages", "answer")
    found = streaming.post("/v1/search", json=QUESTION).json()
    assert {**passages, "timings_ms": None} == {**found, "timings_ms": None}
    assert check_ask(answer, TEXTS)["answer"] == META
    plain = streaming.post("/v1/ask", json=QUESTION).json()
    assert {**plain, "timings_ms": None} == {**answer, "timings_ms": None}


def test_events_come_from_the_cache_too(streaming: TestClient) -> None:
    streaming.post("/v1/ask", json=QUESTION)
    reply = streaming.post("/v1/ask", json=QUESTION, headers=EVENTS)
    (_, (_, answer)) = read_events(reply.text)
    assert answer["timings_ms"]["cache"] >= 0


@pytest.mark.parametrize(
    ("accept", "streamed"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream; charset=utf-8, application/json;q=0.5", True),
        ("application/json", False),
        ("*/*", False),
        ("", False),
        ("text/*", False),
        ("text/event-stream;q=0", False),
        ("text/event-stream; charset=utf-8; q=0.000, application/json", False),
        ("text/event-stream;q=0.001", True),
    ],
)
def test_events_are_sent_to_who_asks_for_them(
    streaming: TestClient, accept: str, streamed: bool
) -> None:
    reply = streaming.post("/v1/ask", json=QUESTION, headers={"Accept": accept})
    assert reply.headers["content-type"].startswith("text/event-stream") is streamed


def test_wrong_question_is_a_problem_also_for_events(streaming: TestClient) -> None:
    check_problem(streaming.post("/v1/ask", json={"question": ""}, headers=EVENTS), 422)


def test_reader_that_throws_ends_the_events_with_a_problem(streaming: TestClient) -> None:
    asked = {"question": "Does Meta throw?"}
    reply = streaming.post("/v1/ask", json=asked, headers=EVENTS)
    (first, _), (second, problem) = read_events(reply.text)
    assert (first, second, problem["status"]) == ("passages", "problem", 500)
    assert problem["request_id"] == reply.headers["x-request-id"]
    assert "secret" not in reply.text
    assert streaming.post("/v1/ask", json=QUESTION, headers=EVENTS).status_code == 200


def test_reading_that_takes_too_long_ends_the_events_with_a_problem(
    streaming: TestClient, reader: FailingReader
) -> None:
    reply = streaming.post("/v1/ask", json={"question": "Does Meta hold?"}, headers=EVENTS)
    (_, (second, problem)) = read_events(reply.text)
    assert (second, problem["status"]) == ("problem", 503)
    # Its place is taken still, so there is a problem before there are events.
    refused = streaming.post("/v1/ask", json=QUESTION, headers=EVENTS)
    check_problem(refused, 503)
    assert "retry-after" in refused.headers
    reader.go.set()


def test_passages_are_sent_while_the_answer_is_still_read_and_a_client_may_leave(
    settings: Settings,
    encoder: FakeEncoder,
    reader: FailingReader,
    build: Callable[[], BuildSummary],
) -> None:
    build()
    models = Models(encoder, Ranker(reader, fake_calibration()))
    sent, asked = Sent(), {"question": "Does Meta hold?"}
    with TestClient(create_app(settings, models)) as client:
        assert client.portal is not None

        async def leave_after_the_passages() -> None:
            bodies = iter([json.dumps(asked).encode()])

            async def receive() -> Message:
                body = next(bodies, None)
                if body is not None:
                    return {"type": "http.request", "body": body, "more_body": False}
                while len(sent.messages) < 2 or not reader.begun:
                    await asyncio.sleep(0.005)
                return {"type": "http.disconnect"}

            scope = post_scope("/v1/ask", (b"accept", b"text/event-stream"))
            await client.app(scope, receive, sent)

        client.portal.call(leave_after_the_passages)
        assert [message["type"] for message in sent.messages] == [
            "http.response.start",
            "http.response.body",
        ]
        assert sent.messages[1]["body"].startswith(b"event: passages\ndata: {")
        assert metric(client, "qa_questions_in_flight") == 1
        reader.go.set()
        wait_until(lambda: metric(client, "qa_questions_in_flight") == 0)


class Stalled:
    """Asks for events on a connection from which nothing is taken until it is let go."""

    def __init__(self, client: TestClient) -> None:
        self.taken: list[str] = []
        self.go = asyncio.Event()
        self._app = client.app
        self._bodies = iter([json.dumps(QUESTION).encode()])

    async def ask(self) -> None:
        scope = post_scope("/v1/ask", (b"accept", b"text/event-stream"))
        await self._app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        body = next(self._bodies, None)
        if body is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": body, "more_body": False}

    async def _send(self, message: Message) -> None:
        self.taken.append(message["type"])
        await self.go.wait()


def test_client_that_reads_slowly_keeps_no_slot(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    build()
    update = {"max_in_flight": 1, "max_queue": 0, "cache_size": 0}
    with TestClient(create_app(settings.model_copy(update=update), models)) as client:
        assert client.portal is not None
        stalled = Stalled(client)
        asked = client.portal.start_task_soon(stalled.ask)
        wait_until(lambda: stalled.taken == ["http.response.start"])
        wait_until(lambda: metric(client, "qa_questions_in_flight") == 0)
        assert client.post("/v1/ask", json=QUESTION).status_code == 200
        assert stalled.taken == ["http.response.start"]
        client.portal.call(stalled.go.set)
        asked.result(30)
        assert stalled.taken == ["http.response.start", *["http.response.body"] * 2]


def test_client_that_reads_nothing_is_given_up(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    build()
    chosen = settings.model_copy(update={"send_seconds": 0.05})
    with TestClient(create_app(chosen, models)) as client:
        assert client.portal is not None
        stalled = Stalled(client)
        asked = client.portal.start_task_soon(stalled.ask)
        try:
            asked.result(10)
        finally:
            client.portal.call(stalled.go.set)  # or the service would wait for it
        assert stalled.taken == ["http.response.start"]
