"""Load levels: the replies that a number of concurrent clients got."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Level:
    """The replies of one load level.

    Attributes:
        clients: Clients at a time, each with one question.
        milliseconds: Of every answered question.
        statuses: How often each other status came; 0 for a broken connection.
        unannounced: Refusals with 503 that did not say when to come back.
        seconds: From the first question to the last reply.
    """

    clients: int
    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    unannounced: int = 0
    seconds: float = 0.0

    @property
    def throughput(self) -> float:
        """Answered questions per second."""
        return len(self.milliseconds) / self.seconds

    def percentile(self, percent: float) -> float | None:
        """Of the answered questions' milliseconds; None where there are none."""
        return (
            round(float(np.percentile(self.milliseconds, percent)), 1)
            if self.milliseconds
            else None
        )
