"""Many clients at once against a real server on loopback."""

from __future__ import annotations

import json
import os
import platform
import sys
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.settings import Settings
from index.errors import ArticleQAError
from index.loading.gold import load_gold
from scripts.benchmarks.processes import memory_of, processor_seconds
from scripts.benchmarks.traffic.clients import run_level
from scripts.benchmarks.traffic.hostile import hostile_clients
from scripts.benchmarks.traffic.mixed import mixed_questions
from scripts.benchmarks.traffic.server import running_server
from scripts.benchmarks.traffic.soak import soak
from scripts.terminal.commands import (
    IndexOption,
    JsonOption,
    print_result,
    print_values,
    reported_errors,
)

if TYPE_CHECKING:
    from collections import Counter

    from scripts.benchmarks.processes import Memory
    from scripts.benchmarks.traffic.levels import Level

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
            help="Then ask so many more, a fifth of them nasty, 8 at a time, and see whether "
            "memory grows.",
        ),
    ] = 0,
    hostile: Annotated[
        bool, typer.Option("--hostile", help="Measure each level again, with a third hostile.")
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
            warm = run_level(port, asked, 1, _WARM_UP, seconds)
            if not warm.milliseconds:
                raise ArticleQAError(f"the server answered none of {_WARM_UP} questions")
            measurement = _Measurement(process.pid, port, asked, questions, seconds)
            for count in [1, 8, 32, 128] if clients is None else clients:
                levels += measurement.compare(count) if hostile else [measurement.run(count)]
            if soaked:
                kept = cycle(mixed_questions(asked))
                soaking = soak(
                    lambda count: run_level(port, kept, _SOAKING, count, _SOAK_SECONDS),
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


class _Measurement:
    """Load levels of one server.

    Args:
        process: Of the server.
        port: Of the server.
        asked: Questions.
        most: Answers per level.
        seconds: Time per level.
    """

    def __init__(
        self, process: int, port: int, asked: list[str], most: int, seconds: float
    ) -> None:
        self._process = process
        self._port = port
        self._asked = asked
        self._most = most
        self._seconds = seconds
        self._first: Level | None = None

    def run(self, clients: int, attackers: int = 0) -> dict[str, object]:
        """Measure one level, with hostile clients beside it or not."""
        process = self._process
        before, busy = memory_of(process), processor_seconds(process)
        with hostile_clients(self._port, attackers) as statuses:
            level = run_level(self._port, self._asked, clients, self._most, self._seconds)
        spent = processor_seconds(process) - busy
        memory = (before, memory_of(process))
        self._first = level if self._first is None else self._first
        beside: dict[str, object] = {"hostile": attackers, "hostile_statuses": _counts(statuses)}
        summary = {
            **_summary(level, self._first),
            **(beside if attackers else {}),
            "processor_ms_per_answer": None
            if not level.milliseconds
            else round(spent * 1e3 / len(level.milliseconds), 1),
            **_memory(*memory),
        }
        print(json.dumps(summary), file=sys.stderr)
        return summary

    def compare(self, clients: int) -> list[dict[str, object]]:
        """Measure the honest two thirds of some clients, alone and beside the hostile third."""
        attackers = max(1, clients // 3)
        alone = self.run(max(1, clients - attackers))
        beside = self.run(max(1, clients - attackers), attackers)
        return [
            alone,
            {
                **beside,
                "p99_ratio": _ratio(beside["p99_ms"], alone["p99_ms"]),
                "own_ratio": _ratio(_last(beside["own_mb"]), _last(alone["own_mb"])),
            },
        ]


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
        "errors": _counts(level.statuses),
        "without_retry_after": level.unannounced,
    }


def _memory(before: Memory | None, after: Memory | None) -> dict[str, object]:
    """Megabytes before and after a level."""
    looks = {
        f"{name}_mb": [getattr(seen, name, None) for seen in (before, after)]
        for name in ("resident", "own")
    }
    return {**looks, "files_mb": None if after is None else after.files}


def _ratio(part: object, whole: object) -> float | None:
    if isinstance(part, float) and isinstance(whole, float) and whole > 0:
        return round(part / whole, 2)
    return None


def _last(looks: object) -> object:
    return looks[-1] if isinstance(looks, list) else None


def _counts(statuses: Counter[int]) -> dict[str, int]:
    return {str(status): count for status, count in sorted(statuses.items())}
