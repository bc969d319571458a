"""Which replica moves to which node, so that with a node no shard loses all of its replicas."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


class Move(NamedTuple):
    """A replica that should be on another node.

    Attributes:
        shard: The number of its shard.
        replica: Its number among those of the shard.
        node: The id of the other node.
    """

    shard: int
    replica: int
    node: str


def next_move(
    places: Mapping[int, Sequence[str | None]],
    nodes: Sequence[str],
    refused: Collection[tuple[int, str]] = (),
) -> Move | None:
    """Choose the replica to move next; None where all are well placed.

    First one that shares its node with another of its shard, or is on a node that takes none, while
    another node has none of its shard; then one of a node that has at least two more than another.
    Each such move brings the numbers of replicas closer together, so that moving comes to an end.

    Args:
        places: The nodes of the replicas of each shard, some of which may be gone; None for a
            replica that does not say where it is, whose shard is left alone.
        nodes: The ids of the nodes that take replicas.
        refused: Shards and nodes that do not go together.
    """
    counts = Counter(dict.fromkeys(nodes, 0))
    counts.update(node for of_shard in places.values() for node in of_shard if node is not None)
    order = sorted(nodes, key=lambda node: (counts[node], node))
    others = {
        shard: [node for node in order if node not in of_shard and (shard, node) not in refused]
        for shard, of_shard in places.items()
        if None not in of_shard
    }
    uneven = dict[Move, int]()
    for shard, free in others.items():
        for replica, node in enumerate(places[shard]):
            if not free:
                continue
            if node not in nodes or node in places[shard][:replica]:
                return Move(shard, replica, free[0])
            if node is not None and counts[node] >= counts[free[0]] + 2:
                uneven[Move(shard, replica, free[0])] = counts[node]
    return max(uneven, key=uneven.__getitem__, default=None)
