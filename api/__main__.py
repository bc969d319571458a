"""The server: `python -m api`, with settings from the environment and the configuration file."""

from __future__ import annotations

import argparse
import asyncio
import errno
import functools
import logging
import os
import signal
import socket
import sys
import tempfile
from typing import TYPE_CHECKING, Any, Final, NoReturn

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from api import __version__
from api.config_file import CONFIG_VARIABLE
from api.connections import BACKLOG, ConnectionLimits, LimitedProtocol
from api.errors import SettingsError
from api.observing.logs import log_config
from api.observing.metrics import SHARED_FOLDER
from api.observing.tracing import check_tracing
from api.ready import announce, what_is_served, where_to_open
from api.settings import Settings, check_address, read_settings
from api.waiting import Waiting
from index.errors import ArticleQAError

if TYPE_CHECKING:
    from collections.abc import Sequence

APPLICATION: Final = "api.main:create_app"
# While it loads models a worker may not answer its supervisor for this long; one that is silent for
# longer counts as hung and is replaced.
_SILENT_SECONDS: Final = 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; returns 1 where a setting is wrong.

    Args:
        arguments: The command line; that of this process where None.
    """
    parser = argparse.ArgumentParser(
        "python -m api",
        description="Serve the index that there is. Settings come from QA_* variables and from "
        "article-qa.toml; docs/settings.md lists them. 'article-qa serve' builds the index first "
        "where that is due.",
    )
    parser.add_argument("--config", metavar="FILE", help="settings in TOML; article-qa.toml here")
    parser.add_argument("--version", action="version", version=f"article-qa {__version__}")
    named = parser.parse_args(arguments).config
    if named is not None:
        os.environ[CONFIG_VARIABLE] = named  # where the workers read it
    try:
        settings = read_settings()
        check_address(settings)
        check_port(settings)
        if settings.tracing:
            check_tracing()
    except ArticleQAError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - nothing is logged yet
        return 1
    serve(settings)
    return 0


def check_port(settings: Settings) -> None:
    """Refuse a port that is taken, before models are loaded for it.

    Raises:
        SettingsError: If another program listens there.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server's
            probe.bind((settings.host, settings.port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:  # of others the server itself tells
            raise SettingsError(
                f"QA_PORT={settings.port}: another program listens on {settings.host}:"
                f"{settings.port}; end it, or choose another port"
            ) from error


def serve(
    settings: Settings, application: str = APPLICATION, silent_seconds: int = _SILENT_SECONDS
) -> None:
    """Run the server in one process, or in several workers.

    After SIGTERM or SIGINT no connection is accepted, and running requests have ``drain_seconds``
    to end. A worker that dies is replaced; only its own requests are lost.

    Args:
        settings: Address, workers and times; workers read theirs from the environment.
        application: The factory of the application, as ``module:function``.
        silent_seconds: How long a worker may leave its supervisor without an answer.

    Raises:
        SystemExit: If the application cannot start.
    """
    limits = ConnectionLimits.of(
        settings.max_connections,
        settings.max_address_connections,
        settings.header_seconds,
        settings.send_seconds,
    )
    options: dict[str, Any] = {
        "factory": True,
        "http": functools.partial(LimitedProtocol, limits=limits),
        "backlog": BACKLOG,
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "log_config": log_config(settings.log_format),
        "access_log": False,
        "server_header": False,
        "timeout_worker_healthcheck": silent_seconds,
        "timeout_graceful_shutdown": max(1, round(settings.drain_seconds)),
    }
    config = uvicorn.Config(application, **options)
    if settings.workers == 1:
        server = Server(config, settings)
        # uvicorn ends with the signal that it was told to end by; both are an ordinary end.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            server.run()
        except KeyboardInterrupt:
            return
        if not server.started:
            sys.exit(STARTUP_FAILURE)
        return
    with tempfile.TemporaryDirectory(prefix="article-qa-") as folder:
        # The workers add up their counts here; see `api.observing.metrics`.
        os.environ.setdefault(SHARED_FOLDER, folder)
        # Each worker computes on its share of the processors, so that they do not compete. OpenMP
        # reads this when a worker loads it.
        share = max(1, (os.cpu_count() or 1) // settings.workers)
        os.environ.setdefault("OMP_NUM_THREADS", str(share))
        supervisor = Supervisor(config, sockets=[config.bind_socket()])
        announce(f"{settings.workers} workers load their models. {where_to_open(settings)}")
        supervisor.run()
    if any(worker.exitcode == STARTUP_FAILURE for worker in supervisor.processes):
        sys.exit(STARTUP_FAILURE)  # as `uvicorn.run` does for one process


class Server(uvicorn.Server):
    """Says what it serves, and where to open it, as soon as it does."""

    def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
        super().__init__(config)
        self._settings = settings
        self._loading = Waiting("Loading the models", announce)

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to end; says how long it has been loading until then."""
        with self._loading:
            await super().serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Load everything, listen, and say so."""
        await super().startup(sockets)
        self._loading.end()
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            holds = await asyncio.to_thread(what_is_served, self._settings.index_dir)
            announce(f"{holds} {where_to_open(self._settings, port)}")


class Supervisor(Multiprocess):
    """Replaces workers that die, and refuses new connections as soon as it is told to end.

    The supervisor keeps the listening socket for later workers. Left open while the last workers
    drain, it would accept connections that nobody answers.

    It pings each worker over a pipe. If the worker's end stayed open here, it would outlive the
    worker: one that dies during a ping would be noticed only after ``timeout_worker_healthcheck``.
    """

    def keep_subprocess_alive(self) -> None:
        """Replace workers that died or hang; stop where one could not start."""
        for worker in self.processes:
            worker.child_conn.close()
        super().keep_subprocess_alive()

    def terminate_all(self) -> None:
        """Stop listening, then end every worker."""
        for listening in self.sockets:
            listening.close()
        super().terminate_all()


def leave(status: int) -> NoReturn:
    """End the process without waiting for threads, which may still read questions given up."""
    logging.shutdown()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(main())
