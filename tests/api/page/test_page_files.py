"""The files of the page as they are sent, and what they must not hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from api.routes.page import PAGE_FILES
from tests.api.shapes import check_problem

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

TYPES = {
    "/": "text/html",
    "/docs": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class _Html(HTMLParser):
    """Collects what a page refers to and what stands in it inline."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.refers: dict[str, list[str]] = {}
        self.inline: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        for name, value in attrs:
            if name in {"src", "href"}:
                kind = dict(attrs).get("rel") or tag
                self.refers.setdefault(kind, []).append(str(value))
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        if self._inside in {"script", "style"} and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def _text(path: str) -> str:
    return PAGE_FILES[path].content.decode()


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    """One service for all tests: they change nothing of it."""
    return shared_client


@pytest.mark.parametrize("path", sorted(PAGE_FILES))
def test_page_files_are_sent_with_their_type_and_headers(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 200
    assert reply.content == PAGE_FILES[path].content != b""
    expected = next(kind for ending, kind in TYPES.items() if path.endswith(ending))
    assert reply.headers["content-type"].partition(";")[0] == expected
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.headers["x-content-type-options"] == "nosniff"
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/page/main.js"])
def test_page_file_that_is_known_is_not_sent_again(client: TestClient, path: str) -> None:
    etag = client.get(path).headers["etag"]
    for known in [etag, f"W/{etag}", f'"other", {etag}', "*"]:
        reply = client.get(path, headers={"If-None-Match": known})
        assert (reply.status_code, reply.content) == (304, b"")
        assert reply.headers["etag"] == etag
        assert "content-security-policy" in reply.headers
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_page_answers_head(client: TestClient) -> None:
    reply = client.head("/")
    assert (reply.status_code, reply.content) == (200, b"")
    assert int(reply.headers["content-length"]) == len(PAGE_FILES["/"].content)


@pytest.mark.parametrize(
    "path",
    [
        "/page/",
        "/page/index.html",
        "/page/none.js",
        "/page/../routes/page.py",
        "/page/..%2froutes%2fpage.py",
        "/page/%2e%2e/main.py",
        "/page/main.js%00",
        "/page//etc/passwd",
        "/page/MAIN.JS",
        "/index.html",
        "/favicon.ico",
    ],
)
def test_page_serves_nothing_else(client: TestClient, path: str) -> None:
    check_problem(client.get(path), 404)


def test_page_is_no_part_of_the_described_api(description: dict[str, Any]) -> None:
    assert not [path for path in description["paths"] if "page" in path]


def test_page_has_nothing_inline_and_refers_to_its_own_files_only() -> None:
    html, docs = _Html(_text("/")), _Html(_text("/docs"))
    assert html.inline == docs.inline == []
    own = {path.removeprefix("/") for path in PAGE_FILES} - {"", "docs"}
    of_docs = {"page/docs.css", "page/docs.js"}
    assert {path for paths in html.refers.values() for path in paths} - {"./"} == own - of_docs
    assert {path for paths in docs.refers.values() for path in paths} - {"./", "openapi.json"} == {
        *of_docs,
        "page/page.css",
        "page/icon.svg",
    }
    modules = {path for path in own - of_docs if path.endswith(".js")}
    assert {*html.refers["modulepreload"], *html.refers["script"]} == modules


@pytest.mark.parametrize("path", sorted(path for path in PAGE_FILES if path.endswith(".js")))
def test_scripts_never_turn_text_into_markup_or_code(path: str) -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML|createContextualFragment"
        r"|DOMParser|\beval\b|new Function|srcdoc|setTimeout\(\s*[\"'`]|javascript:"
    )
    assert re.findall(forbidden, _text(path)) == []


@pytest.mark.parametrize("path", sorted(PAGE_FILES))
def test_files_name_no_other_host(path: str) -> None:
    text = _text(path).replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://\w|@import|url\(", text) == []
