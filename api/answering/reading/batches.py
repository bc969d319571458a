"""Batches of windows: which a network computes together, and on which threads.

In bfloat16 a processor is fastest on large batches. In float32 it is busy with a few sequences, so
each thread computes its own, of like length: little is padded, and no thread waits for another
within a layer.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import torch

from api.answering.reading.reader import ReaderPrecision

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.reading.pair_encoding import Encoded

_Batch = TypeVar("_Batch")
_Result = TypeVar("_Result")

# Sequences of large batches are padded to a multiple of this, so that there are few shapes: oneDNN
# compiles and keeps code for each new shape, which takes time and memory.
_WIDTH_STEP: Final = 16


class Batches(Protocol):
    """How windows are computed."""

    def split(self, windows: Sequence[Encoded], max_length: int) -> list[list[Encoded]]:
        """Split windows into batches, longest first; none is longer than ``max_length`` tokens."""
        ...

    def width(self, length: int, max_length: int) -> int:
        """The padded width of a batch whose longest window has ``length`` tokens."""
        ...

    def compute(
        self, compute: Callable[[_Batch], _Result], batches: Sequence[_Batch]
    ) -> list[_Result]:
        """Compute every batch; the results are in order."""
        ...


@dataclass(frozen=True, slots=True)
class LargeBatches:
    """Many windows a batch, one batch after the other, each on all threads.

    Attributes:
        tokens: The most tokens of a batch, padding included, but for a window that has more.
    """

    tokens: int = 2048

    def split(self, windows: Sequence[Encoded], max_length: int) -> list[list[Encoded]]:
        """Split windows into batches of at most ``tokens``."""
        batches: list[list[Encoded]] = []
        room = 0
        for window in _longest_first(windows):
            if room < 1:
                batches.append([])
                room = max(1, self.tokens // self.width(len(window.ids), max_length))
            batches[-1].append(window)
            room -= 1
        return batches

    def width(self, length: int, max_length: int) -> int:
        """The next multiple of 16, where that is not beyond all windows."""
        return min(-(-length // _WIDTH_STEP) * _WIDTH_STEP, max(length, max_length))

    def compute(
        self, compute: Callable[[_Batch], _Result], batches: Sequence[_Batch]
    ) -> list[_Result]:
        """Compute in the calling thread."""
        return [compute(batch) for batch in batches]


@dataclass(frozen=True, slots=True)
class SmallBatches:
    """A few windows a batch, each batch on one thread.

    As many threads compute as torch would in the calling thread. The last batches are the smallest,
    so that all threads end at about the same time (guided self-scheduling: Polychronopoulos and
    Kuck, IEEE Transactions on Computers, 1987).

    Attributes:
        most: The most windows of a batch.
    """

    most: int = 4

    def split(self, windows: Sequence[Encoded], max_length: int) -> list[list[Encoded]]:  # noqa: ARG002
        """Split windows into batches that become smaller towards the end."""
        threads = torch.get_num_threads()
        ordered = _longest_first(windows)
        batches: list[list[Encoded]] = []
        first = 0
        while first < len(ordered):
            size = max(1, min(self.most, (len(ordered) - first) // threads))
            batches.append(ordered[first : first + size])
            first += size
        return batches

    def width(self, length: int, max_length: int) -> int:  # noqa: ARG002
        """The length itself."""
        return length

    def compute(
        self, compute: Callable[[_Batch], _Result], batches: Sequence[_Batch]
    ) -> list[_Result]:
        """Compute side by side, with the calling thread's number of threads."""
        count = torch.get_num_threads()
        threads = min(count, len(batches))
        if threads <= 1:
            return [compute(batch) for batch in batches]
        try:
            with ThreadPoolExecutor(threads, thread_name_prefix="reading") as pool:
                return list(pool.map(partial(_alone, compute), batches))
        finally:
            # Threads that compute for the first time later would have the one that was set last.
            torch.set_num_threads(count)


def batches_for(precision: ReaderPrecision) -> Batches:
    """How a network in a number format, not ``auto``, computes fastest."""
    return LargeBatches() if precision is ReaderPrecision.BFLOAT16 else SmallBatches()


def _alone(compute: Callable[[_Batch], _Result], batch: _Batch) -> _Result:
    """Compute with the calling thread alone."""
    torch.set_num_threads(1)
    return compute(batch)


def _longest_first(windows: Sequence[Encoded]) -> list[Encoded]:
    return sorted(windows, key=lambda window: -len(window.ids))
