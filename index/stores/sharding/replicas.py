"""The replicas of the shards of a fleet: actors on the nodes of a Ray cluster.

Ray begins one that dies again on its node. One whose node is gone begins on another node that has
none of its shard, and moves back when there is a further node: another one begins there, and takes
the place of the first once it has the shard open. Ray's own choice of a node would not do: it
leaves replicas where they have come to lie, both of a shard on one node among them.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from index.cluster import last_line
from index.code_version import code_fingerprint
from index.stores.sharding.placement import SHARDS_FOLDER, shard_name
from index.stores.sharding.shard_server import ShardServer
from index.stores.sharding.spreading import next_move

if TYPE_CHECKING:
    from pathlib import Path

    from index.cluster import Cluster
    from index.manifest import Manifest
    from index.stores.sharding.spreading import Move

_LOGGER = logging.getLogger(__name__)
_OPENING_SECONDS: Final = 120.0  # checksums of all files are computed
_FETCHING_SECONDS: Final = 1800.0  # and they may have to be fetched before
_LOOKING_SECONDS: Final = 5.0  # between two looks where replicas are, and for one to say it
_REFUSED_SECONDS: Final = 60.0  # a node that could not open a shard
_AVOIDED_SECONDS: Final = 1.0  # a replica that failed; it takes longer to begin again
_AT_ONCE: Final = 4  # calls that a replica runs side by side


@dataclass(eq=False, slots=True)
class Replica:
    """One actor that has a shard open.

    Attributes:
        shard: The number of its shard.
        number: Its number among the replicas of the shard.
        name: For the log.
        actor: Its handle. The actor ends with the last one, once it has replied to all calls.
        address: That of its node, where it last answered; empty where it never has.
        avoided_until: Before this time, by `time.monotonic`, it is not asked.
        fails: Whether its last call failed, which is logged once.
    """

    shard: int
    number: int
    name: str
    actor: Any
    address: str = ""
    avoided_until: float = 0.0
    fails: bool = False

    def avoid(self, reason: str) -> None:
        """Do not ask it for a while, and log why if that is new."""
        self.avoided_until = time.monotonic() + _AVOIDED_SECONDS
        if not self.fails:
            self.fails = True
            _LOGGER.warning("%s %s", self.name, reason)


@dataclass(slots=True)
class _Refusals:
    """Nodes that could not open a shard, for a while."""

    until: dict[tuple[int, str], float] = field(default_factory=dict)

    def add(self, move: Move) -> None:
        self.until[move.shard, move.node] = time.monotonic() + _REFUSED_SECONDS

    def now(self) -> set[tuple[int, str]]:
        return {pair for pair, until in self.until.items() if time.monotonic() < until}


class Replicas:
    """Begins the replicas of all shards, and keeps those of a shard on different nodes.

    Args:
        cluster: The cluster.
        folder: The folder of the fleet.
        manifest: The manifest of the fleet.
        count: Replicas of each shard.
        storage: Address of a storage that the nodes fetch shards from; they see the index folder
            under the same path where None.
    """

    def __init__(
        self, cluster: Cluster, folder: Path, manifest: Manifest, count: int, storage: str | None
    ) -> None:
        self._cluster = cluster
        self._ray = cluster.ray
        self._folder = folder.absolute() / SHARDS_FOLDER
        self._manifest = manifest
        self._storage = storage
        self._opening_seconds = _OPENING_SECONDS if storage is None else _FETCHING_SECONDS
        self._refusals = _Refusals()
        self._closed = threading.Event()
        self._closing = threading.Lock()  # a replica is moved before all are ended, or never
        nodes = cluster.nodes()
        self._shards = (
            {}
            if manifest.fleet is None
            else {shard.number: shard for shard in manifest.fleet.generations}
        )
        self._of_shard = {
            shard: [
                self._begin(shard, number, nodes[(place + number) % len(nodes)].id)
                for number in range(count)
            ]
            for place, shard in enumerate(self._shards)
        }
        self._wait_until_open()
        if self._shards:
            threading.Thread(target=self._keep_spread, name="replicas", daemon=True).start()

    def of(self, shard: int) -> list[Replica]:
        """The replicas of a shard, by their numbers."""
        return list(self._of_shard[shard])

    def _begin(self, shard: int, number: int, node: str) -> Replica:
        """Begin an actor on a node."""
        name = shard_name(shard, self._manifest.shards)
        server = self._ray.remote(ShardServer).options(
            num_cpus=0,  # as many as there are shards; how busy they are depends on the questions
            max_restarts=-1,
            max_concurrency=_AT_ONCE,
            scheduling_strategy=self._cluster.on(node),
        )
        actor = server.remote(
            self._folder / name,
            self._shards[shard].manifest_sha256,
            code_fingerprint(),
            self._storage,
        )
        version = self._manifest.index_version
        return Replica(shard, number, f"replica {number} of shard {name} of {version}", actor)

    def _wait_until_open(self) -> None:
        """Wait for all replicas, and log those that cannot be asked."""
        opening = {
            replica.actor.check.remote(): replica
            for replicas in self._of_shard.values()
            for replica in replicas
        }
        if not opening:
            return
        seconds = self._opening_seconds
        opened, late = self._ray.wait(list(opening), num_returns=len(opening), timeout=seconds)
        for call in opened:
            try:
                self._ray.get(call)
            except self._ray.exceptions.RayError as error:
                opening[call].avoid(f"cannot be opened: {last_line(error)}")
        for call in late:
            opening[call].avoid(f"was not opened in {seconds:.0f} s")

    def _keep_spread(self) -> None:
        while self._ray.is_initialized() and not self._closed.is_set():
            try:
                while self.spread():
                    pass
            except Exception:  # a look that fails is no reason not to look again
                if self._ray.is_initialized():
                    version = self._manifest.index_version
                    _LOGGER.exception("replicas of %s cannot be moved", version)
            self._closed.wait(_LOOKING_SECONDS)

    def spread(self) -> bool:
        """Move one replica, where one should be on another node; says whether it was moved."""
        places = self._places()
        nodes = [node.id for node in self._cluster.nodes()]
        move = next_move(places, nodes, self._refusals.now())
        if move is None:
            return False
        replica = self._begin(*move)
        failure = self._failure_to_open(replica, move.node)
        with self._closing:
            moved = failure is None and not self._closed.is_set()
            if moved:
                self._of_shard[move.shard][move.replica] = replica
        if not moved:
            self._ray.kill(replica.actor)
            if failure is not None:
                self._refusals.add(move)
                _LOGGER.warning("%s was not moved to another node: %s", replica.name, failure)
            return False
        _LOGGER.info("%s was moved to another node, %s", replica.name, move.node)
        return True

    def _places(self) -> dict[int, list[str | None]]:
        """The nodes of the replicas of each shard.

        It is an empty one for those that are gone with theirs, and None for those that do not say
        it at once, which may be beginning again.
        """
        calls = {
            shard: [replica.actor.node.remote() for replica in replicas]
            for shard, replicas in self._of_shard.items()
        }
        every = [call for of_shard in calls.values() for call in of_shard]
        said = set(self._ray.wait(every, num_returns=len(every), timeout=_LOOKING_SECONDS)[0])
        return {
            shard: [self._place(call) if call in said else None for call in of_shard]
            for shard, of_shard in calls.items()
        }

    def _place(self, call: Any) -> str | None:
        try:
            return str(self._ray.get(call))
        except _gone(self._ray):
            return ""
        except self._ray.exceptions.RayError:
            return None

    def _failure_to_open(self, replica: Replica, node: str) -> str | None:
        """Wait for a moved replica, unless this is closed; why it cannot be asked there."""
        opening = [replica.actor.check.remote(), replica.actor.node.remote()]
        late_at = time.monotonic() + self._opening_seconds
        while len(self._ray.wait(opening, num_returns=2, timeout=1.0)[0]) < len(opening):
            if self._closed.is_set():
                return None
            if time.monotonic() >= late_at:
                return f"it was not opened in {self._opening_seconds:.0f} s"
        try:
            _, place = self._ray.get(opening)
        except self._ray.exceptions.RayError as error:
            return last_line(error)
        return None if place == node else "Ray began it elsewhere"

    def close(self) -> None:
        """End the actors."""
        with self._closing:
            self._closed.set()
        for replicas in self._of_shard.values():
            for replica in replicas:
                self._ray.kill(replica.actor)


def _gone(ray: Any) -> tuple[type[Exception], ...]:
    """What Ray raises for an actor that it will not begin again."""
    return ray.exceptions.ActorDiedError, ray.exceptions.ActorUnschedulableError
