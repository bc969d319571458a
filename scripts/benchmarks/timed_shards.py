"""What a question costs where, in processor time: at the entrance, and each call of each shard."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.stores.sharding.shards import Shard, ShardCall, Shards

_Reply = TypeVar("_Reply")


class Costs(NamedTuple):
    """Processor seconds of one question.

    Attributes:
        entrance: Those of the entrance before shards are first asked, between, and afterwards: one
            more than ``shards``.
        shards: For each time that shards are asked, those of each that is, by its number.
    """

    entrance: list[float]
    shards: list[dict[int, float]]


class TimedShards:
    """Asks shards, and notes what that costs while it is told to.

    Args:
        shards: Asks them.
    """

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        self._costs: Costs | None = None
        self._since = 0.0

    def begin(self) -> None:
        """Note what follows as one question."""
        self._costs = Costs([], [])
        self._since = time.process_time()

    def end(self) -> Costs:
        """End the question; what it cost."""
        if self._costs is None:
            raise RuntimeError("no question has begun")
        costs, self._costs = self._costs, None
        costs.entrance.append(time.process_time() - self._since)
        return costs

    def ask(self, calls: Mapping[int, ShardCall[_Reply]]) -> dict[int, _Reply]:
        """Ask shards; see `index.stores.sharding.shards.Shards.ask`."""
        if self._costs is None:
            return self._shards.ask(calls)
        now = time.process_time()
        self._costs.entrance.append(now - self._since)
        self._since = now  # what sending and receiving costs here belongs to what follows
        timed = self._shards.ask({number: _Timed(call) for number, call in calls.items()})
        self._costs.shards.append({number: seconds for number, (_, seconds) in timed.items()})
        return {number: reply for number, (reply, _) in timed.items()}

    def close(self) -> None:
        """End what this asks with."""
        self._shards.close()


@dataclass(frozen=True, slots=True)
class _Timed(Generic[_Reply]):
    """Asks what another call does, and for the processor seconds of that."""

    call: ShardCall[_Reply]

    def __call__(self, shard: Shard) -> tuple[_Reply, float]:
        started = time.thread_time()
        reply = self.call(shard)
        return reply, time.thread_time() - started


class ProcessSeconds:
    """Asks a shard's process for its processor time."""

    def __call__(self, shard: Shard) -> float:
        """Processor seconds since it began."""
        del shard
        return time.process_time()
