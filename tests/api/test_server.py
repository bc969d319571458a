"""Real server processes: workers, what a killed one takes with it, and the end of the service."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from index.builder import build_index
from index.chunking import ChunkingParameters
from tests.api.fake_app import GO
from tests.conftest import ARTICLES, REPOSITORY, FakeEncoder, write_articles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

_ESTABLISHED = "01"  # in /proc/net/tcp
WAIT = 240  # seconds: only a bound, so that a broken test ends
pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds workers in /proc")


class Server(NamedTuple):
    process: subprocess.Popen[str]
    port: int

    def send(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            headers = {"content-type": "application/json", "connection": "close"}
            connection.request(method, path, json.dumps(body).encode(), headers)
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def ask(self, question: str) -> int:
        return self.send("POST", "/v1/ask", {"question": question})[0]

    def workers(self) -> set[int]:
        """The processes that answer, among all that the server started."""
        found = set()
        for entry in Path("/proc").iterdir():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == self.process.pid and b"spawn_main" in (entry / "cmdline").read_bytes():
                    found.add(int(entry.name))
            except (OSError, ValueError, IndexError):  # not a process, or one that just ended
                continue
        return found

    def requests_of(self, worker: int) -> int:
        """How many connections a worker has open, one for each request here; 0 once it ended."""
        open_sockets = set[str]()
        if not Path(f"/proc/{worker}/fd").exists():
            return 0
        for descriptor in Path(f"/proc/{worker}/fd").iterdir():
            with suppress(OSError):  # one that was just closed
                open_sockets.add(str(descriptor.readlink()))
        count = 0
        for line in Path(f"/proc/{worker}/net/tcp").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            here = int(local.partition(":")[2], 16) == self.port
            count += here and state == _ESTABLISHED and f"socket:[{inode}]" in open_sockets
        return count

    def raw(self, sent: bytes) -> bytes:
        """Send bytes as they are and return the reply up to the end of the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT) as connection:
            parts = []
            # The server may cut the connection before it has read all.
            with suppress(OSError):
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                while part := connection.recv(65536):
                    parts.append(part)
            return b"".join(parts)


def _wait(happened: Any) -> None:
    end = time.monotonic() + WAIT
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index."""
    made = tmp_path_factory.mktemp("served")
    (made / "corpus").mkdir()
    write_articles(made / "corpus", ARTICLES)
    build_index(made / "corpus", made / "index", FakeEncoder(), ChunkingParameters())
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """Two workers for the tests of this module; the last one ends them."""
    with _serving(folder, workers=2) as started:
        yield started


@contextmanager
def _serving(folder: Path, workers: int) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("QA_")},
        "QA_PORT": str(port),
        "QA_WORKERS": str(workers),
        "QA_INDEX_DIR": str(folder / "index"),
        "QA_CORPUS_DIR": str(folder / "none"),  # so that a rebuild fails before it loads models
        "QA_MAX_BODY_BYTES": "4096",
        "QA_CACHE_SIZE": "0",
        "OMP_NUM_THREADS": "1",
        GO: str(folder / "go"),
    }
    log = folder / f"log-{workers}"
    command = [sys.executable, "-m", "tests.api.serve_fakes"]
    with log.open("w") as written:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stderr=written, text=True
        )
    started = Server(process, port)
    try:
        _wait(lambda: process.poll() is not None or _is_ready(started))
        assert process.poll() is None, log.read_text()
        yield started
    finally:
        left = started.workers()
        process.kill()
        process.wait(WAIT)
        for worker in left:
            os.kill(worker, signal.SIGKILL)


def _is_ready(server: Server) -> bool:
    """Whether a worker answers."""
    try:
        status, _ = server.send("GET", "/readyz")
    except OSError:
        return False
    return status == 200


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
    assert server.ask("Meta?") == 200


def test_metrics_are_those_of_all_workers(server: Server) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(server.ask, ["Who runs Google?"] * 20)) == {200}
    line = b'qa_questions_total{status="abstained"} 20.0'
    for _ in range(6):
        assert line in server.send("GET", "/metrics")[1]


def test_job_is_known_to_every_worker(server: Server) -> None:
    status, started = server.send("POST", "/v1/index/rebuild")
    assert status == 202
    path = f"/v1/index/jobs/{json.loads(started)['id']}"
    assert [server.send("GET", path)[0] for _ in range(8)] == [200] * 8
    _wait(lambda: json.loads(server.send("GET", path)[1])["status"] != "running")
    ended = {server.send("GET", path)[1] for _ in range(8)}
    assert len(ended) == 1
    assert "not a folder" in json.loads(ended.pop())["error"]


def test_killed_worker_loses_only_its_own_requests_and_is_replaced(server: Server) -> None:
    clients, done = 4, threading.Event()
    statuses: list[int] = []
    lost: list[OSError | http.client.HTTPException] = []

    def ask_on() -> None:
        while not done.is_set():
            try:
                statuses.append(server.ask("Meta?"))
            except (OSError, http.client.HTTPException) as error:
                lost.append(error)

    before = server.workers()
    assert len(before) == 2
    killed = min(before)
    with ThreadPoolExecutor(clients) as threads:
        try:
            for _ in range(clients):
                threads.submit(ask_on)
            _wait(lambda: len(statuses) > 20)
            os.kill(killed, signal.SIGKILL)
            seen = len(statuses)
            _wait(lambda: len(statuses) > seen + 20)
            _wait(lambda: len(server.workers() - {killed}) == 2)
        finally:
            done.set()
    assert set(statuses) == {200}
    assert len(lost) <= clients
    assert server.ask("Meta?") == 200


def test_killed_worker_loses_exactly_what_it_was_working_on(server: Server, folder: Path) -> None:
    go = folder / "go"
    go.unlink(missing_ok=True)
    killed, other = _wait_for_two(server)
    with ThreadPoolExecutor(16) as threads:
        asked: list[Future[int]] = []
        while len(asked) < 16 and not all(map(server.requests_of, (killed, other))):
            asked.append(threads.submit(server.ask, "Is Meta held?"))
            _wait(lambda: sum(map(server.requests_of, (killed, other))) == len(asked))
        held = [server.requests_of(worker) for worker in (killed, other)]
        os.kill(killed, signal.SIGKILL)
        go.touch()
        lost = [one.exception(WAIT) for one in asked]
    assert [error is not None for error in lost].count(True) == held[0] > 0
    assert [one.result() for one in asked if one.exception() is None] == [200] * held[1]
    assert killed not in _wait_for_two(server)


def _wait_for_two(server: Server) -> list[int]:
    """Wait until both workers take connections."""

    def both_accept() -> bool:
        workers = server.workers()
        with ExitStack() as opened:
            for _ in range(8):
                address = ("127.0.0.1", server.port)
                opened.enter_context(socket.create_connection(address, timeout=WAIT))
            _wait(lambda: sum(map(server.requests_of, workers)) >= 8)
            return len(workers) == 2 and all(map(server.requests_of, workers))

    _wait(both_accept)
    return sorted(server.workers())


@pytest.mark.parametrize("question", ["Is Meta lost?", "Is Meta unreadable?"])
def test_question_that_a_model_throws_on_takes_no_process_down(
    server: Server, question: str
) -> None:
    before = server.workers()
    with ThreadPoolExecutor(4) as threads:
        asked = [question, "Meta?"] * 10
        statuses = list(threads.map(server.ask, asked))
    assert statuses == [500, 200] * 10
    assert server.workers() == before


def _ask_then_end(server: Server, folder: Path) -> list[int]:
    """Let two questions begin, ask the service to end, and say what became of them."""
    go = folder / "go"
    go.unlink(missing_ok=True)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(server.ask, "Is Meta held?") for _ in range(2)]
        _wait(lambda: b"qa_questions_in_flight 2.0" in server.send("GET", "/metrics")[1])
        server.process.send_signal(signal.SIGTERM)
        go.touch()
        return [one.result(WAIT) for one in asked]


def test_one_process_ends_after_what_runs(folder: Path) -> None:
    with _serving(folder, workers=1) as server:
        assert _ask_then_end(server, folder) == [200, 200]
        assert server.process.wait(WAIT) in {0, -signal.SIGTERM}
        with pytest.raises(OSError, match="refused"):
            server.ask("Meta?")


def test_service_ends_after_what_runs_and_refuses_what_is_new(server: Server, folder: Path) -> None:
    """The last test here, since it ends the server."""
    assert _ask_then_end(server, folder) == [200, 200]
    assert server.process.wait(WAIT) == 0
    with pytest.raises(OSError, match="refused"):
        server.ask("Meta?")
    assert server.workers() == set()
