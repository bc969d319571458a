"""Processor time and memory of a server and the processes that it started."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import psutil

if TYPE_CHECKING:
    from pathlib import Path

_MB: Final = 1024 * 1024


class Memory(NamedTuple):
    """Memory of a process and its children, in megabytes.

    Attributes:
        resident: The sum of what each has in memory; what several share counts for each.
        own: The sum of each process's anonymous memory: weights, buffers, everything but files.
        files: The most that any of them has of mapped files in memory: libraries and the index.
            The system keeps those once for all processes.
        processes: How many there are.
    """

    resident: float
    own: float
    files: float
    processes: int


def memory_of(process: int) -> Memory | None:
    """Memory of a process and its children; None where the system does not tell files apart."""
    if not psutil.LINUX:
        return None
    figures = [member.memory_info() for member in _family(process)]
    return Memory(
        resident=_megabytes(sum(memory.rss for memory in figures)),
        own=_megabytes(sum(memory.rss - memory.shared for memory in figures)),
        files=_megabytes(max(memory.shared for memory in figures)),
        processes=len(figures),
    )


def resident_megabytes(process: int) -> float:
    """Resident memory of one process."""
    return _megabytes(psutil.Process(process).memory_info().rss)


def own_bytes() -> int:
    """Anonymous memory of this process; all of its resident memory where that cannot be told."""
    memory = psutil.Process().memory_info()
    return int(memory.rss - memory.shared if psutil.LINUX else memory.rss)


def mapped_bytes(path: Path) -> int:
    """How much of a file this process has mapped into memory; all of it where nothing tells."""
    if not psutil.LINUX:
        return path.stat().st_size
    maps = psutil.Process().memory_maps()
    return sum(mapped.rss for mapped in maps if mapped.path == str(path))


def processor_seconds(process: int) -> float:
    """Processor time of a process and its children."""
    times = [member.cpu_times() for member in _family(process)]
    return sum(spent.user + spent.system for spent in times)


def _family(process: int) -> list[psutil.Process]:
    parent = psutil.Process(process)
    return [parent, *parent.children()]


def _megabytes(count: int) -> float:
    return round(count / _MB, 1)
