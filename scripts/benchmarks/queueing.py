"""What more machines would answer, from what a question costs: a closed queueing network.

Clients ask one question after the other. Each passes all stations, waits where others are before
it, and takes its time there. Exact mean value analysis gives how many are answered: M. Reiser and
S. S. Lavenberg, "Mean-value analysis of closed multichain queueing networks" (1980).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def answered_per_second(demands: Sequence[float], clients: int) -> float:
    """Work out how many questions a second are answered.

    Args:
        demands: Seconds that a question takes of each station. A station of several processors
            counts as one that is as many times faster, which for few clients promises too much.
        clients: How many ask, without a pause, at least one.
    """
    waiting = [0.0] * len(demands)  # questions at each station, with one client less
    rate = 0.0
    for number in range(1, clients + 1):
        spent = [demand * (1 + before) for demand, before in zip(demands, waiting, strict=True)]
        rate = number / sum(spent)
        waiting = [rate * seconds for seconds in spent]
    return rate


def with_query_nodes(entrance: float, spread: float, nodes: int, cores: int, clients: int) -> float:
    """Work out how many questions a second an entrance and some query nodes answer.

    Args:
        entrance: Processor seconds that a question takes of the entrance.
        spread: Those that it takes of all nodes together; each does an equal part of it.
        nodes: How many nodes there are beside the entrance.
        cores: Processors of each machine.
        clients: How many ask.
    """
    return answered_per_second([entrance / cores, *[spread / nodes / cores] * nodes], clients)
