"""The queueing network against what is known of it."""

from __future__ import annotations

import heapq
import random

import pytest

from scripts.benchmarks.queueing import answered_per_second, with_query_nodes


def test_one_client_never_waits_and_many_keep_the_slowest_station_busy() -> None:
    demands = [0.02, 0.05, 0.01]
    assert answered_per_second(demands, 1) == pytest.approx(1 / sum(demands))
    assert answered_per_second(demands, 500) == pytest.approx(1 / max(demands), rel=1e-3)


@pytest.mark.parametrize(("stations", "clients"), [(2, 3), (4, 7)])
def test_equal_stations_answer_as_the_closed_formula_says(stations: int, clients: int) -> None:
    expected = clients / (clients + stations - 1) / 0.1
    assert answered_per_second([0.1] * stations, clients) == pytest.approx(expected)


def test_network_answers_as_many_as_a_simulation() -> None:
    demands, clients, ended = [0.02, 0.05, 0.03], 4, 40_000
    generator = random.Random(1)
    events = [(0.0, client, 0) for client in range(clients)]
    free, answered, now = [0.0] * len(demands), 0, 0.0
    while answered < ended:  # first come, first served, as the network assumes
        now, client, station = heapq.heappop(events)
        free[station] = max(now, free[station]) + generator.expovariate(1 / demands[station])
        answered += station == len(demands) - 1
        heapq.heappush(events, (free[station], client, (station + 1) % len(demands)))
    assert answered_per_second(demands, clients) == pytest.approx(answered / now, rel=0.02)


def test_second_query_node_helps_where_the_nodes_do_the_work() -> None:
    one, two = (with_query_nodes(0.001, 0.1, nodes, 8, 32) for nodes in (1, 2))
    assert two / one == pytest.approx(2, rel=0.1)
    one, two = (with_query_nodes(0.1, 0.001, nodes, 8, 32) for nodes in (1, 2))
    assert two / one == pytest.approx(1, rel=0.01)
