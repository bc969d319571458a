"""The MCP server, driven by the client of the official SDK."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import typer
import uvicorn
from mcp import Client as McpClient
from mcp import StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.shared.exceptions import MCPError
from mcp_types import TextContent, TextResourceContents
from typer.testing import CliRunner

import scripts.mcp_server as command
from api.client import Client
from api.keys import Keyring, digest_of
from api.main import create_app
from api.schemas import AskResponse, SearchResponse
from api.service import local as in_process
from api.service.local import LocalService
from scripts.mcp_tools import make_server
from tests.api.page.conftest import serve
from tests.api.real_server import wait_until
from tests.api.shapes import check_ask
from tests.conftest import ARTICLES, META, REPOSITORY, write_articles
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from pathlib import Path

    from fastapi.testclient import TestClient

    from api.client import Service
    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

QUESTION = "How much capital expenditure at Meta?"
TOOLS = {
    "ask_articles",
    "search_articles",
    "get_article",
    "list_articles",
    "list_sources",
    "list_tags",
}
TEXTS = {article["id"]: article["text"] for article in ARTICLES}


@pytest.fixture
def local(
    build: Callable[[], BuildSummary],
    settings: Settings,
    models: Models,
    monkeypatch: pytest.MonkeyPatch,
) -> LocalService:
    build()
    monkeypatch.setattr(in_process, "load_models", lambda _: models)
    return LocalService.open(settings)


def drive(service: Service, act: Callable[[McpClient], Coroutine[Any, Any, None]]) -> None:
    """Let a client of the SDK act on a server over this service, in memory."""

    async def run() -> None:
        async with McpClient(make_server(service)) as client:
            await act(client)

    asyncio.run(run())


async def call(client: McpClient, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return dict(result.structured_content)


async def refusal(client: McpClient, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    (content,) = result.content
    assert content.type == "text"
    return content.text


def test_tools_are_described_and_only_read(local: LocalService) -> None:
    async def act(client: McpClient) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert tools.keys() == TOOLS
        for tool in tools.values():
            assert tool.description
            assert tool.output_schema is not None
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
        assert client.instructions is not None
        assert "Quote those words unchanged" in client.instructions

    drive(local, act)


def test_ask_articles_answers_with_citations_that_are_slices(local: LocalService) -> None:
    async def act(client: McpClient) -> None:
        body = check_ask(await call(client, "ask_articles", question=QUESTION), TEXTS)
        assert body["answer"] == META
        article = await call(client, "get_article", article_id="meta")
        citation = body["citations"][0]
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"] == META
        assert article["article"] == citation["article"]
        assert article["original"] is None  # no service to fetch it from

    drive(local, act)


def test_ask_articles_abstains_with_the_reason(local: LocalService) -> None:
    async def act(client: McpClient) -> None:
        body = check_ask(await call(client, "ask_articles", question="Who runs Google?"), TEXTS)
        assert body["status"] == "abstained"

    drive(local, act)


def test_search_articles_finds_within_the_filters(local: LocalService) -> None:
    async def act(client: McpClient) -> None:
        for filters, found in (
            ({"sources": ["Sample Markets"]}, ["microsoft"]),
            ({"tags": ["social"]}, ["meta"]),
            ({"published_to": "2025-01-03"}, ["microsoft"]),
            ({"published_from": "2025-04-01"}, ["meta"]),
            ({"article_ids": ["rain"]}, ["rain"]),
        ):
            body = await call(client, "search_articles", question="billion rain", **filters)
            assert [item["article"]["id"] for item in body["passages"]] == found
            SearchResponse.model_validate(body)

    drive(local, act)


def test_get_article_reads_in_parts(local: LocalService) -> None:
    async def act(client: McpClient) -> None:
        text = TEXTS["meta"]
        part = await call(client, "get_article", article_id="meta", start=5, length=7)
        assert (part["text"], part["start"], part["end"]) == (text[5:12], 5, 12)
        assert part["length"] == len(text)
        beyond = await call(client, "get_article", article_id="meta", start=10_000)
        assert (beyond["text"], beyond["start"]) == ("", len(text))
        assert beyond["end"] == len(text)

    drive(local, act)


def test_wrong_calls_are_refused_with_what_was_expected(local: LocalService) -> None:
    async def act(client: McpClient) -> None:
        assert "article 'none': not in the index" in await refusal(
            client, "get_article", article_id="none"
        )
        assert "expected a day such as 2025-01-31" in await refusal(
            client, "ask_articles", question="Why?", published_from="20250131"
        )
        assert "top_k" in await refusal(client, "search_articles", question="Why?", top_k=0)
        assert "question" in await refusal(client, "ask_articles", question="")

    drive(local, act)


def test_tools_answer_from_a_service(client: TestClient, corpus_dir: Path) -> None:
    async def act(mcp: McpClient) -> None:
        body = check_ask(await call(mcp, "ask_articles", question=QUESTION), TEXTS)
        assert body["answer"] == META
        article = await call(mcp, "get_article", article_id="meta")
        assert article["original"] == "http://testserver/v1/originals/meta"
        (corpus_dir / "articles.jsonl").unlink()
        assert (await call(mcp, "get_article", article_id="meta"))["original"] is None
        assert "404 Not Found" in await refusal(mcp, "get_article", article_id="none")

    with Client("http://testserver", transport=client._transport) as service:
        drive(service, act)


def test_server_follows_the_index(
    local: LocalService,
    corpus_dir: Path,
    build: Callable[[], BuildSummary],
) -> None:
    async def act(client: McpClient) -> None:
        first = (await call(client, "search_articles", question="rain"))["index_version"]
        write_articles(corpus_dir, [{"id": "new", "text": "Something new happened."}])
        version = await asyncio.to_thread(lambda: build().index_version)
        assert version != first
        found = await call(client, "search_articles", question="new")
        assert found["index_version"] == version
        assert (await call(client, "get_article", article_id="new"))["length"] == 23

    drive(local, act)


def test_lists_say_what_there_is_and_what_to_filter_by(local: LocalService) -> None:
    async def act(client: McpClient) -> None:
        listed = await call(client, "list_articles", limit=1)
        assert (listed["total"], [each["id"] for each in listed["articles"]]) == (3, ["meta"])
        for options, ids in (
            ({"source": "Sample Markets"}, ["microsoft"]),
            ({"tag": "capex", "offset": 1}, ["microsoft"]),
            ({"published_from": "2025-02-01"}, ["meta"]),
            ({"published_to": "2025-02-01"}, ["microsoft"]),
        ):
            found = await call(client, "list_articles", **options)
            assert [each["id"] for each in found["articles"]] == ids
        assert (await call(client, "list_tags"))["values"] == [
            {"value": "capex", "articles": 2},
            {"value": "social", "articles": 1},
        ]
        sources = (await call(client, "list_sources"))["values"]
        assert {each["value"] for each in sources} == {"Sample Wire", "Sample Markets"}
        assert "expected a day" in await refusal(client, "list_articles", published_from="soon")

    drive(local, act)


def test_articles_are_resources(
    local: LocalService, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    article_id = "https://a.example/ü/b?c=1#d"
    write_articles(corpus_dir, [*ARTICLES, {"id": article_id, "text": "It is odd."}])
    build()

    async def read(client: McpClient, uri: str) -> tuple[str | None, str]:
        (content,) = (await client.read_resource(uri)).contents
        assert isinstance(content, TextResourceContents)
        return content.mime_type, content.text

    async def act(client: McpClient) -> None:
        (resource,) = (await client.list_resources()).resources
        (template,) = (await client.list_resource_templates()).resource_templates
        assert template.uri_template == "article://{article_id}"
        kind, text = await read(client, str(resource.uri))
        listed = json.loads(text)
        assert (kind, listed["total"]) == ("application/json", 4)
        assert listed["articles"][0]["title"] == "Meta raises its budget"
        texts = [await read(client, each["uri"]) for each in listed["articles"]]
        assert texts == [("text/plain", text) for text in [*TEXTS.values(), "It is odd."]]
        with pytest.raises(MCPError, match="not in the index"):
            await client.read_resource("article://none")

    drive(local, act)


def test_prompt_asks_for_citations(local: LocalService) -> None:
    async def act(client: McpClient) -> None:
        (prompt,) = (await client.list_prompts()).prompts
        reply = await client.get_prompt(prompt.name, {"question": "Who pays {this}?"})
        (message,) = reply.messages
        assert isinstance(message.content, TextContent)
        assert "Who pays {this}?" in message.content.text
        assert "ask_articles" in message.content.text

    drive(local, act)


@asynccontextmanager
async def serving(service: Service) -> AsyncIterator[str]:
    """Serve MCP over HTTP on a free port."""
    app = make_server(service).streamable_http_app()
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    server.should_exit = True
    await running


def test_server_speaks_streamable_http(local: LocalService) -> None:
    async def run() -> None:
        async with serving(local) as url:
            async with McpClient(url) as client:
                body = await call(client, "ask_articles", question=QUESTION)
                assert AskResponse.model_validate(body).answer == META
            # A page in a browser may not make it answer to another name.
            async with httpx2.AsyncClient() as http:
                reply = await http.post(url, headers={"Host": "evil.example"}, json={})
                assert reply.status_code == 421

    asyncio.run(run())


@pytest.fixture
def service(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> Iterator[tuple[str, dict[str, str]]]:
    """A running service with keys; its address, and the environment that has one of them."""
    build()
    ring = Keyring.parse(f"mcp:ask:sha256:{digest_of('the key').hex()}")
    with serve(create_app(settings.model_copy(update={"api_keys": ring}), models)) as address:
        yield address, {**os.environ, "QA_URL": address, "QA_API_KEY": "the key"}


async def _quotes_with_its_source(mcp: McpClient, service: str) -> None:
    """Ask, and check the quote against the article as any assistant could."""
    body = check_ask(await call(mcp, "ask_articles", question=QUESTION), TEXTS)
    (citation,) = [one for one in body["citations"] if one["quote"] == META]
    article = await call(mcp, "get_article", article_id=citation["article"]["id"])
    assert article["text"][citation["start"] : citation["end"]] == META
    assert article["original"] == f"{service}/v1/originals/meta"
    found = await call(mcp, "search_articles", question="rain in Dublin", top_k=1)
    assert [passage["article"]["id"] for passage in found["passages"]] == ["rain"]
    assert "not in the index" in await refusal(mcp, "get_article", article_id="none")


def test_command_speaks_over_standard_input_and_output(
    service: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    """Nothing but the protocol may stand on its standard output."""
    address, environment = service

    async def run() -> None:
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "scripts.mcp_server"],
            cwd=str(REPOSITORY),
            env=environment,
        )
        with (tmp_path / "errors").open("w") as errors:
            async with McpClient(stdio_client(server, errlog=errors)) as mcp:
                assert {tool.name for tool in (await mcp.list_tools()).tools} == TOOLS
                await _quotes_with_its_source(mcp, address)

    asyncio.run(run())


def test_command_speaks_over_http(
    service: tuple[str, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    address, environment = service
    port = free_port()
    servers: list[uvicorn.Server] = []
    serve_until_told = uvicorn.Server.serve

    async def watched(server: uvicorn.Server, **options: Any) -> None:
        servers.append(server)
        await serve_until_told(server, **options)

    monkeypatch.setattr(uvicorn.Server, "serve", watched)
    options = {"transport": command.TransportName.HTTP, "port": port}
    thread = threading.Thread(target=command.main, kwargs=options)
    with Client(address, api_key=environment["QA_API_KEY"]) as client:
        monkeypatch.setattr(command, "open_service", lambda *_: client)
        thread.start()
        try:

            def listens() -> bool:
                assert thread.is_alive(), "the server ended before it listened"
                return bool(servers) and servers[0].started

            wait_until(listens)

            async def run() -> None:
                async with McpClient(f"http://127.0.0.1:{port}/mcp") as mcp:
                    await _quotes_with_its_source(mcp, address)

            asyncio.run(run())
        finally:
            for server in servers:
                server.should_exit = True
            thread.join()
    assert capfd.readouterr().out == ""


def test_tool_says_where_there_is_no_service() -> None:
    async def act(mcp: McpClient) -> None:
        told = await refusal(mcp, "get_article", article_id="a")
        assert "http://127.0.0.1:9: ConnectError" in told

    with Client("http://127.0.0.1:9") as nowhere:
        drive(nowhere, act)


APP = typer.Typer()
APP.command()(command.main)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org"])  # noqa: S104
def test_server_refuses_to_listen_beyond_this_machine(host: str) -> None:
    result = CliRunner().invoke(APP, ["--transport", "http", "--host", host])
    assert result.exit_code == 2
    assert "loopback" in result.stderr


def test_server_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    monkeypatch.delitem(sys.modules, "scripts.mcp_tools")
    result = CliRunner().invoke(APP, ["--url", "http://127.0.0.1:9"])
    assert result.exit_code == 1
    assert "install the extra 'mcp': pip install '.[mcp]'" in result.stderr


def test_examples_of_answers_are_json(local: LocalService) -> None:
    async def act(client: McpClient) -> None:
        result = await client.call_tool("ask_articles", {"question": QUESTION})
        (content,) = result.content
        assert content.type == "text"
        assert json.loads(content.text)["answer"] == META

    drive(local, act)
