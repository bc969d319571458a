"""The load benchmark, against a server that only pretends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, ClassVar

import pytest

from api.schemas import MAX_QUESTION_CHARACTERS, AskRequest
from scripts.benchmarks import load
from scripts.benchmarks.processes import Memory, memory_of, processor_seconds
from scripts.benchmarks.traffic.clients import run_level
from scripts.benchmarks.traffic.hostile import hostile_clients
from scripts.benchmarks.traffic.levels import Level
from scripts.benchmarks.traffic.mixed import mixed_questions
from scripts.benchmarks.traffic.soak import soak
from tests.api.holding import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Replies(BaseHTTPRequestHandler):
    """Answers the questions one after the other with the statuses in turn."""

    protocol_version = "HTTP/1.1"
    statuses: ClassVar[list[int]] = []
    asked: ClassVar[list[str]] = []
    turn: ClassVar[Iterator[int]] = count()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.asked.append(json.loads(body)["question"])
        status = self.statuses[next(self.turn) % len(self.statuses)]
        if status == 0:
            self.close_connection = True
            return
        self.send_response(abs(status))
        if status == 503:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    _Replies.asked.clear()
    _Replies.turn = count()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Replies) as pretending:
        thread = threading.Thread(target=pretending.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield pretending
        pretending.shutdown()
        thread.join()


@pytest.mark.parametrize("clients", [1, 4])
def test_level_counts_answers_refusals_and_broken_connections(
    server: ThreadingHTTPServer, clients: int
) -> None:
    _Replies.statuses = [200, 503, -503, 0, 500]
    level = run_level(server.server_port, ["a", "b"], clients, 6, 60)
    assert 6 <= len(level.milliseconds) <= 6 + clients - 1
    assert level.statuses.keys() == {0, 500, 503}
    assert 5 <= level.unannounced <= 8
    assert level.seconds > 0
    assert set(_Replies.asked) == {"a", "b"}


def test_level_ends_when_its_time_is_over(server: ThreadingHTTPServer) -> None:
    _Replies.statuses = [503]
    level = run_level(server.server_port, ["a"], 2, 10, 0.05)
    assert (level.milliseconds, level.unannounced) == ([], 0)
    assert set(level.statuses) <= {503}  # on a busy machine the time may be over at once


def test_summary_compares_with_the_first_level() -> None:
    first = Level(1, [100.0] * 10, seconds=1.0)
    level = Level(32, [float(number) for number in range(1, 101)], seconds=4.0)
    level.statuses.update([503, 503])
    summary = load._summary(level, first)
    assert (summary["per_second"], summary["ratio"]) == (25.0, 2.5)
    assert (summary["p50_ms"], summary["p99_ms"]) == (50.5, 99.0)
    assert summary["p99_by_bound"] == pytest.approx(99.01 / (16 * 100), abs=0.01)
    assert (summary["errors"], summary["answered"]) == ({"503": 2}, 100)
    assert load._summary(Level(8, seconds=1.0), first)["p50_ms"] is None


def test_mixed_questions_are_taken_by_the_service() -> None:
    plain = ["How much does Meta spend?", "a" * (MAX_QUESTION_CHARACTERS - 2)]
    questions = mixed_questions(plain)
    assert sum(question in plain for question in questions) == len(questions) // 5 * 4
    assert [AskRequest(question=question).question for question in questions] == [
        question.strip() for question in questions
    ]


def test_levels_are_compared_with_hostile_clients_beside_them(
    server: ThreadingHTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _Replies.statuses = [200]
    measurement = load._Measurement(os.getpid(), server.server_port, ["a"], 6, 60)
    alone, beside = measurement.compare(4)
    assert (alone["clients"], beside["clients"], beside["hostile"]) == (3, 3, 1)
    assert (alone["errors"], beside["errors"]) == ({}, {})
    assert isinstance(beside["p99_ratio"], float)
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert json.loads(lines[0]) == alone


def test_hostile_clients_count_what_they_get(server: ThreadingHTTPServer) -> None:
    _Replies.statuses = [503]
    with hostile_clients(server.server_port, 4) as statuses:
        # One that reads nothing asks sixty at once, and one that reads asks on and on.
        wait_until(lambda: len(_Replies.asked) > 60)
    assert statuses[503] > 0


def test_soak_fits_a_line_through_the_memory_at_twenty_looks(
    server: ThreadingHTTPServer,
) -> None:
    _Replies.statuses = [200]
    looks = count()
    found = soak(
        lambda most: run_level(server.server_port, ["a", "b"], 1, most, 60),
        lambda: Memory(500.0 + 2 * next(looks), 400.0, 100.0, 1),
        3,
        40,
    )
    assert len(_Replies.asked) == 3 + 40
    assert found["asked"] == list(range(0, 41, 2))
    assert found["resident_mb"] == [500.0 + 2 * look for look in range(21)]
    assert found["mb_per_1000"] == found["mb_per_1000_later_half"] == 1000.0
    assert found["errors"] == {}


def test_soak_ends_where_nobody_answers(server: ThreadingHTTPServer) -> None:
    _Replies.statuses = [500]
    found = soak(
        lambda most: run_level(server.server_port, ["a"], 1, most, 0.01), lambda: None, 1, 10
    )
    assert (found["asked"], found["mb_per_1000"]) == ([0, 0], None)


def test_memory_and_processor_time_are_those_of_the_process_and_its_children() -> None:
    alone, seconds = memory_of(os.getpid()), processor_seconds(os.getpid())
    if alone is None:
        pytest.skip("the system does not say")
    assert 10 < alone.own < alone.resident < 100_000
    assert 1 < alone.files < alone.resident
    assert seconds > 0
    hold = "import sys; kept = bytearray(200_000_000); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        both = memory_of(os.getpid())
        child.communicate()
    assert both is not None
    assert both.processes >= alone.processes + 1
    assert both.resident > alone.resident + 150  # MiB, of some 190
    assert both.own > alone.own + 150
    assert both.files < alone.files + 150
