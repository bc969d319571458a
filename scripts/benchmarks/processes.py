"""Processor time and memory of a server and the processes that it started, as Linux says them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """Memory of a family of processes, in megabytes.

    Attributes:
        resident: The sum of what each has in memory; what several share counts for each.
        proportional: The same, with what several share divided among them.
        processes: How many there are.
    """

    resident: float
    proportional: float
    processes: int


def memory_of(process: int) -> Memory | None:
    """Memory of a process and those it started; None where the system does not say."""
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    resident = proportional = 0
    family = _family(process)
    for folder in family:
        for line in (folder / "smaps_rollup").read_text().splitlines():
            name, _, value = line.partition(":")
            if name == "Rss":
                resident += int(value.split()[0])
            elif name == "Pss":
                proportional += int(value.split()[0])
    return Memory(round(resident / 1024, 1), round(proportional / 1024, 1), len(family))


def processor_seconds(process: int) -> float | None:
    """Processor time of a process and those it started; None where the system does not say."""
    if not Path("/proc/self/stat").exists():
        return None
    ticks = 0
    for folder in _family(process):
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(process: int) -> list[Path]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [Path(f"/proc/{member}") for member in (process, *listed)]
