"""Soak test: whether a server's memory grows with the questions answered."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scripts.benchmarks.processes import Memory
    from scripts.benchmarks.traffic.levels import Level

SAMPLES: Final = 20


def soak(
    ask: Callable[[int], Level], memory: Callable[[], Memory | None], warm_up: int, questions: int
) -> dict[str, object]:
    """Ask many questions, and look at the memory twenty times on the way.

    Args:
        ask: Asks so many questions.
        memory: Says what the server uses now.
        warm_up: Questions asked before the first look, so that all is loaded and compiled.
        questions: Questions asked after it.

    Returns:
        Questions answered and resident megabytes at each look, and the growth in megabytes per
        1,000 questions: of the line that fits all looks best, and of the later half.
    """
    errors: Counter[int] = Counter(ask(warm_up).statuses)
    asked, seen = [0], [memory()]
    while asked[-1] < questions:
        level = ask(max(1, questions // SAMPLES))
        errors.update(level.statuses)
        asked.append(asked[-1] + len(level.milliseconds))
        seen.append(memory())
        print(json.dumps({"asked": asked[-1], "memory": seen[-1]}), file=sys.stderr, flush=True)
        if not level.milliseconds:
            break  # nobody answers any more
    megabytes = [known.resident for known in seen if known is not None]
    half = len(megabytes) // 2
    return {
        "warm_up": warm_up,
        "asked": asked,
        "resident_mb": megabytes,
        "mb_per_1000": growth(asked, megabytes),
        "mb_per_1000_later_half": growth(asked[half:], megabytes[half:]),
        "errors": {str(status): count for status, count in sorted(errors.items())},
    }


def growth(asked: Sequence[int], megabytes: Sequence[float]) -> float | None:
    """Megabytes per 1,000 questions, by least squares; None for fewer than two looks."""
    if len(megabytes) < 2 or len(megabytes) != len(asked):
        return None
    slope = np.polyfit(np.asarray(asked, dtype=float), np.asarray(megabytes), 1)[0]
    return round(float(slope) * 1000, 2)
