"""What more machines would do: an event simulation of a closed network of queues.

Each client asks one question after the other, without a pause. A question passes steps one after
the other. The tasks of a step run side by side, each on one processor of a machine, where it waits
while all of them are busy: first come, first served, but for patient tasks, which begin when no
other waits. The step ends with its last task (fork and join).
"""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Task(NamedTuple):
    """Work of one processor of a machine.

    Attributes:
        machine: Its number.
        seconds: How long it takes.
        patient: Whether those of the others that wait go first.
    """

    machine: int
    seconds: float
    patient: bool = False


class Step(NamedTuple):
    """Tasks that begin together, of which the next step needs all.

    Attributes:
        tasks: The tasks, at least one.
        delay: Seconds that pass after them without a processor: messages on the network.
    """

    tasks: Sequence[Task]
    delay: float = 0.0


class Answered(NamedTuple):
    """What a simulation gave.

    Attributes:
        per_second: Questions answered in a second.
        seconds: What each took from asking to answer, in the order of the answers.
    """

    per_second: float
    seconds: list[float]


class _Machine:
    """Processors, and tasks that wait for them."""

    def __init__(self, processors: int) -> None:
        self.idle = processors
        self.waiting: list[tuple[bool, int, float, _Asked]] = []


class _Asked:
    """A question under way."""

    def __init__(self, since: float, steps: Sequence[Step]) -> None:
        self.since = since
        self.steps = list(reversed(steps))
        self.running = 0
        self.delay = 0.0


def simulate(
    processors: Sequence[int],
    ask: Callable[[int], Sequence[Step]],
    clients: int,
    questions: int,
) -> Answered:
    """Simulate until a number of questions are answered.

    Args:
        processors: How many each machine has.
        ask: Gives the steps of a question, by its number.
        clients: How many ask.
        questions: How many answers to wait for.
    """
    machines = [_Machine(number) for number in processors]
    order = itertools.count()
    asked = itertools.count()
    # When a question's next step begins, or a task of it ends on a machine.
    events = [(0.0, next(order), _Asked(0.0, ask(next(asked))), -1) for _ in range(clients)]
    seconds: list[float] = []
    now = 0.0

    def begin_waiting(machine: int) -> None:
        tasks = machines[machine].waiting
        while machines[machine].idle and tasks:
            *_, needed, question = heapq.heappop(tasks)
            machines[machine].idle -= 1
            heapq.heappush(events, (now + needed, next(order), question, machine))

    while len(seconds) < questions:
        now, _, question, machine = heapq.heappop(events)
        if machine >= 0:
            machines[machine].idle += 1
            begin_waiting(machine)
            question.running -= 1
            if question.running == 0:
                heapq.heappush(events, (now + question.delay, next(order), question, -1))
        elif question.steps:
            tasks, question.delay = question.steps.pop()
            question.running = len(tasks)
            for task in tasks:
                waiting = (task.patient, next(order), task.seconds, question)
                heapq.heappush(machines[task.machine].waiting, waiting)
                begin_waiting(task.machine)
        else:
            seconds.append(now - question.since)
            heapq.heappush(events, (now, next(order), _Asked(now, ask(next(asked))), -1))
    return Answered(len(seconds) / now, seconds)
