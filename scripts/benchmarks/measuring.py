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

from scripts.terminal import commands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CorpusOption = Annotated[Path, typer.Option(envvar="QA_CORPUS_DIR", help="Folder of articles.")]
GoldOption = Annotated[Path, typer.Option(help="Gold questions to ask.")]
DataOption = Annotated[
    Path | None,
    typer.Option(
        help="Folder with the SQuAD files, for synthetic chunks: its paragraphs instead of the "
        "corpus's and questions of its dev set instead of the gold questions."
    ),
]
WorkOption = Annotated[Path, typer.Option(help="Folder for the SQuAD index.")]
VectorsOption = Annotated[
    Path | None,
    typer.Option(
        help="FAISS file with the real vectors, where that index need not be built or opened."
    ),
]


def print_result(result: dict[str, object], *, as_json: bool) -> None:
    """Print measurements and the machine that they were made on; the last line is JSON."""
    machine = {
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }
    figures = {**result, **machine}
    commands.print_result(figures, lambda: commands.print_values(figures), as_json=as_json)


def encode_rate(encode: Callable[..., Any], texts: Sequence[str], batch_size: int) -> float:
    """Texts per second of ``SentenceTransformer.encode``."""
    started = time.perf_counter()
    encode(list(texts), batch_size=batch_size, show_progress_bar=False)
    return len(texts) / (time.perf_counter() - started)


def call_times(
    run: Callable[[int], object], count: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Call ``run(0)``, ``run(1)``, ...; the median and 95th percentile in milliseconds."""
    return percentiles([call_milliseconds(run, at, clock) for at in range(count)])


def call_milliseconds(
    run: Callable[[int], object], at: int, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Milliseconds that ``run(at)`` takes by a clock."""
    started = clock()
    run(at)
    return (clock() - started) * 1e3


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile."""
    return {
        f"p{percent}": round(float(np.percentile(milliseconds, percent)), 3) for percent in (50, 95)
    }
