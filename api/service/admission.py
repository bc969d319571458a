"""Admission control: bounds on the requests at work, on the queue, and on each stage's time."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from api.errors import OverloadedError
from api.observing.tracing import stage_span
from api.service.batching import given_up

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from concurrent.futures import Future

    from api.observing.metrics import Metrics

_T = TypeVar("_T")


class Admission:
    """A fixed number of slots and a bounded queue for them; requests beyond both are refused.

    Args:
        in_flight: Slots: requests at work at a time, each in a thread of its own.
        queue: The most requests that wait for a slot.
        queue_seconds: The longest that a request waits.
        metrics: Counts slots, queue and refusals.
    """

    def __init__(self, in_flight: int, queue: int, queue_seconds: float, metrics: Metrics) -> None:
        self._slots = asyncio.Semaphore(in_flight)
        self._waiting = 0
        self._queue = queue
        self._queue_seconds = queue_seconds
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(in_flight, thread_name_prefix="question")

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Slot]:
        """Wait for a slot, and hold it while the block runs.

        A slot is freed only when its thread is done, even if the request was given up: a thread
        cannot be stopped, and a second one beside it would break the bound.

        Raises:
            OverloadedError: If the queue is full, or the wait took too long.
        """
        await self._acquire()
        slot = Slot(self._threads, self._metrics)
        try:
            yield slot
        finally:
            running, loop = slot.running, asyncio.get_running_loop()
            if running is None or running.done():
                self._release()
            else:
                slot.give_up()
                running.add_done_callback(lambda _: loop.call_soon_threadsafe(self._release))

    @property
    def is_full(self) -> bool:
        """Whether all slots are taken."""
        return self._slots.locked()

    def close(self) -> None:
        """Drop the stages that have not begun; running threads end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _acquire(self) -> None:
        if self._slots.locked() and self._waiting >= self._queue:
            self._metrics.overloads.labels("queue_full").inc()
            raise OverloadedError(f"too many questions: {self._waiting} requests wait already")
        started = time.perf_counter()
        self._waiting += 1
        self._metrics.queued.inc()
        try:
            async with asyncio.timeout(self._queue_seconds):
                await self._slots.acquire()
        except TimeoutError as error:
            self._metrics.overloads.labels("queue_time").inc()
            raise OverloadedError(
                f"too many questions: this one waited for {self._queue_seconds:g} s"
            ) from error
        finally:
            self._waiting -= 1
            self._metrics.queued.dec()
        self._metrics.in_flight.inc()
        self._metrics.stage_seconds.labels("queue").observe(time.perf_counter() - started)

    def _release(self) -> None:
        self._metrics.in_flight.dec()
        self._slots.release()


class Slot:
    """The right of one request to compute; its stages run one after the other, in threads."""

    def __init__(self, threads: ThreadPoolExecutor, metrics: Metrics) -> None:
        self._threads = threads
        self._metrics = metrics
        self._given_up = threading.Event()
        self.running: Future[Any] | None = None

    async def run(self, stage: str, seconds: float, work: Callable[[], _T]) -> _T:
        """Run one stage in a thread.

        Args:
            stage: Its name, for traces and messages.
            seconds: The longest that it may take.
            work: The stage.

        Raises:
            OverloadedError: If it takes longer; the thread runs on, and its result is dropped.
        """
        with stage_span(stage):
            return await self._run(stage, seconds, work)

    async def _run(self, stage: str, seconds: float, work: Callable[[], _T]) -> _T:
        context = contextvars.copy_context()
        context.run(given_up.set, self._given_up)
        running = self._threads.submit(context.run, _without_panics, work)
        self.running = running
        waited = asyncio.wrap_future(running)
        try:
            await asyncio.wait({waited}, timeout=seconds)
            if not waited.done():
                self._metrics.overloads.labels("stage_time").inc()
                raise OverloadedError(f"'{stage}' took longer than {seconds:g} s")
            return waited.result()
        finally:
            waited.cancel()  # drops the work if no thread has begun it

    def give_up(self) -> None:
        """Tell a running stage that nobody waits for its result."""
        self._given_up.set()


class ConcurrencyLimit:
    """A bound on the requests that do one thing at a time; requests beyond it are refused.

    Look-ups take no slot of `Admission`, so that the page can show an article while questions
    queue; and waiting for a thread would have no bound. A download lasts as long as its client
    likes, and holds a file open.

    Args:
        most: Requests at a time.
        things: The requests, as a refused client is told: ``look-ups``.
        reason: The label under which refusals are counted.
        metrics: Counts refusals.
    """

    def __init__(self, most: int, things: str, reason: str, metrics: Metrics) -> None:
        self._most = most
        self._things = things
        self._reason = reason
        self._metrics = metrics
        self._open = 0

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold one of the slots while the block runs.

        Raises:
            OverloadedError: If none is free.
        """
        if self._open >= self._most:
            self._metrics.overloads.labels(self._reason).inc()
            raise OverloadedError(f"too many {self._things}: {self._open} run already")
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1


def _without_panics(work: Callable[[], _T]) -> _T:
    """Run a stage, and turn whatever it raises into an Exception.

    A panic in Rust, which the lexical index is written in, is none: it would bypass the handlers
    that answer and log errors of requests.

    Raises:
        RuntimeError: If the stage raised anything but an Exception.
    """
    try:
        return work()
    except Exception:
        raise
    except BaseException as error:
        raise RuntimeError(f"{type(error).__name__}: {error}") from error
