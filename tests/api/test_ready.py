"""What the server says when it is ready."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import sys
from typing import TYPE_CHECKING

import pytest
import uvicorn

from api.__main__ import Server
from api.ready import announce, what_is_served, where_to_open
from api.settings import Settings
from tests.conftest import ARTICLES, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.building.builder import BuildSummary


class Terminal(io.StringIO):
    """Standard error on a terminal."""

    def isatty(self) -> bool:
        return True


def test_articles_are_counted_with_the_newest_day(
    build: Callable[[], BuildSummary], index_dir: Path
) -> None:
    build()
    assert what_is_served(index_dir) == "3 articles, newest of 30 April 2025."


def test_one_article_without_a_day_is_one_article(
    build: Callable[[], BuildSummary], corpus_dir: Path, index_dir: Path
) -> None:
    write_articles(corpus_dir, ARTICLES[2:])
    build()
    assert what_is_served(index_dir) == "1 article."


def test_missing_index_is_said_with_what_to_run(index_dir: Path) -> None:
    assert what_is_served(index_dir).startswith(f"No articles: no index in {index_dir} yet; build")


@pytest.mark.parametrize(
    ("host", "opened"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "localhost"),  # noqa: S104 - what is opened in its place
        ("::", "localhost"),
        ("::1", "[::1]"),
        ("qa.example.org", "qa.example.org"),
    ],
)
def test_address_to_open_is_one_that_a_browser_can(host: str, opened: str) -> None:
    assert where_to_open(Settings(host=host, port=9000)) == f"Open http://{opened}:9000"
    assert where_to_open(Settings(host=host, port=0), 8123) == f"Open http://{opened}:8123"


def test_line_is_printed_on_a_terminal_and_logged_elsewhere(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "api.ready")
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    announce("to a file")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    announce("to a terminal")
    assert caplog.messages == ["to a file"]
    assert terminal.getvalue() == "to a terminal\n"


def test_server_says_what_it_serves_once_it_listens(
    build: Callable[[], BuildSummary], index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    async def application(scope: object, receive: object, send: object) -> None:
        raise AssertionError("nothing is asked")

    async def start() -> int:
        config = uvicorn.Config(application, port=0, lifespan="off", log_config=None)
        config.load()
        server = Server(config, Settings(index_dir=index_dir))
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        port: int = server.servers[0].sockets[0].getsockname()[1]
        socket.create_connection(("127.0.0.1", port)).close()
        await server.shutdown()
        return port

    port = asyncio.run(start())
    said = f"3 articles, newest of 30 April 2025. Open http://127.0.0.1:{port}\n"
    assert terminal.getvalue() == said
