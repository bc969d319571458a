"""Speed and memory, as ratios to something run beside it: `python -m scripts.benchmark --help`."""

from __future__ import annotations

import typer

from scripts.benchmarks.ask import ask
from scripts.benchmarks.build import build
from scripts.benchmarks.load import load
from scripts.benchmarks.memory import memory
from scripts.benchmarks.search import search
from scripts.benchmarks.start import start

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
for command in (build, ask, search, start, load, memory):
    app.command()(command)


if __name__ == "__main__":
    app()
