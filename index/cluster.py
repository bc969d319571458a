"""A Ray cluster, of which this machine is a node."""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import dataclass
from typing import Any, Final

from index.errors import ClusterError

_CONNECTING_SECONDS: Final = 5.0
_ANY: Final = "auto"


@dataclass(frozen=True, order=True, slots=True)
class Node:
    """A machine of a cluster, as far as Ray knows.

    Attributes:
        id: Ray's id of it; one that comes back has another.
        cpus: The processors that it gives to the cluster.
    """

    id: str
    cpus: int


class Cluster:
    """A connection to a Ray cluster; a process has one at a time.

    Args:
        address: A node of the cluster that this machine is one of, as ``HOST:PORT``, or ``auto``.

    Attributes:
        address: As it was given.
        ray: The module, of an extra and without types.

    Raises:
        ClusterError: If Ray is not installed, or there is no such cluster, or it runs another
            version of Ray or Python.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        # Or any later call of Ray, after the cluster is left, would begin one of this machine.
        os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")
        try:
            import ray  # noqa: PLC0415 - of an extra, and takes seconds
        except ImportError as error:
            raise ClusterError(
                f"Ray cluster at '{address}': there is no module 'ray'; install the extra "
                "'cluster': pip install '.[cluster]'"
            ) from error
        self.ray: Any = ray
        if address != _ANY:
            host, _, port = address.rpartition(":")
            try:  # Ray itself waits for minutes
                socket.create_connection((host, int(port)), _CONNECTING_SECONDS).close()
            except (OSError, ValueError, OverflowError) as error:
                raise self._unusable(error) from error
        try:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, RuntimeError, ValueError) as error:  # also another version
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> ClusterError:
        reason = " ".join(str(error).split())
        return ClusterError(
            f"no Ray cluster at '{self.address}' that can be used: {reason}; "
            "expected 'auto' or HOST:PORT of a cluster that this machine is a node of, with the "
            "same versions of Ray and Python; 'ray start --head' begins one"
        )

    @property
    def cpus(self) -> int:
        """The processors of all nodes."""
        return int(self.ray.cluster_resources().get("CPU", 0))

    @property
    def gpus(self) -> int:
        """The GPUs of all nodes."""
        return int(self.ray.cluster_resources().get("GPU", 0))

    def nodes(self) -> list[Node]:
        """The nodes that are alive and give processors to the cluster; all of them where none does.

        ``ray start --num-cpus 0`` so keeps a node free of what is placed on nodes.
        """
        alive = sorted(
            Node(node["NodeID"], int(node["Resources"].get("CPU", 0)))
            for node in self.ray.nodes()
            if node["Alive"]
        )
        return [node for node in alive if node.cpus > 0] or alive

    def on(self, node: str, *, soft: bool = False) -> Any:
        """The scheduling of an actor on a node.

        Args:
            node: The id of the node.
            soft: Whether Ray begins it elsewhere where the node is gone; it also does so now and
                then where the node is there. Otherwise the actor dies with the node.
        """
        strategies = self.ray.util.scheduling_strategies
        return strategies.NodeAffinitySchedulingStrategy(node, soft=soft)

    def close(self) -> None:
        """Leave the cluster; what runs there for this process ends."""
        self.ray.shutdown()


def last_line(error: Exception) -> str:
    """What went wrong on a node, without Ray's trace of it, or its list of an actor's ids."""
    lines = [line for line in str(error).strip().splitlines() if line.strip()]
    return next((line for line in reversed(lines) if not line[0].isspace()), "").strip()
