"""Shards that a Ray cluster serves: each is opened by actors on its nodes, its replicas.

The actors of a generation serve that one alone, so that no reply mixes two. They end with the
process that began them, and with its last handle. One that dies is begun again by Ray.
"""

from __future__ import annotations

import itertools
import logging
import math
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from index.cluster import last_line
from index.code_version import code_fingerprint
from index.stores.sharding.placement import SHARDS_FOLDER, shard_name
from index.stores.sharding.shard_server import ShardServer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from index.cluster import Cluster
    from index.manifest import Manifest, ShardRecord
    from index.stores.sharding.shards import ShardCall

_LOGGER = logging.getLogger(__name__)
_Reply = TypeVar("_Reply")
_OPENING_SECONDS: Final = 120.0  # checksums of all files are computed
_FETCHING_SECONDS: Final = 1800.0  # and they may have to be fetched before
_AVOIDED_SECONDS: Final = 1.0  # a replica that failed; it takes longer to begin again
_AT_ONCE: Final = 4  # calls that a replica runs side by side


@dataclass(eq=False, slots=True)
class _Replica:
    """One actor that has a shard open.

    Attributes:
        name: For the log.
        actor: Its handle.
        avoided_until: Before this time, by `time.monotonic`, it is not asked.
        fails: Whether its last call failed, which is logged once.
    """

    name: str
    actor: Any
    avoided_until: float = 0.0
    fails: bool = False


@dataclass(slots=True)
class _Asking:
    """The replicas of a shard that one call can still be sent to, in turn."""

    call: Any
    left: list[_Replica] = field(default_factory=list)


@dataclass(slots=True)
class _Sent:
    """A call that was sent.

    Attributes:
        number: The number of the shard.
        replica: Who was asked.
        late_at: When the next replica is asked, by `time.monotonic`; never where that was done.
    """

    number: int
    replica: _Replica
    late_at: float


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
    """

    def __init__(
        self,
        cluster: Cluster,
        folder: Path,
        manifest: Manifest,
        replicas: int,
        seconds: float,
        storage: str | None = None,
    ) -> None:
        self._ray = cluster.ray
        self._storage = storage
        self._version = manifest.index_version
        self._patience = seconds / replicas
        # A question makes calls of several kinds one after the other: each kind has its own turns.
        self._turns: defaultdict[type, Iterator[int]] = defaultdict(itertools.count)
        nodes = sorted(node["NodeID"] for node in self._ray.nodes() if node["Alive"])
        self._replicas: dict[int, list[_Replica]] = {}
        shards = () if manifest.fleet is None else manifest.fleet.generations
        for place, shard in enumerate(shards):
            path = folder.absolute() / SHARDS_FOLDER / shard_name(shard.number, manifest.shards)
            self._replicas[shard.number] = [
                self._begin(path, shard, nodes[(place + replica) % len(nodes)], replica)
                for replica in range(replicas)
            ]
        self._wait_until_open()

    def _begin(self, path: Path, shard: ShardRecord, node: str, number: int) -> _Replica:
        """Begin an actor, on a node while that is there."""
        server = self._ray.remote(ShardServer).options(
            num_cpus=0,  # as many as there are shards; how busy they are depends on the questions
            max_restarts=-1,
            max_concurrency=_AT_ONCE,
            scheduling_strategy=self._ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
                node, soft=True
            ),
        )
        actor = server.remote(path, shard.manifest_sha256, code_fingerprint(), self._storage)
        return _Replica(f"replica {number} of shard {path.name} of {self._version}", actor)

    def _wait_until_open(self) -> None:
        """Wait for all replicas, and log those that cannot be asked."""
        opening = {
            replica.actor.check.remote(): replica
            for replicas in self._replicas.values()
            for replica in replicas
        }
        if not opening:
            return
        seconds = _OPENING_SECONDS if self._storage is None else _FETCHING_SECONDS
        opened, late = self._ray.wait(list(opening), num_returns=len(opening), timeout=seconds)
        for call in opened:
            try:
                self._ray.get(call)
            except self._ray.exceptions.RayError as error:
                self._avoid(opening[call], f"cannot be opened: {last_line(error)}")
        for call in late:
            self._avoid(opening[call], f"was not opened in {seconds:.0f} s")

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
                try:
                    reply = self._ray.get(each)
                except self._ray.exceptions.RayError as error:
                    self._avoid(sent.replica, f"does not answer: {last_line(error)}")
                    unanswered.add(sent.number)
                else:
                    replies.setdefault(sent.number, reply)
                    sent.replica.fails = False
            now = time.monotonic()
            for sent in waiting.values():
                if sent.late_at <= now and sent.number not in replies:
                    sent.late_at = math.inf
                    self._avoid(sent.replica, f"does not answer in {self._patience:g} s")
                    unanswered.add(sent.number)
            self._send(unanswered - replies.keys(), asking, waiting)
        return replies

    def _in_turn(self, number: int, turn: int, now: float) -> list[_Replica]:
        """The replicas of a shard that can be asked, beginning with another one each time."""
        replicas = self._replicas[number]
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
                waiting[call] = _Sent(number, replica, late_at)

    def _avoid(self, replica: _Replica, reason: str) -> None:
        replica.avoided_until = time.monotonic() + _AVOIDED_SECONDS
        if not replica.fails:
            replica.fails = True
            _LOGGER.warning("%s %s", replica.name, reason)

    def close(self) -> None:
        """End the actors; the shards cannot be asked afterwards."""
        for replicas in self._replicas.values():
            for replica in replicas:
                self._ray.kill(replica.actor)
