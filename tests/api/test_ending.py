"""The end of real server processes: what runs is finished, but not for longer than was set."""

from __future__ import annotations

import json
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from api.middleware.headers import SECURITY_HEADERS
from tests.api.real_server import WAIT, finds_workers, serving, wait_until
from tests.api.shapes import check_problem

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = finds_workers


def test_service_ends_after_what_runs_and_refuses_what_is_new(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "create_batching_app", QA_WORKERS="2") as server,
        ThreadPoolExecutor(1) as threads,
    ):
        asked = threads.submit(server.ask, "Does Meta hold?")
        wait_until(lambda: len(server.begun()) == 1)
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: _refuses(server.port))
        server.let_go()
        assert asked.result(WAIT).status_code == 200
        assert server.process.wait(WAIT) == 0
        assert server.workers() == set()


def _refuses(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=WAIT):
            return False
    except ConnectionRefusedError:
        return True


def test_service_ends_in_time_whatever_runs_and_says_so_to_its_clients(tmp_path: Path) -> None:
    questions = [f"Does Meta hold {number}?" for number in range(3)]  # for ever: nothing lets go
    with (
        serving(tmp_path, QA_WORKERS="2", QA_DRAIN_SECONDS="1") as server,
        ThreadPoolExecutor(3) as threads,
    ):
        asked = [threads.submit(server.ask, question) for question in questions]
        in_flight = b"\nqa_questions_in_flight 3.0\n"
        wait_until(lambda: in_flight in server.send("GET", "/metrics").content)
        wait_until(lambda: len(server.begun()) >= 1)
        server.process.send_signal(signal.SIGINT)
        server.process.wait(WAIT)
        replies = [one.result(WAIT) for one in asked]
        assert server.workers() == set()
    for reply in replies:
        assert "is ending" in check_problem(reply, 503)["detail"]
        assert int(reply.headers["retry-after"]) > 0
        assert {name: reply.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    logged = [json.loads(line) for line in server.log().splitlines()]
    statuses = [line["status"] for line in logged if line["logger"] == "api.requests"]
    assert statuses.count(503) == 3
    assert 0 not in statuses


def test_service_that_ends_says_so_in_the_events_of_a_question_that_took_too_long(
    tmp_path: Path,
) -> None:
    with (
        serving(tmp_path, "create_batching_app", QA_DRAIN_SECONDS="1") as server,
        ThreadPoolExecutor(1) as threads,
    ):
        asked = threads.submit(server.ask, "Does Meta hold?", "text/event-stream")
        wait_until(lambda: len(server.begun()) == 1)
        server.process.send_signal(signal.SIGTERM)
        reply = asked.result(WAIT)
        assert server.process.wait(WAIT) == 0
    assert reply.status_code == 200  # said before it was known
    first, last = reply.text.strip().split("\n\n")
    assert first.startswith("event: passages\n")
    name, _, problem = last.partition("\ndata: ")
    assert name == "event: problem"
    assert json.loads(problem)["status"] == 503
    assert "is ending" in json.loads(problem)["detail"]
