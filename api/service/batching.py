"""Work of several questions gathered into shared batches, for few threads that compute.

Nobody is made to wait for a batch to fill: while one is computed, what is asked meanwhile gathers
for the next. None of a batch is done before all of it is, so a batch holds no more than can be
done in a short time, as the ones before have shown, and leaves the other threads their share.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from api.errors import GivenUpError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Set by whoever runs a question in a thread: once the event is set, nobody waits for it.
given_up: ContextVar[threading.Event | None] = ContextVar("given_up", default=None)

_ENDED: Final = "the service has ended"

_A = TypeVar("_A")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class _Asked(Generic[_A, _R]):
    what: _A
    given_up: threading.Event | None
    result: Future[_R] = field(default_factory=Future)

    @property
    def pointless(self) -> bool:
        return self.given_up is not None and self.given_up.is_set()


class Gathering(Generic[_A, _R]):
    """Gathers what many threads ask, and has it computed by a few.

    Args:
        compute: Computes a batch, one result for each, in order. Every thread calls it.
        name: Of the threads.
        lanes: How many threads compute at the same time.
        most: The most that is asked in one batch.
        batch_seconds: How long one batch should take at most, where it holds several.
        prepare: Called in a thread before each batch with the threads of the processor that it
            may use: all where it is alone, one where all lanes are busy.
    """

    def __init__(
        self,
        compute: Callable[[list[_A]], Sequence[_R]],
        name: str,
        *,
        lanes: int = 1,
        most: int = 16,
        batch_seconds: float = 2.0,
        prepare: Callable[[int], None] | None = None,
    ) -> None:
        self._compute = compute
        self._most = most
        self._batch_seconds = batch_seconds
        self._prepare = prepare
        self._lanes = lanes
        self._busy = 0
        self._each_seconds = 0.0
        self._waiting: deque[_Asked[_A, _R]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True)
            for number in range(lanes)
        ]
        for thread in self._threads:
            thread.start()

    def close(self, seconds: float = 1.0) -> None:
        """Give up what waits and whatever is asked later, and end the threads.

        A thread cannot be stopped, so one that computes for longer is left behind; it does not
        keep the process from ending.

        Args:
            seconds: How long to wait for what is being computed.
        """
        with self._changed:
            self._closed = True
            waiting = list(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
        for asked in waiting:
            asked.result.set_exception(GivenUpError(_ENDED))
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def ask(self, what: _A) -> _R:
        """Have something computed, together with what others ask meanwhile.

        Raises:
            GivenUpError: If nobody waited for it any more when its turn came, or this was closed.
        """
        asked: _Asked[_A, _R] = _Asked(what, given_up.get())
        with self._changed:
            if self._closed:
                raise GivenUpError(_ENDED)
            self._waiting.append(asked)
            self._changed.notify()
        return asked.result.result()

    def _work(self) -> None:
        while gathered := self._gather():
            self._answer(*gathered)

    def _gather(self) -> tuple[list[_Asked[_A, _R]], int] | None:
        """Wait for something to do and take this thread's share of it; None once closed.

        Also says how many threads of the processor it may use for that.
        """
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if not self._waiting:
                return None
            count = min(-(-len(self._waiting) // self._lanes), self._fitting())
            batch = [self._waiting.popleft() for _ in range(count)]
            self._busy += 1
            sharing = min(self._lanes, self._busy + len(self._waiting))
        return batch, self._lanes // sharing

    def _fitting(self) -> int:
        """How many can be computed in time, if they take as long as those before."""
        fitting = self._batch_seconds / max(self._each_seconds, 1e-9)
        return int(min(self._most, max(1, fitting)))

    def _answer(self, batch: list[_Asked[_A, _R]], threads: int) -> None:
        parts = deque([batch])
        while parts:
            wanted = _still_wanted(parts.popleft())
            results: Sequence[_R] = ()
            failure = None
            try:
                if wanted:
                    results = self._computed([asked.what for asked in wanted], threads)
            # It is raised again where it was asked. A panic in Rust, which embedding and reading
            # are partly written in, is no Exception; it must not end the thread that all need.
            except BaseException as error:  # noqa: BLE001
                if len(wanted) > 1:  # so that only the one at fault fails
                    parts.extend([asked] for asked in wanted)
                    continue
                failure = error
            if not parts:
                # Before anybody learns of it: who asks again at once finds this thread free.
                with self._changed:
                    self._busy -= 1
            if failure is not None:
                wanted[0].result.set_exception(failure)
                continue
            for asked, result in zip(wanted, results, strict=True):
                asked.result.set_result(result)

    def _computed(self, asked: list[_A], threads: int) -> Sequence[_R]:
        """Compute a batch.

        Raises:
            ValueError: If there is not one result for each.
        """
        if self._prepare is not None:
            self._prepare(threads)
        started = time.perf_counter()
        results = self._compute(asked)
        spent = time.perf_counter() - started
        if len(results) != len(asked):
            raise ValueError(f"got {len(results)} results; expected {len(asked)}, one for each")
        # What was given up or failed says nothing of how long the next ones take.
        with self._changed:
            self._each_seconds = spent / len(asked)
        return results


def _still_wanted(batch: list[_Asked[_A, _R]]) -> list[_Asked[_A, _R]]:
    """Settle what nobody waits for any more, and give back the rest."""
    wanted = []
    for asked in batch:
        if asked.pointless:
            asked.result.set_exception(GivenUpError("nobody waits for this question any more"))
        else:
            wanted.append(asked)
    return wanted
