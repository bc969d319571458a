"""The number of CPU threads that torch computes with, set for each calling thread."""

from __future__ import annotations

import threading

import torch


class TorchThreads:
    """The number of CPU threads for one model, by calling thread.

    `torch.set_num_threads` applies to the calling thread and to every thread that computes for the
    first time afterwards. So the number is set again before each computation: a thread that set no
    number computes with torch's number at the time this object was made.
    """

    def __init__(self) -> None:
        self._count = torch.get_num_threads()
        self._own = threading.local()

    @property
    def count(self) -> int:
        """The number for threads that set none."""
        return self._count

    def use(self, count: int) -> None:
        """Set the number for the calling thread."""
        self._own.count = count

    def begin(self) -> None:
        """Apply the calling thread's number to torch, before a computation."""
        torch.set_num_threads(getattr(self._own, "count", self._count))
