"""nginx with the configuration of the compose file, in front of a real server."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

import pytest

from tests.api.real_server import WAIT, Server, serving, wait_until
from tests.conftest import META, REPOSITORY
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

QUESTION: Final = "How much capital expenditure at Meta?"
HELD: Final = "Does Meta hold its capital expenditure?"

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="there is no nginx")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose articles can be changed."""
    folder = tmp_path_factory.mktemp("served")
    with serving(folder, QA_CORPUS_DIR=str(folder / "corpus")) as started:
        yield started


@pytest.fixture(scope="module")
def proxy(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """nginx in front of it: the configuration, but for addresses and the temporary folder."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    text = (REPOSITORY / "nginx.conf").read_text(encoding="utf-8")
    for there, here in (
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("http://article-qa:8000;", f"http://127.0.0.1:{server.port};"),
        ("/tmp/", f"{folder}/"),  # noqa: S108 - in a container
    ):
        assert there in text
        text = text.replace(there, here)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    # As root, it would change to a user who may not write here.
    options = f"daemon off;{' user root;' if os.geteuid() == 0 else ''}"
    command = ["nginx", "-e", str(folder / "log"), "-c", str(folder / "nginx.conf"), "-g", options]
    tested = subprocess.run([*command, "-t"], check=False, capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    with (folder / "log").open("w") as log, subprocess.Popen(command, stderr=log) as process:
        started = Server(process, port, folder)
        try:
            wait_until(lambda: process.poll() is not None or _listens(started))
            assert process.poll() is None, started.log()
            yield started
        finally:
            process.terminate()


def _listens(server: Server) -> bool:
    try:
        return server.send("GET", "/healthz").status_code == 200
    except ConnectionRefusedError:
        return False


def test_answer_with_a_citation_comes_through(proxy: Server) -> None:
    reply = proxy.ask(QUESTION).json()
    assert reply["answer"] == META
    assert reply["citations"][0]["article"]["id"] == "meta"


def test_events_come_through_one_by_one(proxy: Server, server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=WAIT)
    headers = {"accept": "text/event-stream", "content-type": "application/json"}
    connection.request("POST", "/v1/ask", json.dumps({"question": HELD}), headers)
    reply = connection.getresponse()
    assert reply.status == 200
    # The passages arrive while the reader is still held.
    lines = [reply.readline().decode()]
    while lines[-1].strip():
        lines.append(reply.readline().decode())
    assert any(line.startswith("event: passages") for line in lines), lines
    server.let_go()
    assert b"event: answer" in reply.read()
    connection.close()


def test_chat_is_streamed_to_its_end(proxy: Server) -> None:
    body = {
        "model": "article-qa",
        "stream": True,
        "messages": [{"role": "user", "content": QUESTION}],
    }
    assert proxy.send("POST", "/v1/chat/completions", body).text.endswith("data: [DONE]\n\n")


def test_article_is_uploaded(proxy: Server, server: Server) -> None:
    article = {"id": "quay", "title": "The quay", "text": "The quay cost $12 million."}
    reply = proxy.send("POST", "/v1/articles", article)
    assert reply.status_code == 202, reply.text
    # The address of the job is one that the client can reach.
    place = reply.headers["location"]
    assert (
        proxy.send("GET", place.removeprefix(f"http://127.0.0.1:{proxy.port}")).status_code == 200
    )
    files = (server.folder / "corpus").iterdir()
    assert any("The quay cost" in file.read_text("utf-8") for file in files if file.is_file())


def _declared(server: Server, path: str, length: int) -> tuple[int, bytes]:
    """The reply to a body that is only announced."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=WAIT)
    connection.putrequest("POST", path)
    connection.putheader("content-type", "application/json")
    connection.putheader("content-length", str(length))
    connection.endheaders()
    reply = connection.getresponse()
    try:
        return reply.status, reply.read()
    finally:
        connection.close()


def test_bodies_are_bounded(proxy: Server) -> None:
    status, _ = _declared(proxy, "/v1/articles", 65 * 2**20)
    assert status == 413
    status, problem = _declared(proxy, "/v1/ask", 2**24)  # below nginx's bound
    assert status == 413
    assert json.loads(problem)["status"] == 413
