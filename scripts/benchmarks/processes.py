"""Processor time and memory of a server and the processes that it started, as Linux says them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """Memory of a family of processes, in megabytes.

    Attributes:
        resident: The sum of what each has in memory; what several share counts for each.
        own: The sum of what each has for itself alone: weights, buffers, everything but files.
        files: Of the process that has most of them, the parts of mapped files in memory: libraries
            and the index. The system keeps them once for all processes.
        processes: How many there are.
    """

    resident: float
    own: float
    files: float
    processes: int


def memory_of(process: int) -> Memory | None:
    """Memory of a process and those it started; None where the system does not say."""
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    seen = [_kilobytes(folder) for folder in _family(process)]
    return Memory(
        resident=round(sum(known["Rss"] for known in seen) / 1024, 1),
        own=round(sum(known["Anonymous"] for known in seen) / 1024, 1),
        files=round(max(known["Rss"] - known["Anonymous"] for known in seen) / 1024, 1),
        processes=len(seen),
    )


def _kilobytes(folder: Path) -> dict[str, int]:
    """What a process says of its memory, by name."""
    _, *lines = (folder / "smaps_rollup").read_text().splitlines()
    return {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}


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
