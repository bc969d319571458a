"""Clients that ask a server over HTTP, each with one question at a time."""

from __future__ import annotations

import http.client
import json
import threading
import time
from itertools import cycle
from typing import TYPE_CHECKING, Final

from scripts.benchmarks.traffic.levels import Level
from scripts.benchmarks.traffic.server import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable

# A refused client comes back sooner than Retry-After asks, to keep the server under pressure.
_LONGEST_PAUSE: Final = 0.5


def run_level(port: int, asked: Iterable[str], clients: int, most: int, seconds: float) -> Level:
    """Let so many clients ask until enough is answered or the time is over.

    Args:
        port: Of the server.
        asked: Questions, asked over and over; an endless iterator goes on where it stands.
        clients: How many, each with one question at a time.
        most: Answers to stop at.
        seconds: Time to stop at.
    """
    level, lock, started = Level(clients), threading.Lock(), time.perf_counter()
    questions = asked if isinstance(asked, cycle) else cycle(asked)

    def ask_on() -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=seconds + 60)
        while time.perf_counter() - started < seconds:
            with lock:
                if len(level.milliseconds) >= most:
                    break
                question = next(questions)
            sent = time.perf_counter()
            status, pause = _ask(connection, question)
            spent = (time.perf_counter() - sent) * 1e3
            with lock:
                if status == 200:
                    level.milliseconds.append(spent)
                else:
                    level.statuses[status] += 1
                    level.unannounced += status == 503 and pause is None
            if pause is not None:
                time.sleep(min(pause, _LONGEST_PAUSE))
        connection.close()

    threads = [threading.Thread(target=ask_on) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    level.seconds = time.perf_counter() - started
    return level


def _ask(connection: http.client.HTTPConnection, question: str) -> tuple[int, float | None]:
    """Ask one question; returns the status, and when a refused client may come back."""
    try:
        body = json.dumps({"question": question}).encode()
        connection.request("POST", "/v1/ask", body, {"content-type": "application/json"})
        reply = connection.getresponse()
        reply.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0, None
    pause = reply.headers.get("Retry-After")
    return reply.status, None if pause is None else float(pause)
