"""Passages first, then the answer, as server-sent events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from tests.api.holding import WAIT, Stalled, ask_and_leave, metric, read_events, wait_until
from tests.api.shapes import check_ask, check_problem
from tests.conftest import ARTICLES, META

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary
    from tests.api.holding import FailingReader

EVENTS = {"Accept": "text/event-stream"}
QUESTION = {"question": "How much capital expenditure at Meta?"}
TEXTS = {article["id"]: article["text"] for article in ARTICLES}


def test_events_are_the_passages_then_the_answer(one_slot: TestClient) -> None:
    reply = one_slot.post("/v1/ask", json=QUESTION, headers=EVENTS)
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert "content-length" not in reply.headers
    (first, passages), (second, answer) = read_events(reply.text)
    assert (first, second) == ("passages", "answer")
    found = one_slot.post("/v1/search", json=QUESTION).json()
    assert {**passages, "timings_ms": None} == {**found, "timings_ms": None}
    assert check_ask(answer, TEXTS)["answer"] == META
    plain = one_slot.post("/v1/ask", json=QUESTION).json()
    assert {**plain, "timings_ms": None} == {**answer, "timings_ms": None}


def test_events_come_from_the_cache_too(one_slot: TestClient) -> None:
    one_slot.post("/v1/ask", json=QUESTION)
    reply = one_slot.post("/v1/ask", json=QUESTION, headers=EVENTS)
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
    one_slot: TestClient, accept: str, streamed: bool
) -> None:
    reply = one_slot.post("/v1/ask", json=QUESTION, headers={"Accept": accept})
    assert reply.headers["content-type"].startswith("text/event-stream") is streamed


def test_wrong_question_is_a_problem_also_for_events(one_slot: TestClient) -> None:
    check_problem(one_slot.post("/v1/ask", json={"question": ""}, headers=EVENTS), 422)


def test_reader_that_throws_ends_the_events_with_a_problem(one_slot: TestClient) -> None:
    asked = {"question": "Does Meta throw?"}
    reply = one_slot.post("/v1/ask", json=asked, headers=EVENTS)
    (first, _), (second, problem) = read_events(reply.text)
    assert (first, second, problem["status"]) == ("passages", "problem", 500)
    assert problem["request_id"] == reply.headers["x-request-id"]
    assert "secret" not in reply.text
    assert one_slot.post("/v1/ask", json=QUESTION, headers=EVENTS).status_code == 200


@pytest.mark.parametrize("one_slot", [{"read_seconds": 0.05}], ids=["soon"], indirect=True)
def test_reading_that_takes_too_long_ends_the_events_with_a_problem(
    one_slot: TestClient, reader: FailingReader
) -> None:
    reply = one_slot.post("/v1/ask", json={"question": "Does Meta hold?"}, headers=EVENTS)
    (_, (second, problem)) = read_events(reply.text)
    assert (second, problem["status"]) == ("problem", 503)
    # Its place is taken still, so there is a problem before there are events.
    refused = one_slot.post("/v1/ask", json=QUESTION, headers=EVENTS)
    check_problem(refused, 503)
    assert "retry-after" in refused.headers
    reader.go.set()


def test_passages_are_sent_while_the_answer_is_still_read_and_a_client_may_leave(
    settings: Settings,
    failing_models: Models,
    reader: FailingReader,
    build: Callable[[], BuildSummary],
) -> None:
    build()
    asked = {"question": "Does Meta hold?"}
    with TestClient(create_app(settings, failing_models)) as client:
        sent = ask_and_leave(
            client,
            "/v1/ask",
            asked,
            lambda sent: len(sent.messages) > 1 and bool(reader.begun),
        )
        assert [message["type"] for message in sent] == [
            "http.response.start",
            "http.response.body",
        ]
        assert sent[1]["body"].startswith(b"event: passages\ndata: {")
        assert metric(client, "qa_questions_in_flight") == 1
        reader.go.set()
        wait_until(lambda: metric(client, "qa_questions_in_flight") == 0)


def test_client_that_reads_slowly_keeps_no_slot(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    build()
    update = {"max_in_flight": 1, "max_queue": 0, "cache_size": 0}
    with TestClient(create_app(settings.model_copy(update=update), models)) as client:
        assert client.portal is not None
        stalled = Stalled(client, "/v1/ask", QUESTION)
        asked = client.portal.start_task_soon(stalled.ask)
        wait_until(lambda: stalled.taken == ["http.response.start"])
        wait_until(lambda: metric(client, "qa_questions_in_flight") == 0)
        assert client.post("/v1/ask", json=QUESTION).status_code == 200
        assert stalled.taken == ["http.response.start"]
        client.portal.call(stalled.go.set)
        asked.result(WAIT)
        assert stalled.taken == ["http.response.start", *["http.response.body"] * 2]


def test_client_that_reads_nothing_is_given_up(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    build()
    chosen = settings.model_copy(update={"send_seconds": 0.05})
    with TestClient(create_app(chosen, models)) as client:
        assert client.portal is not None
        stalled = Stalled(client, "/v1/ask", QUESTION)
        asked = client.portal.start_task_soon(stalled.ask)
        try:
            asked.result(WAIT)
        finally:
            client.portal.call(stalled.go.set)  # or the service would wait for it
        assert stalled.taken == ["http.response.start"]
