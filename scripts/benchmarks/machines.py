"""How many questions other machines would answer, simulated from what questions cost here."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final, NamedTuple

from scripts.benchmarks.measuring import percentiles
from scripts.benchmarks.queueing import Step, Task, simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scripts.benchmarks.queueing import Answered
    from scripts.benchmarks.timed_shards import Costs

_SIZES: Final = ((1, 1), (1, 2), (2, 2), (1, 4), (4, 4))  # entrances, query nodes
_CLIENTS: Final = 64
_QUESTIONS: Final = 5_000
_SEED: Final = 17


class Serving(NamedTuple):
    """What is simulated.

    Attributes:
        costs: Of the questions measured; each one simulated costs what one of them did, drawn at
            random.
        replicas: Of each shard, on query nodes that follow each other, asked in turn.
        call: Seconds of a call of a shard beyond processor time.
        reading: Processor seconds of reading, by all processors of one query node, whose shards go
            first, since their processes are others.
        cores: Processors of a query node.
        entrance_cores: Processors of an entrance, which is one process.
    """

    costs: Sequence[Costs]
    replicas: int = 1
    call: float = 0.0
    reading: float = 0.0
    cores: int = 8
    entrance_cores: int = 1


def modelled(serving: Serving) -> list[dict[str, object]]:
    """Simulate several numbers of machines under 64 clients.

    Returns:
        For each, questions a second, how many times as many that is as in the first row, and the
        milliseconds of a question.
    """
    rows: list[dict[str, object]] = []
    first = 0.0
    for entrances, nodes in _SIZES:
        processors = [serving.entrance_cores] * entrances + [serving.cores] * nodes
        ask = _asking(serving, range(entrances), range(entrances, entrances + nodes))
        answered = simulate(processors, ask, _CLIENTS, _QUESTIONS)
        first = first or answered.per_second
        rows.append(
            {
                "entrances": entrances,
                "nodes": nodes,
                "per_second": round(answered.per_second, 1),
                "times": round(answered.per_second / first, 2),
                "ms": percentiles([seconds * 1e3 for seconds in answered.seconds]),
            }
        )
    return rows


def on_one_machine(serving: Serving, processors: int, clients: int) -> Answered:
    """Simulate an entrance and all shards on one machine, without reading."""
    ask = _asking(serving._replace(reading=0.0), [0], [0])
    return simulate([processors], ask, clients, _QUESTIONS)


def _asking(
    serving: Serving, entrances: Sequence[int], nodes: Sequence[int]
) -> Callable[[int], list[Step]]:
    draw = random.Random(_SEED)  # noqa: S311 - no secret

    def ask(number: int) -> list[Step]:
        costs = serving.costs[draw.randrange(len(serving.costs))]
        entrance = entrances[number % len(entrances)]
        replica = number % serving.replicas
        steps = []
        for before, shards in zip(costs.entrance, [*costs.shards, {}], strict=True):
            steps.append(Step([Task(entrance, before)]))
            if shards:
                tasks = [
                    Task(nodes[(shard + replica) % len(nodes)], seconds)
                    for shard, seconds in shards.items()
                ]
                steps.append(Step(tasks, serving.call))
        if serving.reading:
            reader = nodes[number % len(nodes)]
            part = Task(reader, serving.reading / serving.cores, patient=True)
            steps.append(Step([part] * serving.cores))
        return steps

    return ask
