"""Connections of a real server: clients that send nothing, half a request, or read nothing."""

from __future__ import annotations

import json
import socket
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from api.connections import ConnectionLimits
from scripts.benchmarks.traffic.hostile import hostile_clients
from tests.api.real_server import WAIT, Server, finds_workers, serving, wait_until
from tests.conftest import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = finds_workers
HALF = b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
MOST, PER_ADDRESS = 24, 12
LONG = {
    "id": "long",
    "text": "\n\n".join(f"Meta spends {'on data ' * 45}." for _ in range(60)),
    "tags": [mark * 1900 for mark in "abcde"],
}
FILLING = 12  # replies with its passages: more than the buffers of a connection hold


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(
        tmp_path_factory.mktemp("served"),
        articles=[*ARTICLES, LONG],
        QA_MAX_CONNECTIONS=str(MOST),
        QA_MAX_ADDRESS_CONNECTIONS=str(PER_ADDRESS),
        QA_HEADER_SECONDS="1",
        QA_SEND_SECONDS="1",
        QA_MAX_IN_FLIGHT="2",
        QA_MAX_QUEUE="0",
    ) as started:
        yield started


def _connect(server: Server, sent: bytes = b"", buffer: int | None = None) -> socket.socket:
    with ExitStack() as failing:
        connection = failing.enter_context(socket.socket())
        if buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(WAIT)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(sent)
        failing.pop_all()
    return connection


def _is_cut(connection: socket.socket) -> bool:
    """Read to the end, which comes only when the server closes the connection."""
    with suppress(ConnectionError):
        while connection.recv(65536):
            pass
    return True


def _open_connections(server: Server) -> int:
    return sum(each.status == "ESTABLISHED" for each in _inet(server))


def _open_requests(server: Server) -> float:
    """The requests that are being answered, as one from another address is told."""
    address = ("127.0.0.1", server.port)
    with socket.create_connection(address, WAIT, ("127.0.0.2", 0)) as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    (line,) = [line for line in said.splitlines() if line.startswith(b"qa_requests_open ")]
    return float(line.split()[-1])


def _inet(server: Server) -> list[Any]:
    return [
        each
        for each in psutil.Process(server.process.pid).net_connections("tcp")
        if each.laddr.port == server.port
    ]


@pytest.mark.parametrize(
    "sent",
    [b"", HALF, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + HALF],
    ids=["nothing", "half headers", "half headers of a second request"],
)
def test_connection_without_whole_headers_is_closed(server: Server, sent: bytes) -> None:
    with _connect(server, sent) as connection:
        assert _is_cut(connection)


def test_headers_that_drip_in_are_cut_off(server: Server) -> None:
    with _connect(server, HALF) as connection:

        def is_refused() -> bool:
            try:
                connection.sendall(b"x")
            except ConnectionError:
                return True
            return False

        wait_until(is_refused)


def test_connections_beyond_the_limit_make_room_and_honest_clients_are_answered(
    server: Server,
) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(_connect(server, HALF)) for _ in range(4 * MOST)]
        assert server.ask("Who runs Meta?").status_code == 200
        wait_until(lambda: _open_connections(server) <= PER_ADDRESS)
        assert all(_is_cut(connection) for connection in idle)
    assert server.ask("Who runs Meta?").status_code == 200
    assert server.log().count("out of system resource") == 0


def test_connections_at_work_are_kept_and_a_further_one_is_told_to_come_again(
    server: Server,
) -> None:
    body = json.dumps({"question": "Does Meta hold?"}).encode()
    asked = (
        b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % (len(body) + 1)
    ) + body
    with ExitStack() as stack:
        working = [stack.enter_context(_connect(server, asked)) for _ in range(PER_ADDRESS)]
        # All are at work, and with them the request that says so, from another address.
        wait_until(lambda: _open_requests(server) == PER_ADDRESS + 1)
        with _connect(server) as refused:
            reply = refused.recv(65536)
        assert reply.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: " in reply
        for connection in working:
            connection.sendall(b" ")
        server.let_go()
        assert all(each.recv(20).startswith(b"HTTP/1.1 ") for each in working)


def test_streams_that_nobody_reads_hold_no_slot_and_are_cut(server: Server) -> None:
    body = json.dumps({"question": "How much does Meta spend?", "top_k": 50}).encode()
    asked = (
        b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    ) + body
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(_connect(server, asked * FILLING, buffer=1))
        statuses = {server.ask("Who runs Meta?").status_code for _ in range(5)}
        assert statuses <= {200, 503}
        wait_until(lambda: server.ask("Who runs Meta?").status_code == 200)
        wait_until(lambda: _open_connections(server) == 0)


def test_honest_clients_are_answered_beside_hostile_ones(server: Server) -> None:
    server.let_go()
    with hostile_clients(server.port, 4):
        statuses = [server.ask(f"Who runs Meta in {year}?").status_code for year in range(20)]
        wait_until(lambda: server.ask("Who runs Meta?").status_code == 200)
    assert set(statuses) <= {200, 503}
    wait_until(lambda: server.ask("Who runs Meta?").status_code == 200)


def test_limits_leave_the_process_descriptors_for_everything_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.connections._open_files", lambda: 512)
    limits = ConnectionLimits.of(700, None, 10, 30)
    assert (limits.most, limits.per_address) == (256, 128)
    monkeypatch.setattr("api.connections._open_files", lambda: 65_536)
    assert ConnectionLimits.of(700, 900, 10, 30).per_address == 700
