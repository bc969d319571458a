"""Which replica moves where."""

from __future__ import annotations

from itertools import product

import pytest

from index.stores.sharding.spreading import Move, next_move


@pytest.mark.parametrize(
    ("places", "move"),
    [
        ({0: ["a", "b"], 1: ["b", "a"]}, None),
        ({0: ["a", "a"], 1: ["b", "a"]}, Move(0, 1, "b")),
        ({0: ["a", "b"], 1: ["gone", "a"]}, Move(1, 0, "b")),
        ({0: ["a", "a"], 1: [None, "a"]}, Move(0, 1, "b")),
        ({0: ["a", None]}, None),  # the other one may be beginning again on the other node
        ({0: ["a", "b", "b"]}, None),  # more replicas than nodes
        ({0: ["a"], 1: ["a"], 2: ["b"]}, None),
        ({0: ["a"], 1: ["a"]}, Move(0, 0, "b")),
        ({}, None),
    ],
)
def test_replica_moves_to_a_node_without_its_shard_and_with_fewer_others(
    places: dict[int, list[str | None]], move: Move | None
) -> None:
    assert next_move(places, ["a", "b"]) == move


def test_node_that_refused_a_shard_is_left_alone() -> None:
    places = {0: ["a", "a"], 1: ["c", "c"]}
    assert next_move(places, ["a", "b", "c"], {(0, "b")}) == Move(0, 1, "c")
    refused = {(0, "b"), (0, "c"), (1, "b"), (1, "a")}
    assert next_move(places, ["a", "b", "c"], refused) is None
    assert next_move(places, []) is None


def test_moves_come_to_an_end_with_all_apart_and_even() -> None:
    nodes = ["a", "b", "c"]
    for first in product(nodes, repeat=6):
        places: dict[int, list[str | None]] = {
            shard: list(first[2 * shard : 2 * shard + 2]) for shard in range(3)
        }
        moves = 0
        while (move := next_move(places, nodes)) is not None:
            places[move.shard][move.replica] = move.node
            moves += 1
            assert moves <= 6
        assert all(len(set(of_shard)) == 2 for of_shard in places.values())
        assert sorted([*places[0], *places[1], *places[2]], key=str) == [*"aabbcc"]
