"""A server for a benchmark, and the wait until it is ready."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from api.client import Client
from index.errors import ArticleQAError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

HOST: Final = "127.0.0.1"
_START_SECONDS: Final = 300
_PAUSE_SECONDS: Final = 0.02
_PROBE_SECONDS: Final = 5


class RunningServer(NamedTuple):
    """The process of a server that is ready, and its port on loopback."""

    process: subprocess.Popen[bytes]
    port: int


@contextmanager
def running_server(
    index: Path, settings: Mapping[str, str] | None = None, port: int | None = None
) -> Iterator[RunningServer]:
    """Run `python -m api` until the block ends; entered once the server is ready.

    Args:
        index: Folder of the index.
        settings: Further environment variables.
        port: A free port; any one where None.

    Raises:
        ArticleQAError: If the server ends before it is ready, or never is.
    """
    chosen = _free_port() if port is None else port
    environment = {
        **os.environ,
        "QA_INDEX_DIR": str(index),
        "QA_HOST": HOST,
        "QA_PORT": str(chosen),
        **({} if settings is None else settings),
    }
    command = [sys.executable, "-m", "api"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_until_ready(process, f"http://{HOST}:{chosen}")
        yield RunningServer(process, chosen)
    finally:
        process.terminate()
        process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    end = time.monotonic() + _START_SECONDS
    with Client(url, timeout=_PROBE_SECONDS, max_retries=0) as client:
        while True:
            try:
                client.ready()
            except ArticleQAError as error:
                if process.poll() is not None:
                    raise ArticleQAError(
                        f"{url}: the server ended with status {process.returncode} before it was "
                        "ready; run 'python -m api' to see why"
                    ) from error
                if time.monotonic() > end:
                    raise ArticleQAError(
                        f"{url}: not ready within {_START_SECONDS} s: {error}"
                    ) from error
                time.sleep(_PAUSE_SECONDS)
            else:
                return


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        port: int = free.getsockname()[1]
    return port
