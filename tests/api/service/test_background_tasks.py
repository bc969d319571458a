"""Background tasks: each goes on, or ends its work in order, whatever is thrown in it."""

from __future__ import annotations

import ast
import asyncio
import datetime as dt
import queue
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from api.observing.metrics import Metrics
from api.service.admission import Admission
from api.service.asking import Asking
from api.service.batching import DynamicBatcher
from api.service.evaluating.evaluations import Evaluations
from api.service.jobs.job import JobStatus
from api.service.jobs.rebuilding import Rebuilder
from api.service.serving import Serving
from api.waiting import Waiting
from tests.conftest import REPOSITORY
from tests.index.stores.sharding import test_replicas

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

AWAITED = "awaited by what begins it"
IN_TESTS_OF_REPLICAS = "test_look_that_fails_is_not_the_last_until_the_cluster_is_left"
# What runs beside the requests, and the test that throws in it.
BEGUN: dict[tuple[str, str], str] = {
    ("api/service/running.py", "create_task"): "test_watcher_goes_on",
    ("api/service/jobs/rebuilding.py", "create_task"): "test_rebuild_ends",
    ("api/service/batching.py", "Thread"): "test_worker_of_batches_goes_on",
    ("api/waiting.py", "Thread"): "test_waiting_goes_on_without_its_lines",
    ("api/service/evaluating/evaluations.py", "create_task"): "test_evaluation_ends",
    ("api/service/jobs/child_process.py", "create_task"): AWAITED,
    ("api/routes/events.py", "create_task"): AWAITED,
    ("api/routes/events.py", "ensure_future"): AWAITED,
    ("index/stores/sharding/replicas.py", "Thread"): IN_TESTS_OF_REPLICAS,
}
STARTING = {"create_task", "ensure_future", "Thread", "Timer", "start_new_thread", "TaskGroup"}


def test_every_background_task_is_tried() -> None:
    begun = set()
    for path in [*Path(REPOSITORY, "api").rglob("*.py"), *Path(REPOSITORY, "index").rglob("*.py")]:
        source = path.read_text(encoding="utf-8")
        if not any(name in source for name in STARTING):
            continue  # parsing every file takes seconds
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", None))
                if name in STARTING:
                    begun.add((path.relative_to(REPOSITORY).as_posix(), name))
    assert begun == BEGUN.keys()
    assert hasattr(test_replicas, IN_TESTS_OF_REPLICAS)
    assert set(BEGUN.values()) - {AWAITED, IN_TESTS_OF_REPLICAS} <= globals().keys()


class UnforeseenError(Exception):
    """An exception that nothing expects."""


def test_waiting_goes_on_without_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    thrown: queue.Queue[BaseException | None] = queue.Queue()
    monkeypatch.setattr(threading, "excepthook", lambda hook: thrown.put(hook.exc_value))

    def fail(_line: str) -> None:
        raise UnforeseenError("no such stream")

    with Waiting("Loading", fail, seconds=0.001):
        assert isinstance(thrown.get(), UnforeseenError)


def test_watcher_goes_on(
    settings: Settings,
    models: Models,
    build: Callable[[], BuildSummary],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    build()
    serving, calls = Serving(settings.index_dir, models), 0

    def refresh() -> None:
        nonlocal calls
        calls += 1
        raise UnforeseenError(f"at call {calls}")

    monkeypatch.setattr(serving, "refresh", refresh)

    async def follow() -> None:
        following = asyncio.create_task(serving.follow(0.001))
        while calls < 5 and not following.done():
            await asyncio.sleep(0.001)
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following

    asyncio.run(follow())
    assert calls >= 5
    assert "UnforeseenError: at call 1" in caplog.text


@pytest.mark.parametrize("where", ["_build", "_refresh", "end"])
def test_rebuild_ends(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    where: str,
) -> None:
    def fail(*_: object) -> Any:
        raise UnforeseenError("no such thing")

    async def build(_job: object) -> dict[str, Any]:
        return fail() if where == "_build" else {}

    async def rebuild() -> str:
        rebuilder = Rebuilder(settings, fail if where == "_refresh" else lambda: None)
        monkeypatch.setattr(rebuilder, "_build", build)
        if where == "end":
            monkeypatch.setattr(rebuilder._jobs, "save", fail)
        job = rebuilder.start()
        running = rebuilder._running
        assert running is not None
        await asyncio.wait({running})
        assert running.exception() is None
        assert job.finished_at is not None
        assert job.finished_at <= dt.datetime.now(dt.UTC)
        assert not rebuilder._jobs._lock.is_locked
        return job.status

    settings.index_dir.mkdir()
    expected = JobStatus.SUCCEEDED if where == "end" else JobStatus.FAILED
    assert asyncio.run(rebuild()) is expected
    assert "UnforeseenError: no such thing" in caplog.text


@pytest.mark.parametrize("where", ["_evaluate", "add", "end"])
def test_evaluation_ends(
    settings: Settings,
    models: Models,
    build: Callable[[], BuildSummary],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    where: str,
) -> None:
    def fail(*_: object) -> Any:
        raise UnforeseenError("no such thing")

    async def evaluate(*_: object) -> tuple[dict[str, Any], list[Any]]:
        return fail() if where == "_evaluate" else ({}, [])

    async def run() -> str:
        metrics = Metrics()
        admission = Admission(1, 1, 1.0, metrics)
        asking = Asking(settings, admission, metrics)
        evaluations = Evaluations(settings, asking)
        monkeypatch.setattr(evaluations, "_evaluate", evaluate)
        if where == "add":
            monkeypatch.setattr(evaluations.history, "add", fail)
        if where == "end":
            monkeypatch.setattr(evaluations._jobs, "save", fail)
        job = evaluations.start(serving.current(), 3, by=None)
        running = evaluations._running
        assert running is not None
        await asyncio.wait({running})
        assert running.exception() is None
        assert job.finished_at is not None
        assert not evaluations._jobs._lock.is_locked
        admission.close()
        return job.status

    build()
    serving = Serving(settings.index_dir, models)
    serving.refresh()
    expected = JobStatus.SUCCEEDED if where == "end" else JobStatus.FAILED
    assert asyncio.run(run()) is expected
    assert "UnforeseenError: no such thing" in caplog.text


def test_worker_of_batches_goes_on() -> None:
    def compute(items: list[str]) -> list[str]:
        if "panic" in items:
            raise BaseException("a panic of Rust")  # noqa: TRY002
        return items

    batcher = DynamicBatcher(compute, "tried")
    try:
        for _ in range(3):
            with pytest.raises(BaseException, match="a panic"):
                batcher.compute("panic")
            assert batcher.compute("word") == "word"
    finally:
        batcher.close()
