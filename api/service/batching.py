"""Dynamic batching: requests that arrive while a batch runs form the next one.

No request waits for a batch to fill. A batch is answered as a whole, so its size is bounded by the
time that earlier ones took, and it leaves the other workers their share of what waits.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from opentelemetry.context import get_current as current_context

from api.errors import GivenUpError
from api.observing.tracing import working_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.context import Context

# Set by the caller of a request, in the thread that runs it: once the event is set, nobody waits
# for the result.
given_up: ContextVar[threading.Event | None] = ContextVar("given_up", default=None)

_CLOSED: Final = "the service has ended"

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass(frozen=True, slots=True)
class _Request(Generic[_In, _Out]):
    """One item to compute, the context of the span that waits for it, and its future result."""

    item: _In
    given_up: threading.Event | None
    caller: Context = field(default_factory=current_context)
    result: Future[_Out] = field(default_factory=Future)

    @property
    def is_given_up(self) -> bool:
        return self.given_up is not None and self.given_up.is_set()


class DynamicBatcher(Generic[_In, _Out]):
    """Computes the items of many calling threads in batches, in a few worker threads.

    Args:
        compute: Computes a batch: one result for each item, in order. Every worker calls it.
        name: Prefix of the workers' thread names.
        workers: Threads that compute batches at the same time.
        max_batch: The most items in one batch.
        batch_seconds: The longest that a batch of several items should take.
        prepare: Called in a worker before each batch with the number of processor threads that it
            may use: all of them where it runs alone, one where every worker is busy.
    """

    def __init__(
        self,
        compute: Callable[[list[_In]], Sequence[_Out]],
        name: str,
        *,
        workers: int = 1,
        max_batch: int = 16,
        batch_seconds: float = 2.0,
        prepare: Callable[[int], None] | None = None,
    ) -> None:
        self._compute = compute
        self._max_batch = max_batch
        self._batch_seconds = batch_seconds
        self._prepare = prepare
        self._workers = workers
        self._busy = 0
        self._item_seconds = 0.0
        self._waiting: deque[_Request[_In, _Out]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def close(self, seconds: float = 1.0) -> None:
        """Fail what waits and all later calls, and end the workers.

        A thread cannot be stopped: a worker that computes for longer is left behind, and does not
        keep the process from ending.

        Args:
            seconds: How long to wait for running batches.
        """
        with self._changed:
            self._closed = True
            waiting = list(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
        for request in waiting:
            request.result.set_exception(GivenUpError(_CLOSED))
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def compute(self, item: _In) -> _Out:
        """Compute one item, in a batch with those of other threads.

        Raises:
            GivenUpError: If the caller had been given up when the item's turn came, or the batcher
                is closed.
        """
        request: _Request[_In, _Out] = _Request(item, given_up.get())
        with self._changed:
            if self._closed:
                raise GivenUpError(_CLOSED)
            self._waiting.append(request)
            self._changed.notify()
        return request.result.result()

    def _work(self) -> None:
        while batch := self._next_batch():
            self._settle(*batch)

    def _next_batch(self) -> tuple[list[_Request[_In, _Out]], int] | None:
        """Wait for this worker's share of the requests; None once closed.

        Returns:
            The batch, and the processor threads that it may use.
        """
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if not self._waiting:
                return None
            count = min(-(-len(self._waiting) // self._workers), self._fitting())
            batch = [self._waiting.popleft() for _ in range(count)]
            self._busy += 1
            sharing = min(self._workers, self._busy + len(self._waiting))
        return batch, self._workers // sharing

    def _fitting(self) -> int:
        """The items that fit into a batch's time, at the pace of the last batch."""
        fitting = self._batch_seconds / max(self._item_seconds, 1e-9)
        return int(min(self._max_batch, max(1, fitting)))

    def _settle(self, batch: list[_Request[_In, _Out]], threads: int) -> None:
        """Compute a batch and hand out results; if it fails, compute its items one by one."""
        parts = deque([batch])
        while parts:
            wanted = _drop_given_up(parts.popleft())
            results: Sequence[_Out] = ()
            failure = None
            try:
                if wanted:
                    with working_for([request.caller for request in wanted]):
                        results = self._timed([request.item for request in wanted], threads)
            # It is raised again in the caller. A panic in Rust, which embedding and reading are
            # partly written in, is no Exception; it must not end a worker that all need.
            except BaseException as error:  # noqa: BLE001
                if len(wanted) > 1:  # so that only the item at fault fails
                    parts.extend([request] for request in wanted)
                    continue
                failure = error
            if not parts:
                # Before any caller learns of it: one that calls again finds this worker free.
                with self._changed:
                    self._busy -= 1
            if failure is not None:
                wanted[0].result.set_exception(failure)
                continue
            for request, result in zip(wanted, results, strict=True):
                request.result.set_result(result)

    def _timed(self, items: list[_In], threads: int) -> Sequence[_Out]:
        """Compute items and note how long each took.

        Raises:
            ValueError: If there is not one result for each.
        """
        if self._prepare is not None:
            self._prepare(threads)
        started = time.perf_counter()
        results = self._compute(items)
        seconds = time.perf_counter() - started
        if len(results) != len(items):
            raise ValueError(f"got {len(results)} results; expected {len(items)}, one for each")
        # A batch that failed says nothing of how long the next one takes.
        with self._changed:
            self._item_seconds = seconds / len(items)
        return results


def _drop_given_up(batch: list[_Request[_In, _Out]]) -> list[_Request[_In, _Out]]:
    """Fail the requests that nobody waits for, and return the others."""
    wanted = []
    for request in batch:
        if request.is_given_up:
            request.result.set_exception(GivenUpError("nobody waits for this question any more"))
        else:
            wanted.append(request)
    return wanted
