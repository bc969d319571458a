"""What all benchmarks share: percentiles, rates, options, and the line that they print last."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import torch
import typer

from scripts import commands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CorpusOption = Annotated[Path, typer.Option(envvar="QA_CORPUS_DIR", help="Folder of articles.")]
GoldOption = Annotated[Path, typer.Option(help="Gold questions to ask.")]


def print_result(result: dict[str, object]) -> None:
    """Print what was measured, and on what machine; the last line is JSON."""
    machine = {
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }
    known = {**result, **machine}
    commands.print_result(known, lambda: commands.print_values(known))


def encode_rate(encode: Callable[..., Any], texts: Sequence[str], batch_size: int) -> float:
    """Texts per second of ``SentenceTransformer.encode``."""
    started = time.perf_counter()
    encode(list(texts), batch_size=batch_size, show_progress_bar=False)
    return len(texts) / (time.perf_counter() - started)


def call_times(run: Callable[[int], object], count: int) -> dict[str, float]:
    """Call ``run(0)``, ``run(1)``, ...; the median and 95th percentile in milliseconds."""
    spent = []
    for at in range(count):
        started = time.perf_counter()
        run(at)
        spent.append((time.perf_counter() - started) * 1e3)
    return {f"p{percent}": round(float(np.percentile(spent, percent)), 3) for percent in (50, 95)}


def resident_megabytes(process: int) -> float | None:
    """Resident memory of a process, where the system says it the Linux way."""
    path = Path(f"/proc/{process}/status")
    if not path.exists():
        return None
    line = next(line for line in path.read_text().splitlines() if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)
