"""Shards that a Ray cluster serves: each is opened by actors on its nodes, its replicas.

The actors of a generation serve that one alone, so that no reply mixes two. They end with the
process that began them, and with its last handle. One that dies is begun again by Ray.
"""

from __future__ import annotations

import itertools
import math
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from index.cluster import last_line
from index.replica_calls import ReplicaCall, unobserved
from index.stores.sharding.replicas import Replicas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from index.cluster import Cluster
    from index.manifest import Manifest
    from index.replica_calls import Outcome, Work
    from index.stores.sharding.replicas import Replica
    from index.stores.sharding.shards import ShardCall

_Reply = TypeVar("_Reply")


@dataclass(slots=True)
class _Asking:
    """The replicas of a shard that one call can still be sent to, in turn."""

    call: Any
    left: list[Replica] = field(default_factory=list)


@dataclass(slots=True)
class _Sent:
    """A call that was sent.

    Attributes:
        replica: Who was asked.
        late_at: When the next replica is asked, by `time.monotonic`; never where that was done.
        sent_ns: When it was sent, in nanoseconds since 1970.
    """

    replica: Replica
    late_at: float
    sent_ns: int


class ServedShards:
    """Asks shards on a cluster, all at once; each call goes to one replica, then to the next.

    A replica that fails is left for another one at once; one that is late, after its share of the
    time. A shard of which no replica answers in time is left out.

    Args:
        cluster: The cluster.
        folder: The folder of the fleet.
        manifest: The manifest of the fleet.
        replicas: Actors a shard, on different nodes where there are so many.
        seconds: The longest wait for replies.
        storage: Address of a storage that the nodes fetch shards from; they see the index folder
            under the same path where None.
        observe: Told of each call, in the thread that asks.
    """

    def __init__(
        self,
        cluster: Cluster,
        folder: Path,
        manifest: Manifest,
        replicas: int,
        seconds: float,
        storage: str | None = None,
        observe: Callable[[ReplicaCall], None] = unobserved,
    ) -> None:
        self._observe = observe
        self._ray = cluster.ray
        self._patience = seconds / replicas
        # A question makes calls of several kinds one after the other: each kind has its own turns.
        self._turns: defaultdict[type, Iterator[int]] = defaultdict(itertools.count)
        self._replicas = Replicas(cluster, folder, manifest, replicas, storage)

    def ask(self, calls: Mapping[int, ShardCall[_Reply]]) -> dict[int, _Reply]:
        """Ask shards; see `index.stores.sharding.shards.Shards.ask`."""
        now = time.monotonic()
        turns = {kind: next(self._turns[kind]) for kind in {type(call) for call in calls.values()}}
        asking = {
            number: _Asking(call, self._in_turn(number, turns[type(call)], now))
            for number, call in calls.items()
        }
        waiting = dict[Any, _Sent]()
        replies = dict[int, _Reply]()
        self._send(asking, asking, waiting)
        while len(replies) < len(calls):
            next_late = min((sent.late_at for sent in waiting.values()), default=math.inf)
            if next_late == math.inf:
                break
            done, _ = self._ray.wait(
                list(waiting),
                num_returns=min(len(waiting), len(calls) - len(replies)),
                timeout=max(0.0, next_late - time.monotonic()),
            )
            unanswered = set()
            for each in done:
                sent = waiting.pop(each)
                shard = sent.replica.shard
                try:
                    reply, work = self._ray.get(each)
                except self._ray.exceptions.RayError as error:
                    sent.replica.avoid(f"does not answer: {last_line(error)}")
                    unanswered.add(shard)
                    self._tell(sent, "failed")
                else:
                    replies.setdefault(shard, reply)
                    sent.replica.fails = False
                    sent.replica.address = work.node
                    self._tell(sent, "answered", work)
            now = time.monotonic()
            for sent in waiting.values():
                if sent.late_at <= now and sent.replica.shard not in replies:
                    sent.replica.avoid(f"does not answer in {self._patience:g} s")
                    unanswered.add(sent.replica.shard)
                    self._tell(sent, "late")
                    sent.late_at = math.inf
            self._send(unanswered - replies.keys(), asking, waiting)
        return replies

    def _in_turn(self, number: int, turn: int, now: float) -> list[Replica]:
        """The replicas of a shard that can be asked, beginning with another one each time."""
        replicas = self._replicas.of(number)
        first = turn % len(replicas)
        order = [*replicas[first:], *replicas[:first]]
        return [replica for replica in order if replica.avoided_until <= now]

    def _send(
        self,
        numbers: Iterable[int],
        asking: Mapping[int, _Asking],
        waiting: dict[Any, _Sent],
    ) -> None:
        """Send the calls of shards to their next replicas, where there are any."""
        late_at = time.monotonic() + self._patience
        for number in numbers:
            if asking[number].left:
                replica = asking[number].left.pop(0)
                call = replica.actor.ask.remote(asking[number].call)
                waiting[call] = _Sent(replica, late_at, time.time_ns())

    def _tell(self, sent: _Sent, outcome: Outcome, work: Work | None = None) -> None:
        """Tell of a call, once: what comes of one that was late is not told."""
        if sent.late_at < math.inf:
            replica, now = sent.replica, time.time_ns()
            self._observe(
                ReplicaCall(
                    role="shard",
                    shard=replica.shard,
                    replica=replica.number,
                    node=replica.address,
                    outcome=outcome,
                    sent_ns=sent.sent_ns,
                    ended_ns=now,
                    work=work,
                )
            )

    def close(self) -> None:
        """End the actors; the shards cannot be asked afterwards."""
        self._replicas.close()
