"""How long the server takes to be ready, beside a process that only loads the models."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from scripts.benchmarks.measuring import print_result
from scripts.benchmarks.processes import resident_megabytes
from scripts.benchmarks.traffic.server import running_server
from scripts.terminal.commands import IndexOption, JsonOption, reported_errors


def start(
    index: IndexOption = Path("var/index"),
    port: Annotated[int, typer.Option(help="A free port.")] = 8765,
    as_json: JsonOption = False,
) -> None:
    """Time the server from start to ready, beside a process that only loads the models."""
    environment = {**os.environ, "QA_INDEX_DIR": str(index)}
    load = (
        "from api.service.models import load_models; from api.settings import Settings; "
        "load_models(Settings())"
    )
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", load], env=environment, check=True)
    loading = time.perf_counter() - started
    started = time.perf_counter()
    with reported_errors(), running_server(index, port=port) as server:
        ready = time.perf_counter() - started
        memory = resident_megabytes(server.process.pid)
    print_result(
        {
            "ready_seconds": round(ready, 2),
            "loading_models_seconds": round(loading, 2),
            "loading_share": round(loading / ready, 3),
            "resident_mb": memory,
        },
        as_json=as_json,
    )
