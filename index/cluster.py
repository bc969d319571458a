"""A Ray cluster, of which this machine is a node."""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from index.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONNECTING_SECONDS: Final = 5.0
_ANY: Final = "auto"
# Ray speaks gRPC: what begins a connection of HTTP/2, and the type of the frame that answers.
_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
_SETTINGS: Final = 4
_FRAME_HEAD: Final = 9  # bytes, of which the fourth is the type
_UNAUTHENTICATED: Final = "AuthToken"  # in what Ray says of a token that is missing or wrong


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
        try:
            if address != _ANY:
                _check_ray_answers(address)  # Ray itself waits for minutes
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except (  # also another version
            OSError,
            OverflowError,
            RuntimeError,
            ValueError,
            ray.exceptions.RayError,
        ) as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> ClusterError:
        reason = " ".join(str(error).split())
        if any(_UNAUTHENTICATED in str(each) for each in _causes(error)):
            reason = (
                "it wants a token, and this process has none or another; set RAY_AUTH_MODE=token, "
                "and copy the head's ~/.ray/auth_token to this machine"
            )
        return ClusterError(
            f"no Ray cluster at '{self.address}' that can be used: {reason}; "
            "expected 'auto' or HOST:PORT of a cluster that this machine is a node of, with the "
            "same versions of Ray and Python; 'ray start --head' begins one"
        )

    def check_head(self) -> None:
        """Check that the head of the cluster answers.

        Raises:
            ClusterError: If it does not. Ray then ends this process after a minute.
        """
        try:
            _check_ray_answers(self.ray.get_runtime_context().gcs_address)
        except OSError as error:
            raise ClusterError(
                f"the head of the Ray cluster at '{self.address}' does not answer ({error}); Ray "
                "ends this process after a minute of that: start the head and its nodes again, "
                "and then 'article-qa serve'"
            ) from error

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


def _check_ray_answers(address: str) -> None:
    """Check that something that may be Ray answers at ``HOST:PORT``.

    Raises:
        OSError: If not.
        ValueError: If this is no such address.
    """
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), _CONNECTING_SECONDS) as connection:
        if os.environ.get("RAY_USE_TLS") == "1":
            return
        connection.sendall(_PREFACE)
        with connection.makefile("rb") as replies:
            head = replies.read(_FRAME_HEAD)
        if head[3:4] != bytes((_SETTINGS,)):
            raise ConnectionError("what listens there is not Ray")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what it came of."""
    while error is not None:
        yield error
        error = error.__cause__ if error.__cause__ is not None else error.__context__
