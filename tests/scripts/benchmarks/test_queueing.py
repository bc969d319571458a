"""The simulation of queues against what theory says of them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from scripts.benchmarks import machines
from scripts.benchmarks.machines import Serving, modelled, on_one_machine
from scripts.benchmarks.queueing import Step, Task, simulate
from scripts.benchmarks.timed_shards import Costs

if TYPE_CHECKING:
    from collections.abc import Sequence


def _mean_values(demands: Sequence[float], clients: int) -> float:
    """Answers a second by exact mean value analysis (Reiser and Lavenberg, 1980)."""
    waiting = [0.0] * len(demands)  # questions at each station, with one client less
    rate = 0.0
    for number in range(1, clients + 1):
        spent = [demand * (1 + before) for demand, before in zip(demands, waiting, strict=True)]
        rate = number / sum(spent)
        waiting = [rate * seconds for seconds in spent]
    return rate


@pytest.mark.parametrize("clients", [1, 4, 30])
def test_exponential_stations_answer_as_mean_value_analysis_says(clients: int) -> None:
    demands, draw = [0.02, 0.05, 0.03], random.Random(1)

    def ask(_: int) -> list[Step]:
        return [
            Step([Task(machine, draw.expovariate(1 / mean))])
            for machine, mean in enumerate(demands)
        ]

    answered = simulate([1, 1, 1], ask, clients, 40_000)
    assert answered.per_second == pytest.approx(_mean_values(demands, clients), rel=0.02)
    # Little's law: as many as ask are under way.
    mean = sum(answered.seconds) / len(answered.seconds)
    assert answered.per_second * mean == pytest.approx(clients, rel=0.01)


def test_several_processors_share_a_queue_as_erlang_says() -> None:
    """Machine repair: 5 clients think for 1 s in the mean, 2 processors take 0.5 s."""
    draw, clients, processors, think, needed = random.Random(2), 5, 2, 1.0, 0.5
    weights = [1.0]
    for busy in range(clients):  # of a birth-death chain, by how many are at the processors
        rate = (clients - busy) / think * needed / min(busy + 1, processors)
        weights.append(weights[-1] * rate)
    at_work = sum(min(number, processors) * weight for number, weight in enumerate(weights))
    expected = at_work / sum(weights) / needed

    def ask(_: int) -> list[Step]:
        return [
            Step([Task(0, draw.expovariate(1 / needed))], delay=draw.expovariate(1 / think)),
        ]

    answered = simulate([processors], ask, clients, 40_000)
    assert answered.per_second == pytest.approx(expected, rel=0.02)


def test_step_ends_with_its_last_task() -> None:
    steps = [Step([Task(0, 0.1), Task(1, 0.4), Task(1, 0.2)], delay=0.05), Step([Task(0, 0.3)])]
    answered = simulate([1, 1], lambda _: steps, 1, 10)
    assert answered.seconds == pytest.approx([0.95] * 10), "the second machine does one by one"
    answered = simulate([1, 2], lambda _: steps, 1, 10)
    assert answered.seconds == pytest.approx([0.75] * 10)


def _costs(entrance: float, shards: float) -> list[Costs]:
    """Of questions that ask four shards twice; half of them cost half as much again."""
    return [
        Costs(
            [entrance * more / 3] * 3,
            [dict.fromkeys(range(4), shards * more / 8) for _ in range(2)],
        )
        for more in (0.75, 1.25)
    ]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate fewer questions: what each row comes to is exact but for the first answers."""
    monkeypatch.setattr(machines, "_QUESTIONS", 2000)


@pytest.mark.usefixtures("quick")
def test_second_query_node_helps_where_the_nodes_do_the_work() -> None:
    rows = modelled(Serving(_costs(0.001, 0.1), cores=1))
    times = {(row["entrances"], row["nodes"]): row["times"] for row in rows}
    assert times[1, 2] == pytest.approx(2, rel=0.05)
    assert times[1, 4] == pytest.approx(4, rel=0.1)
    rows = modelled(Serving(_costs(0.01, 0.001)))
    times = {(row["entrances"], row["nodes"]): row["times"] for row in rows}
    assert times[1, 4] == pytest.approx(1, rel=0.01), "the entrance is busy"
    assert times[2, 2] == pytest.approx(2, rel=0.05)


@pytest.mark.usefixtures("quick")
def test_reading_is_shared_by_the_nodes() -> None:
    rows = modelled(Serving(_costs(0.001, 0.001), replicas=2, reading=0.8, cores=8))
    assert rows[0]["per_second"] == pytest.approx(10, rel=0.05)
    assert rows[1]["times"] == pytest.approx(2, rel=0.05)


def test_one_processor_answers_several_clients_while_calls_are_under_way() -> None:
    serving = Serving(_costs(0.003, 0.002), call=0.001)
    one, many = (on_one_machine(serving, 1, clients).per_second for clients in (1, 8))
    assert one == pytest.approx(1 / 0.007, rel=0.02)
    assert many == pytest.approx(1 / 0.005, rel=0.02)
