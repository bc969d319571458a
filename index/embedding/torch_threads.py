"""How many threads of the processor torch computes with, for each calling thread on its own."""

from __future__ import annotations

import threading

import torch


class TorchThreads:
    """Keeps for one model what each thread that calls it computes with.

    Setting the number in torch sets it for the thread that calls, and also what every thread that
    first computes later begins with. So it is set again before each computation: a thread that was
    told nothing computes with as many as when this was made.
    """

    def __init__(self) -> None:
        self._count = torch.get_num_threads()
        self._own = threading.local()

    @property
    def count(self) -> int:
        """What a thread computes with that was told nothing."""
        return self._count

    def use(self, count: int) -> None:
        """Let this thread compute with so many from now on."""
        self._own.count = count

    def begin(self) -> None:
        """Prepare torch for what this thread is about to compute."""
        torch.set_num_threads(getattr(self._own, "count", self._count))
