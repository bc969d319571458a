"""Real server processes: several workers, and what a killed one takes with it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from index.manifest import read_manifest
from tests.api.real_server import (
    WAIT,
    Reply,
    Server,
    build_fakes,
    finds_workers,
    serving,
    wait_until,
)
from tests.conftest import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

pytestmark = finds_workers


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    with serving(
        folder, QA_WORKERS="2", QA_MAX_BODY_BYTES="4096", QA_MAX_IN_FLIGHT="24"
    ) as started:
        yield started


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", b"200"),
        (b"GET /healthz HTTP/1.1\r\nHost: attacker.example\r\n\r\n", b"403"),
        (b"\x00\xff\r\n\r\n", b"400"),
        (b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", None),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", None),
        (b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\nx", b"413"),
        (
            b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n" + b"1000\r\n" + b" " * 4096 + b"\r\n1\r\nx\r\n",
            b"413",
        ),
        (
            (
                b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"
            ),
            b"400",
        ),
    ],
    ids=[
        *("good", "host", "noise", "null", "long header", "many headers"),
        *("negative", "too long", "too long in chunks", "broken chunk"),
    ],
)
def test_server_survives_what_is_hardly_http(
    server: Server, sent: bytes, status: bytes | None
) -> None:
    reply = server.raw(sent)
    if status is None:  # refused, or cut off before all was read
        assert reply == b"" or reply.startswith(b"HTTP/1.1 4"), reply[:200]
    else:
        assert reply.startswith(b"HTTP/1.1 " + status), reply[:200]
    assert server.ask("Meta?").status_code == 200


def test_metrics_are_those_of_all_workers(server: Server) -> None:
    with ThreadPoolExecutor(4) as threads:
        replies = list(threads.map(server.ask, ["Who runs Google?"] * 20))
    assert {reply.status_code for reply in replies} == {200}
    line = b'qa_questions_total{status="abstained"} 20.0'
    for _ in range(6):
        assert line in server.send("GET", "/metrics").content


def test_metrics_of_every_worker_name_the_index_that_is_served_and_no_other(
    server: Server,
) -> None:
    for number in range(1, 4):
        articles = [{"id": f"rain-{n}", "text": f"Rain {n} over Meta."} for n in range(number)]
        version = build_fakes(server.folder, articles)
        manifest = read_manifest(server.folder / "index" / "generations" / version)
        served = (version, manifest.created_at.timestamp(), number)
        wait_until(lambda: server.maps(version))  # noqa: B023 - waited for before the next one
        wait_until(lambda: {_index_served(server) for _ in range(8)} == {served})  # noqa: B023


def _index_served(server: Server) -> tuple[str, float, float]:
    """What one worker says of the index: its version, when it was built, and its articles."""
    before = time.time()
    lines = server.send("GET", "/metrics").text.splitlines()
    (said,) = [line for line in lines if line.startswith("qa_index{")]
    values = dict(line.rsplit(" ", 1) for line in lines if line.startswith("qa_index_"))
    created = float(values["qa_index_created_timestamp_seconds"])
    assert before - created <= float(values["qa_index_age_seconds"]) <= time.time() - created
    version = said.removeprefix('qa_index{version="').removesuffix('"} 1.0')
    return version, created, float(values["qa_index_articles"])


def test_job_is_known_to_every_worker(server: Server) -> None:
    started = server.send("POST", "/v1/index/rebuild")
    assert started.status_code == 202
    path = f"/v1/index/jobs/{started.json()['id']}"
    assert [server.send("GET", path).status_code for _ in range(8)] == [200] * 8
    wait_until(lambda: server.send("GET", path).json()["status"] != "running")
    ended = {server.send("GET", path).content for _ in range(8)}
    assert len(ended) == 1
    assert "not a folder" in json.loads(ended.pop())["error"]


def test_killed_worker_loses_exactly_what_it_was_working_on_and_is_replaced(server: Server) -> None:
    _wait_for_both(server)
    server.hold()
    asked: dict[str, Future[Reply]] = {}
    with ThreadPoolExecutor(12) as threads:
        while len(set(server.begun().values())) < 2 and len(asked) < 12:
            question = f"Does Meta hold {len(asked)}?"
            asked[question] = threads.submit(server.ask, question)
            wait_until(lambda: len(server.begun()) == len(asked))
        begun = server.begun()
        killed = begun[next(iter(asked))]
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: killed not in server.workers())
        # The other one answers meanwhile.
        assert [server.ask("Meta?").status_code for _ in range(20)] == [200] * 20
        server.let_go()
        lost = {question for question, one in asked.items() if one.exception(WAIT) is not None}
    assert lost == {question for question, worker in begun.items() if worker == killed}
    statuses = [one.result().status_code for name, one in asked.items() if name not in lost]
    assert statuses == [200] * len(statuses)
    _wait_for_both(server)


def _wait_for_both(server: Server) -> None:
    """Wait until both workers read questions; a new one loads for a while."""
    server.hold()
    server.let_go()

    def both_read() -> bool:
        server.ask("Does Meta hold?")
        seen.update(server.begun().values())
        return len(server.workers() & seen) == 2

    seen = set[int]()
    wait_until(both_read)


@pytest.mark.parametrize("question", ["Is Meta lost?", "Is Meta unreadable?"])
def test_question_that_a_model_throws_on_takes_no_process_down(
    server: Server, question: str
) -> None:
    before = server.workers()
    with ThreadPoolExecutor(4) as threads:
        replies = list(threads.map(server.ask, [question, "Meta?"] * 10))
    assert [reply.status_code for reply in replies] == [500, 200] * 10
    assert server.workers() == before


def test_every_worker_follows_new_generations_while_clients_ask(server: Server) -> None:
    replies: list[Reply] = []
    texts: dict[str, set[str]] = {}
    done = threading.Event()

    def ask() -> Any:
        replies.append(server.ask("What does Meta expect?"))
        return replies[-1].json()

    def ask_on() -> None:
        while not done.is_set():
            ask()

    def follow(edition: int) -> None:
        text = f"{'Before. ' * edition}Meta expects capital expenditure of ${edition} billion."
        articles = [{**ARTICLES[0], "text": text}, *ARTICLES[1:]]
        version = build_fakes(server.folder, articles)
        texts[version] = {hashlib.sha256(one["text"].encode()).hexdigest() for one in articles}
        wait_until(lambda: server.maps(version))
        wait_until(lambda: {ask()["index_version"] for _ in range(10)} == {version})

    follow(0)
    replies.clear()
    ask()  # the others may come to it only after the next switch
    with ThreadPoolExecutor(3) as threads:
        try:
            asking = [threads.submit(ask_on) for _ in range(3)]
            for edition in range(1, 5):
                follow(edition)
        finally:
            done.set()
        for thread in asking:
            thread.result()
    assert {reply.status_code for reply in replies} == {200}
    assert {reply.json()["index_version"] for reply in replies} == texts.keys()
    for reply in replies:
        body = reply.json()
        cited = {citation["article"]["sha256"] for citation in body["citations"]}
        assert cited
        assert cited <= texts[body["index_version"]]
