"""A real server that several clients ask everything, while another process builds six times."""

from __future__ import annotations

import hashlib
import http.client
import itertools
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from tests.api.real_server import WAIT, Server, build_fakes, serving, wait_until
from tests.api.shapes import check_ask

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

EDITIONS: Final = 6
CLIENTS: Final = 4
COMPANIES: Final = 5
EVENTS: Final = "text/event-stream"


def _edition(number: int) -> list[dict[str, Any]]:
    """Articles with the ids of all editions, but with words at other places, and other sources."""
    before = "Before. " * number
    return [
        {
            "id": f"company{at}",
            "text": f"{before}Company{at} expects capital expenditure of ${number}.{at} billion.",
            "source": f"Edition {number}",
        }
        for at in range(COMPANIES)
    ]


class _Editions:
    """What each version of the index holds."""

    def __init__(self) -> None:
        self.texts: dict[str, dict[str, str]] = {}
        self._sources: dict[str, str] = {}

    def add(self, version: str, articles: list[dict[str, Any]]) -> None:
        self.texts[version] = {article["id"]: article["text"] for article in articles}
        self._sources[version] = articles[0]["source"]

    def check(self, kind: str, content: bytes) -> str:
        """Check that all of a reply is from one version; returns which."""
        if kind == "events":
            blocks = [block.split("\n") for block in content.decode().strip().split("\n\n")]
            assert [name for name, _ in blocks] == ["event: passages", "event: answer"]
            parts = [json.loads(data.removeprefix("data: ")) for _, data in blocks]
        else:
            body = json.loads(content)
            parts = body["responses"] if kind == "batch" else [body]
        versions = {self._version(part) for part in parts}
        assert len(versions) == 1, versions
        version = versions.pop()
        for part in parts:
            self._check_articles(part, version)
            if "status" in part:
                assert check_ask(part, self.texts[version])["status"] == "answered"
            for passage in part.get("passages", ()):
                text = self.texts[version][passage["article"]["id"]]
                assert text[passage["start"] : passage["end"]] == passage["text"]
        return version

    def _version(self, part: dict[str, Any]) -> str:
        if "text" in part:
            by_text = {texts[part["id"]]: version for version, texts in self.texts.items()}
            assert part.get("index_version", by_text[part["text"]]) == by_text[part["text"]]
            return by_text[part["text"]]
        version: str = part["index_version"]
        return version

    def _check_articles(self, found: Any, version: str) -> None:
        """Check every article and every source that is named anywhere in a reply."""
        if isinstance(found, list):
            for one in found:
                self._check_articles(one, version)
        if isinstance(found, dict):
            if "sha256" in found:
                text = self.texts[version][found["id"]]
                assert found["sha256"] == hashlib.sha256(text.encode()).hexdigest()
                assert found["source"] == self._sources[version]
            if "sources" in found:
                values = [value["value"] for value in found["sources"]]
                assert values == [self._sources[version]]
            for one in found.values():
                self._check_articles(one, version)


def _requests(client: int) -> Any:
    """One request after another, to all that reads the index; no two ask the same."""
    for number in itertools.count():
        at = (client + number) % COMPANIES
        question = f"Which capital expenditure does Company{at} expect, {client}x{number}?"
        asked = {"question": question}
        yield "ask", "POST", "/v1/ask", asked
        yield "events", "POST", "/v1/ask", asked
        yield "batch", "POST", "/v1/ask/batch", {"questions": [question, f"{question}!"]}
        yield "search", "POST", "/v1/search", asked
        yield "articles", "GET", "/v1/articles", None
        yield "article", "GET", f"/v1/articles/company{at}", None
        yield "facets", "GET", "/v1/index/facets", None


def _ask_on(
    server: Server, client: int, done: threading.Event, replies: list[tuple[str, bytes]]
) -> None:
    """Ask until it is done, on one connection, as a browser does."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=WAIT)) as connection:
        for kind, method, path, body in _requests(client):
            if done.is_set():
                return
            headers = {
                "content-type": "application/json",
                "accept": EVENTS if kind == "events" else "application/json",
            }
            connection.request(method, path, json.dumps(body).encode(), headers)
            reply = connection.getresponse()
            content = reply.read()
            assert reply.status == 200, (kind, content)
            replies.append((kind, content))


def _any_ended(asking: list[Future[None]]) -> bool:
    return any(one.done() for one in asking)


def test_switches_while_clients_ask_give_no_error_and_no_mixed_reply(tmp_path: Path) -> None:
    editions, done = _Editions(), threading.Event()
    replies: list[tuple[str, bytes]] = []
    with (
        serving(tmp_path, QA_RELOAD_SECONDS="0.02") as server,
        ThreadPoolExecutor(CLIENTS) as threads,
    ):

        def switch(number: int) -> None:
            articles = _edition(number)
            version = build_fakes(tmp_path, articles)
            editions.add(version, articles)
            wait_until(lambda: server.send("GET", "/v1/index").json()["index_version"] == version)

        switch(0)
        asking = [threads.submit(_ask_on, server, at, done, replies) for at in range(CLIENTS)]
        try:
            for number in range(EDITIONS + 1):
                if number:
                    switch(number)
                # Each client has at most one request on its way, so that one more reply than
                # there are clients was asked for after the switch.
                enough = len(replies) + CLIENTS
                wait_until(lambda enough=enough: len(replies) > enough or _any_ended(asking))  # type: ignore[misc]
                if _any_ended(asking):
                    break
        finally:
            done.set()
        for one in asking:
            one.result(WAIT)
    versions = [editions.check(kind, content) for kind, content in replies]
    assert set(versions) == editions.texts.keys()
    asked_for = Counter(kind for kind, _ in replies)
    assert len(asked_for) == 7
    assert min(asked_for.values()) > EDITIONS / 2
