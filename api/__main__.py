"""The server, as the settings describe it: `python -m api`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
from typing import TYPE_CHECKING, Any, Final, NoReturn

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from api import __version__
from api.observing.logs import log_config
from api.observing.metrics import SHARED_FOLDER
from api.observing.tracing import check_tracing
from api.settings import Settings, check_address, read_settings
from index.errors import ArticleQAError

if TYPE_CHECKING:
    from collections.abc import Sequence

APPLICATION: Final = "api.main:create_app"
# Loading models can keep a worker from answering its supervisor for this long; one that is silent
# for longer counts as hung and is replaced.
_SILENT_SECONDS: Final = 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 1 where the settings do not allow it.

    Args:
        arguments: Of the command line; None for those of this process.
    """
    parser = argparse.ArgumentParser(
        "python -m api", description="Serve the index; settings come from QA_* variables."
    )
    parser.add_argument("--version", action="version", version=f"article-qa {__version__}")
    parser.parse_args(arguments)
    try:
        settings = read_settings()
        check_address(settings)
        if settings.tracing:
            check_tracing()
    except ArticleQAError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - nothing is logged yet
        return 1
    serve(settings)
    return 0


def serve(
    settings: Settings, application: str = APPLICATION, silent_seconds: int = _SILENT_SECONDS
) -> None:
    """Run the server: one process, or as many as there are to be workers.

    After SIGTERM or SIGINT nothing new is accepted, and what runs has ``drain_seconds`` to end.
    A worker that ends otherwise is replaced; only its own requests are lost.

    Args:
        settings: Address, workers and times; the workers read theirs from the environment.
        application: Where the factory of the application is.
        silent_seconds: How long a worker may not answer its supervisor.

    Raises:
        SystemExit: If the application cannot start, so that whoever started it sees that.
    """
    options: dict[str, Any] = {
        "factory": True,
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "log_config": log_config(settings.log_format),
        "access_log": False,
        "server_header": False,
        "timeout_worker_healthcheck": silent_seconds,
        "timeout_graceful_shutdown": max(1, round(settings.drain_seconds)),
    }
    if settings.workers == 1:
        uvicorn.run(application, **options)
        return
    with tempfile.TemporaryDirectory(prefix="article-qa-") as folder:
        # The workers' counts meet here; see `api.observing.metrics`.
        os.environ.setdefault(SHARED_FOLDER, folder)
        # Each worker computes on its share of the processors, or they would only get in each
        # other's way. Read by OpenMP when a worker first loads it.
        share = max(1, (os.cpu_count() or 1) // settings.workers)
        os.environ.setdefault("OMP_NUM_THREADS", str(share))
        config = uvicorn.Config(application, **options)
        supervisor = Supervisor(config, sockets=[config.bind_socket()])
        supervisor.run()
    if any(worker.exitcode == STARTUP_FAILURE for worker in supervisor.processes):
        sys.exit(STARTUP_FAILURE)  # `uvicorn.run` would end as if all was well


class Supervisor(Multiprocess):
    """Keeps the workers alive; when they are to end, refuses new connections at once.

    The supervisor holds the listening socket for workers to come. Left open while the last ones
    finish their requests, it would take connections that nobody ever answers.

    It asks each worker for a sign of life over a pipe. Left open here too, the worker's end of it
    would outlive the worker: one that ends while it is asked would count as silent, and be missed
    only after ``timeout_worker_healthcheck``.
    """

    def keep_subprocess_alive(self) -> None:
        """Replace workers that ended or hang; stop where one could not start."""
        for worker in self.processes:
            worker.child_conn.close()
        super().keep_subprocess_alive()

    def terminate_all(self) -> None:
        """Stop listening, then tell every worker to end."""
        for listening in self.sockets:
            listening.close()
        super().terminate_all()


def leave(status: int) -> NoReturn:
    """End the process without waiting for threads, which may still read what was given up."""
    logging.shutdown()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(main())
