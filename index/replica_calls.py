"""Calls of actors on a cluster, told to whoever counts and traces them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Reply = TypeVar("_Reply")
Role = Literal["shard", "reader"]
Outcome = Literal["answered", "failed", "late"]


@dataclass(frozen=True, slots=True)
class Work:
    """What an actor has done for a call.

    Attributes:
        node: The address of its node.
        began_ns: When it began, in nanoseconds since 1970 by the clock of the node.
        ended_ns: When it was done, by the same clock.
    """

    node: str
    began_ns: int
    ended_ns: int

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.ended_ns - self.began_ns) / 1e9


@dataclass(frozen=True, slots=True)
class ReplicaCall:
    """A call of an actor, as the process saw it that made it.

    Attributes:
        role: What the actor does.
        shard: The number of its shard; None for a reader.
        replica: Its number among the replicas of the shard, or among readers.
        node: The address of its node, where it last answered; empty where it never has.
        outcome: Whether it answered, failed, or did not answer in time, which ends the call.
        sent_ns: When it was sent, in nanoseconds since 1970.
        ended_ns: When that was known, by the same clock.
        work: What the actor did; None where it did not answer.
        questions: How many questions it was for.
    """

    role: Role
    shard: int | None
    replica: int
    node: str
    outcome: Outcome
    sent_ns: int
    ended_ns: int
    work: Work | None = None
    questions: int = 1

    @property
    def seconds(self) -> float:
        """How long it was waited for."""
        return (self.ended_ns - self.sent_ns) / 1e9


def unobserved(call: ReplicaCall) -> None:
    """Tell nobody of a call."""


def worked(work: Callable[[], _Reply]) -> tuple[_Reply, Work]:
    """Do the work of a call, on a node; what came of it, and when it was done."""
    import ray  # noqa: PLC0415 - of an extra

    began = time.time_ns()
    reply = work()
    return reply, Work(str(ray.util.get_node_ip_address()), began, time.time_ns())
