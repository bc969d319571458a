"""How long the server takes to be ready, beside a process that only loads the models."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Annotated

import typer

from scripts.benchmarks.measuring import print_result, resident_megabytes
from scripts.terminal.commands import IndexOption, JsonOption  # noqa: TC001 - annotations are read at run time


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
    command = [sys.executable, "-m", "uvicorn", "api.main:create_app", "--factory"]
    started = time.perf_counter()
    server = subprocess.Popen(
        [*command, "--port", str(port), "--log-level", "warning"], env=environment
    )
    try:
        while not _is_ready(f"http://127.0.0.1:{port}/readyz"):
            if server.poll() is not None:
                print("error: the server ended before it was ready", file=sys.stderr)
                raise typer.Exit(1)
            time.sleep(0.02)
        ready = time.perf_counter() - started
        memory = resident_megabytes(server.pid)
    finally:
        server.terminate()
        server.wait()
    print_result(
        {
            "ready_seconds": round(ready, 2),
            "loading_models_seconds": round(loading, 2),
            "loading_share": round(loading / ready, 3),
            "resident_mb": memory,
        },
        as_json=as_json,
    )


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - loopback only
            return bool(response.status == 200)
    except urllib.error.URLError:
        return False
