"""Hostile clients: they read nothing, send half of their headers, or ask for all they can."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from typing import TYPE_CHECKING, Final

from scripts.benchmarks.traffic.server import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_PIPELINED: Final = 60
_UNKNOWN_FIELDS: Final = 80_000
_SECONDS: Final = 5.0  # that one attack waits for the server before the next


@contextmanager
def hostile_clients(port: int, count: int) -> Iterator[Counter[int]]:
    """Attack a server on loopback with so many clients while the block runs.

    Args:
        port: Of the server.
        count: Clients; their four kinds take turns.

    Yields:
        How often which status came to the attacks that take a reply; complete behind the block.
    """
    over, statuses = threading.Event(), Counter[int]()
    attacks = [(attack, Counter[int]()) for attack in islice(cycle(_ATTACKS), count)]
    threads = [
        threading.Thread(target=_attack_on, args=(attack, port, over, own))
        for attack, own in attacks
    ]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        over.set()
        for thread in threads:
            thread.join()
        for _, own in attacks:
            statuses.update(own)


def _attack_on(
    attack: Callable[[socket.socket, threading.Event], bytes],
    port: int,
    over: threading.Event,
    statuses: Counter[int],
) -> None:
    while not over.is_set():
        # Whatever the server does with such a client is its right.
        with suppress(OSError), socket.create_connection((HOST, port), _SECONDS) as connection:
            reply = _STATUS.match(attack(connection, over))
            if reply is not None:
                statuses[int(reply[1])] += 1


def _request(body: object, accept: str) -> bytes:
    content = json.dumps(body).encode()
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: {HOST}\r\nAccept: {accept}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


_MOST: Final = {"question": "How much is spent on data centres?", "top_k": 50}


def _read_nothing(connection: socket.socket, over: threading.Event) -> bytes:
    connection.sendall(_request(_MOST, "text/event-stream") * _PIPELINED)
    over.wait(_SECONDS)
    return b""


def _send_half_headers(connection: socket.socket, over: threading.Event) -> bytes:
    connection.sendall(f"POST /v1/ask HTTP/1.1\r\nHost: {HOST}\r\nX-Half: ".encode())
    while not over.wait(0.5):
        connection.sendall(b"x")
    return b""


def _send_much(connection: socket.socket, _: threading.Event) -> bytes:
    unknown = {f"f{number}": 0 for number in range(_UNKNOWN_FIELDS)}
    connection.sendall(_request(unknown, "application/json"))
    return connection.recv(65536)


def _ask_for_much(connection: socket.socket, _: threading.Event) -> bytes:
    connection.sendall(_request(_MOST, "application/json"))
    return connection.recv(65536)


_ATTACKS: Final = (_read_nothing, _send_half_headers, _send_much, _ask_for_much)
