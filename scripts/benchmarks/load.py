"""Many clients at once against a real server on loopback."""

from __future__ import annotations

import http.client
import json
import os
import platform
import sys
import threading
import time
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.settings import Settings
from index.errors import ArticleQAError
from index.loading.gold import load_gold
from scripts.benchmarks.hostile import hostile_clients
from scripts.benchmarks.levels import Level
from scripts.benchmarks.processes import memory_of, processor_seconds
from scripts.benchmarks.server import HOST, running_server
from scripts.benchmarks.soak import soak
from scripts.terminal.commands import (
    IndexOption,
    JsonOption,
    print_result,
    print_values,
    reported_errors,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

# This measures the limits on work, so there are no keys, no rates and no cache.
_UNBOUNDED: Final = {
    "QA_CACHE_SIZE": "0",
    "QA_API_KEYS": "",
    "QA_KEY_RATE": "",
    "QA_ADDRESS_RATE": "",
}
_WARM_UP: Final = 4
_SOAKING: Final = 8  # clients
_SOAK_SECONDS: Final = 3600.0
# A refused client comes back sooner than Retry-After asks, to keep the server under pressure.
_LONGEST_PAUSE: Final = 0.5


def load(
    index: IndexOption = Path("var/index"),
    gold: Annotated[Path, typer.Option(help="Gold questions to ask.")] = Path("corpus/gold.jsonl"),
    clients: Annotated[list[int] | None, typer.Option(min=1, help="Clients at a time.")] = None,
    questions: Annotated[int, typer.Option(min=1, help="Answers per level, at most.")] = 200,
    seconds: Annotated[float, typer.Option(min=1, help="Time per level, at most.")] = 60,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes of the server.")] = 1,
    soaked: Annotated[
        int,
        typer.Option(
            "--soak",
            min=0,
            help="Then ask so many more, 8 at a time, and see whether memory grows.",
        ),
    ] = 0,
    hostile: Annotated[
        bool, typer.Option("--hostile", help="Let a third of the clients be hostile.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask a real server from 1, 8, 32 and 128 clients at once, without its answer cache.

    ``ratio`` is the throughput by that of the first level, ``p99_by_bound`` the 99th percentile of
    the accepted by the time that the questions in flight take one after the other. Where other
    work shares the processors, what an answer takes of them says more than the throughput.
    ``own_mb`` is the memory before and after each level without mapped files (libraries, the
    index), which all processes share; ``files_mb`` what those take.
    """
    levels: list[dict[str, object]] = []
    soaking: dict[str, object] = {}
    with reported_errors():
        asked = [question.question for question in load_gold(gold)]
        with running_server(index, {"QA_WORKERS": str(workers), **_UNBOUNDED}) as (process, port):
            warm = _level(port, asked, 1, _WARM_UP, seconds)
            if not warm.milliseconds:
                raise ArticleQAError(f"the server answered none of {_WARM_UP} questions")
            first: Level | None = None
            for count in [1, 8, 32, 128] if clients is None else clients:
                before, busy = memory_of(process.pid), processor_seconds(process.pid)
                attackers = count // 3 if hostile else 0
                with hostile_clients(port, attackers):
                    level = _level(port, asked, count - attackers, questions, seconds)
                spent = processor_seconds(process.pid) - busy
                after = memory_of(process.pid)
                first = level if first is None else first
                levels.append(
                    {
                        **_summary(level, first),
                        **({"hostile": attackers} if hostile else {}),
                        "processor_ms_per_answer": None
                        if not level.milliseconds
                        else round(spent * 1e3 / len(level.milliseconds), 1),
                        **{
                            f"{name}_mb": [getattr(seen, name, None) for seen in (before, after)]
                            for name in ("resident", "own")
                        },
                        "files_mb": None if after is None else after.files,
                    }
                )
                print(json.dumps(levels[-1]), file=sys.stderr)
            if soaked:
                kept = cycle(asked)
                soaking = soak(
                    lambda count: _level(port, kept, _SOAKING, count, _SOAK_SECONDS),
                    lambda: memory_of(process.pid),
                    len(asked),
                    soaked,
                )
    result = {
        "workers": workers,
        "in_flight": Settings().max_in_flight,
        "queue": Settings().max_queue,
        "levels": levels,
        **({"soak": soaking} if soaked else {}),
        "machine": platform.machine(),
        "cpus": len(os.sched_getaffinity(0)),
    }
    print_result(result, lambda: print_values(result), as_json=as_json)


def _summary(level: Level, first: Level) -> dict[str, object]:
    alone, slowest = first.percentile(50), level.percentile(99)
    bound = None if alone is None else alone / first.clients * Settings().max_in_flight
    return {
        "clients": level.clients,
        "answered": len(level.milliseconds),
        "per_second": round(level.throughput, 2),
        "ratio": round(level.throughput / first.throughput, 2) if first.milliseconds else None,
        **{f"p{percent}_ms": level.percentile(percent) for percent in (50, 95, 99)},
        "p99_by_bound": None if bound is None or slowest is None else round(slowest / bound, 2),
        "errors": {str(status): count for status, count in sorted(level.statuses.items())},
        "without_retry_after": level.unannounced,
    }


def _level(port: int, asked: Iterable[str], clients: int, most: int, seconds: float) -> Level:
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
