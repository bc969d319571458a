"""The MCP server, through which assistants ask the articles: `article-qa mcp`.

Needs the extra 'mcp'. Everything but the protocol goes to standard error.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.settings import is_loopback, read_settings
from index.embedding.encoder import DEFAULT_MODEL
from index.errors import ArticleQAError
from scripts.terminal.commands import (
    ApiKeyOption,
    Command,
    DeviceOption,
    EncoderOption,
    IndexOption,
    UrlOption,
    command_line,
    reported_errors,
)
from scripts.terminal.services import open_service

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from api.client import Service

_EXAMPLES: Final = (
    ("article-qa mcp", "on standard input and output, for a desktop assistant"),
    ("article-qa mcp --url http://127.0.0.1:8000", "answers from a running service"),
    ("article-qa mcp --transport http", "on http://127.0.0.1:8001/mcp"),
)
_STATUSES: Final = (
    "0 when the assistant ended it, 1 when it could not start, 2 for a wrong "
    "argument, 130 when interrupted."
)


class TransportName(StrEnum):
    """How assistants reach the server."""

    STDIO = "stdio"
    HTTP = "http"


def main(
    *,
    transport: Annotated[
        TransportName, typer.Option(help="Standard input and output, or streamable HTTP.")
    ] = TransportName.STDIO,
    host: Annotated[str, typer.Option(help="Address to listen on, for http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port, for http.")] = 8001,
    allow_open: Annotated[
        bool,
        typer.Option("--allow-open", help="Listen beyond this machine, without keys."),
    ] = False,
    url: UrlOption = None,
    api_key: ApiKeyOption = None,
    index: IndexOption = Path("var/index"),
    encoder: EncoderOption = DEFAULT_MODEL,
    device: DeviceOption = None,
) -> None:
    """Let assistants ask, search and read the articles, and quote them with their citations."""
    if transport is TransportName.HTTP and not allow_open and not is_loopback(host):
        raise typer.BadParameter(
            f"--host {host}: not a loopback address, and MCP over HTTP has no keys; expected a "
            "loopback address, or --allow-open"
        )
    with reported_errors():
        service = open_service(
            read_settings(index_dir=index, encoder=encoder, device=device), url, api_key
        )
        server = _server(service)
        if transport is TransportName.STDIO:
            server.run("stdio")
        else:
            print(f"serving MCP on http://{host}:{port}/mcp", file=sys.stderr)
            server.run("streamable-http", host=host, port=port)


def _server(service: Service) -> MCPServer:
    """Make the server.

    Raises:
        ArticleQAError: If the extra is not installed.
    """
    try:
        from scripts.mcp_tools import make_server  # noqa: PLC0415  # so that help needs no extra
    except ModuleNotFoundError as error:
        raise ArticleQAError(
            f"there is no module '{error.name}'; install the extra 'mcp': pip install '.[mcp]'"
        ) from error
    return make_server(service)


app = command_line(Command(main, _EXAMPLES, _STATUSES))

if __name__ == "__main__":
    app()
