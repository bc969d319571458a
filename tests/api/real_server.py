"""A real server process with fake models, and how to talk to it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import psutil
import pytest

from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from tests.api.fake_app import BEGUN, FOLDER, GO
from tests.conftest import ARTICLES, REPOSITORY, FakeEncoder, write_articles
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

finds_workers = pytest.mark.skipif(not psutil.LINUX, reason="sees what workers have mapped")
WAIT = 240  # seconds: only a bound, so that a broken test ends


class Reply(NamedTuple):
    status_code: int
    headers: Any
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return json.loads(self.content)


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    def send(
        self, method: str, path: str, body: object = None, accept: str = "application/json"
    ) -> Reply:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            headers = {
                "accept": accept,
                "content-type": "application/json",
                "connection": "close",
            }
            connection.request(method, path, json.dumps(body).encode(), headers)
            reply = connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read())
        finally:
            connection.close()

    def ask(self, question: str, accept: str = "application/json") -> Reply:
        return self.send("POST", "/v1/ask", {"question": question}, accept)

    def begun(self) -> dict[str, int]:
        """The questions that were held so far, each with the process that reads it."""
        if not (self.folder / BEGUN).exists():
            return {}
        lines = [line.partition(" ") for line in (self.folder / BEGUN).read_text().splitlines()]
        return {question: int(process) for process, _, question in lines}

    def let_go(self) -> None:
        """Let all questions that are held be read."""
        (self.folder / GO).touch()

    def hold(self) -> None:
        """Hold questions again; those held before are forgotten."""
        for name in (GO, BEGUN):
            (self.folder / name).unlink(missing_ok=True)

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def workers(self) -> set[int]:
        """The processes that answer, among all that the server started."""
        workers = set()
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children():
                with suppress(psutil.NoSuchProcess):  # one that has just ended
                    if any("spawn_main" in argument for argument in child.cmdline()):
                        workers.add(child.pid)
        return workers

    def maps(self, version: str) -> bool:
        """Whether every worker has the files of a generation mapped into memory."""
        maps = [psutil.Process(worker).memory_maps() for worker in self.workers()]
        folder = f"/generations/{version}/"
        return all(any(folder in mapped.path for mapped in files) for files in maps)

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


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened; the time is only a bound."""
    end = time.monotonic() + WAIT
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def build_fakes(folder: Path, articles: list[dict[str, Any]]) -> str:
    """Build the index in a folder from these articles; the version of it."""
    (folder / "corpus").mkdir(exist_ok=True)
    write_articles(folder / "corpus", articles)
    summary = build_index(folder / "corpus", folder / "index", FakeEncoder(), ChunkingParameters())
    return summary.index_version


@contextmanager
def starting(folder: Path, factory: str = "create_app", **chosen: str) -> Iterator[Server]:
    """Start a server over the index in a folder, with some settings changed; end it."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("QA_")},
        "QA_PORT": str(port),
        "QA_INDEX_DIR": str(folder / "index"),
        "QA_CORPUS_DIR": str(folder / "none"),
        "QA_CACHE_SIZE": "0",
        "OMP_NUM_THREADS": "1",
        FOLDER: str(folder),
        **chosen,
    }
    command = [sys.executable, "-m", "tests.api.serve_fakes", factory]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=log)
        server = Server(process, port, folder)
        try:
            yield server
        finally:
            workers = server.workers()
            process.kill()
            process.wait(WAIT)
            for worker in workers:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)


@contextmanager
def serving(
    folder: Path,
    factory: str = "create_app",
    articles: list[dict[str, Any]] = ARTICLES,
    **chosen: str,
) -> Iterator[Server]:
    """Serve articles, three unless there are others, from a real process."""
    build_fakes(folder, articles)
    with starting(folder, factory, **chosen) as server:
        workers = int(chosen.get("QA_WORKERS", "1"))
        wait_until(lambda: server.process.poll() is not None or _started(server) == workers)
        assert server.process.poll() is None, server.log()
        yield server


def _started(server: Server) -> int:
    """How many workers have started."""
    return server.log().count("Application startup complete")
