"""How many questions are worked on at a time, how many wait, and how long each stage may take."""

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
    """Lets so many requests in at a time; a few more wait; the rest are refused at once.

    Args:
        in_flight: Requests that are worked on at a time, each in a thread of its own.
        queue: Requests that wait for one of them to be done.
        queue_seconds: How long they wait at most.
        metrics: What is counted.
    """

    def __init__(self, in_flight: int, queue: int, queue_seconds: float, metrics: Metrics) -> None:
        self._places = asyncio.Semaphore(in_flight)
        self._waiting = 0
        self._queue = queue
        self._queue_seconds = queue_seconds
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(in_flight, thread_name_prefix="question")

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Place]:
        """Wait for a place among the requests that are worked on.

        It stays taken until the work is done, also when nobody waits for that any more: a thread
        cannot be stopped, and another one beside it would break the bound.

        Raises:
            OverloadedError: If the queue is full, or the wait took too long.
        """
        await self._enter()
        place = Place(self._threads, self._metrics)
        try:
            yield place
        finally:
            running, loop = place.running, asyncio.get_running_loop()
            if running is None or running.done():
                self._leave()
            else:
                place.give_up()
                running.add_done_callback(lambda _: loop.call_soon_threadsafe(self._leave))

    def close(self) -> None:
        """Drop what has not begun; what runs ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _enter(self) -> None:
        if self._places.locked() and self._waiting >= self._queue:
            self._metrics.overloads.labels("queue_full").inc()
            raise OverloadedError(f"too many questions: {self._waiting} requests wait already")
        started = time.perf_counter()
        self._waiting += 1
        self._metrics.queued.inc()
        try:
            async with asyncio.timeout(self._queue_seconds):
                await self._places.acquire()
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

    def _leave(self) -> None:
        self._metrics.in_flight.dec()
        self._places.release()


class Place:
    """One place among the requests that are worked on; its stages run one after the other."""

    def __init__(self, threads: ThreadPoolExecutor, metrics: Metrics) -> None:
        self._threads = threads
        self._metrics = metrics
        self._given_up = threading.Event()
        self.running: Future[Any] | None = None

    async def run(self, stage: str, seconds: float, work: Callable[[], _T]) -> _T:
        """Run one stage in a thread.

        Raises:
            OverloadedError: If it takes longer; the thread goes on, its result is dropped.
        """
        with stage_span(stage):
            return await self._run(stage, seconds, work)

    async def _run(self, stage: str, seconds: float, work: Callable[[], _T]) -> _T:
        context = contextvars.copy_context()
        context.run(given_up.set, self._given_up)
        running = self._threads.submit(context.run, _contained, work)
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
        """Tell a stage that still runs that nobody waits for it any more."""
        self._given_up.set()


class Bound:
    """Bounds how many requests do one thing at a time; the rest are refused at once.

    Looking up takes no place among the questions, so that the page can show an article while they
    queue; and waiting for a thread would have no bound. Sending a file lasts as long as its client
    likes, and holds a file open.

    Args:
        most: Requests at a time.
        things: What they do, as a client that is refused is told: ``look-ups``.
        reason: Which bound it is, as refusals are counted.
        metrics: What is counted.
    """

    def __init__(self, most: int, things: str, reason: str, metrics: Metrics) -> None:
        self._most = most
        self._things = things
        self._reason = reason
        self._metrics = metrics
        self._open = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place while it is done.

        Raises:
            OverloadedError: If all are taken.
        """
        if self._open >= self._most:
            self._metrics.overloads.labels(self._reason).inc()
            raise OverloadedError(f"too many {self._things}: {self._open} run already")
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1


def _contained(work: Callable[[], _T]) -> _T:
    """Do some work; whatever it raises becomes an Exception.

    A panic in Rust, which the lexical index is written in, is none: it would pass by all that
    answers and logs errors of requests.

    Raises:
        RuntimeError: If it raised anything else than an Exception.
    """
    try:
        return work()
    except Exception:
        raise
    except BaseException as error:
        raise RuntimeError(f"{type(error).__name__}: {error}") from error
