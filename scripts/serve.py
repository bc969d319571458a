"""Index the articles where that is due, and serve them: `article-qa serve`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from api.__main__ import check_port, leave
from api.__main__ import main as run_server
from api.service.jobs.rebuilding import build_environment
from api.settings import Settings, check_address, read_settings, variable
from scripts.terminal.commands import (
    Command,
    IndexOption,
    StorageOption,
    command_line,
    reported_errors,
)
from scripts.terminal.extras import require_extra

# -P: never import a package of the folder that the command was started in.
_BUILD: Final = (sys.executable, "-P", "-m", "scripts.build_index", "--if-stale")
_DEFAULTS: Final = Settings.model_fields


def main(
    *,
    corpus: Annotated[
        Path | None,
        typer.Option(
            envvar="QA_CORPUS_DIR",
            help="Folder of articles; without one, that of the index, and for a new index "
            "'corpus', or the sample articles where there is no such folder.",
        ),
    ] = None,
    index: IndexOption = Path("var/index"),
    host: Annotated[
        str,
        typer.Option(
            envvar="QA_HOST", help="Address to listen on; beyond this machine it wants QA_API_KEYS."
        ),
    ] = _DEFAULTS["host"].default,
    port: Annotated[
        int, typer.Option(envvar="QA_PORT", min=0, max=65535, help="Port to listen on.")
    ] = _DEFAULTS["port"].default,
    workers: Annotated[
        int, typer.Option(envvar="QA_WORKERS", min=1, max=64, help="Processes that answer.")
    ] = _DEFAULTS["workers"].default,
    ray: Annotated[
        str | None,
        typer.Option(
            envvar="QA_SERVE_RAY",
            metavar="ADDRESS",
            help="Serve the shards of the index on a Ray cluster that this machine is a node of: "
            "HOST:PORT, or 'auto'.",
        ),
    ] = None,
    storage: StorageOption = None,
    build: Annotated[
        bool,
        typer.Option(
            "--build/--no-build", help="Index first where that is due; never with --storage."
        ),
    ] = True,
) -> None:
    """Build the index where it is missing or stale, and serve it until Ctrl-C or SIGTERM.

    With --storage it serves what 'article-qa build --storage' publishes there, and builds nothing.

    The other settings are variables, such as QA_READER=small, or lines of article-qa.toml, such as
    reader = "small"; 'article-qa config' lists them. 'python -m api' serves without building, with
    settings from the environment and the configuration file alone.
    """
    chosen = {
        "corpus_dir": corpus,
        "index_dir": index,
        "host": host,
        "port": port,
        "workers": workers,
        "serve_ray": ray,
        "storage": storage,
    }
    for name, value in chosen.items():
        if value is not None:
            os.environ[variable(name)] = str(value)  # where the build and the workers read them
    with reported_errors():
        if ray is not None:
            require_extra("cluster")
        settings = read_settings()
        check_address(settings)
        check_port(settings)
        if build and settings.storage is None:
            _build(settings)
    leave(run_server([]))


def _build(settings: Settings) -> None:
    """Build the index in a process of its own, whose models are gone when the service starts.

    Raises:
        Exit: If that failed; the build has said why.
    """
    Console(stderr=True, highlight=False).print("Looking for articles that changed ...")
    ended = subprocess.run(
        _BUILD, env=build_environment(settings), stdout=subprocess.DEVNULL, check=False
    )
    if ended.returncode != 0:
        raise typer.Exit(ended.returncode)


_EXAMPLES: Final = (
    ("article-qa serve --corpus ~/articles", "index and serve a folder"),
    ("article-qa serve --port 9000", "on another port"),
    ("article-qa serve --ray 10.0.0.1:6379", "with the shards of the index on a cluster"),
    ("article-qa serve --storage s3://bucket/index", "what another machine has published"),
)
_STATUSES: Final = (
    "0 when it was told to end, 1 when it could not index or serve, 2 for a wrong argument, "
    "3 when the index cannot be served."
)
app = command_line(Command(main, _EXAMPLES, _STATUSES))

if __name__ == "__main__":
    app()
