"""Speed and memory, as ratios to something run beside it: `article-qa benchmark --help`."""

from __future__ import annotations

from typing import Final

from scripts.benchmarks.ask import ask
from scripts.benchmarks.build import build
from scripts.benchmarks.cluster import cluster
from scripts.benchmarks.formats import formats
from scripts.benchmarks.load import load
from scripts.benchmarks.memory import memory
from scripts.benchmarks.plan import plan
from scripts.benchmarks.scale import scale
from scripts.benchmarks.search import search
from scripts.benchmarks.shards import shards
from scripts.benchmarks.start import start
from scripts.terminal.commands import Command, command_group

_RUN: Final = "article-qa benchmark"

app = command_group(
    "Measure speed and memory, as ratios to something run beside it.",
    {
        "build": Command(
            build, ((f"{_RUN} build --rounds 3 --articles 0", "without measuring rebuilds"),)
        ),
        "ask": Command(ask, ((f"{_RUN} ask --questions 50", "fifty of the gold questions"),)),
        "search": Command(
            search,
            (
                (f"{_RUN} search", "the index as it is"),
                (f"{_RUN} search --chunks 100000", "synthetic ones of growing size"),
            ),
        ),
        "formats": Command(
            formats,
            (
                (f"{_RUN} formats", "the words read of files of each format"),
                (f"{_RUN} formats --files DIR", "files of your own, each with its NAME.txt"),
            ),
        ),
        "memory": Command(memory, ((f"{_RUN} memory --articles 20000", "a smaller large build"),)),
        "shards": Command(
            shards,
            (
                (f"{_RUN} shards", "1, 2, 4 and 16 shards beside none"),
                (f"{_RUN} shards --shards 8 --questions 50", "fifty questions of eight shards"),
            ),
        ),
        "cluster": Command(
            cluster,
            (
                (f"{_RUN} cluster --ray auto", "2 and 4 shards that a cluster serves"),
                (f"{_RUN} cluster --ray auto --shards 8 --replicas 2", "eight, twice each"),
            ),
        ),
        "scale": Command(
            scale,
            (
                (f"{_RUN} scale --data DIR --json", "ten million chunks over ten shards"),
                (f"{_RUN} scale --chunks 1000000 --shards 4", "a million over four"),
            ),
        ),
        "plan": Command(
            plan,
            (
                (f"{_RUN} plan", "ten, a hundred and a thousand million chunks"),
                (f"{_RUN} plan --chunks 50000000 --machine-usd 0.4", "fifty, at another price"),
            ),
        ),
        "start": Command(start, ((f"{_RUN} start --port 8765", "a server on a free port"),)),
        "load": Command(
            load,
            (
                (f"{_RUN} load --clients 1 --clients 32", "two levels"),
                (f"{_RUN} load --json 2> /dev/null", "only the result"),
            ),
        ),
    },
)

if __name__ == "__main__":
    app()
