"""The files that articles came from, over HTTP: what is sent, how, and what never is."""

from __future__ import annotations

import asyncio
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.client import AsyncClient, Client, GoneProblemError, NotFoundProblemError, ServiceError
from api.main import create_app
from index.errors import OriginalGoneError
from index.formats.registry import FORMATS
from index.loading.originals import OpenedOriginal, Original
from tests.api.holding import WAIT, Sent, metric, post_scope, wait_until
from tests.api.shapes import check_problem
from tests.conftest import ARTICLES, FILES, write_articles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from starlette.types import Message

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

HOSTILE = "<html><body><p>The ferry crosses.</p><script>fetch('/v1/index/rebuild')</script></body>"
FEED = """<rss version="2.0"><channel><title>Log</title>
<item><guid>urn:log:1</guid><description>The bridge opened in May.</description></item>
<item><guid>urn:log:2</guid><description>It closed in June.</description></item></channel></rss>"""
LARGE = f"The harbour froze over in 1947.{' ' * 1_280_000}It thawed."  # several blocks


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "reports").mkdir(parents=True)
    write_articles(folder, ARTICLES)
    shutil.copy(FILES / "ferry.pdf", folder / "reports" / 'Fähre "1".pdf')
    shutil.copy(FILES / "ferry.docx", folder)
    (folder / "page.html").write_text(HOSTILE)
    (folder / "log.rss").write_text(FEED)
    (folder / "log.csv").write_text("id,text,secret\nrow,It rained.,4711\n")
    (folder / "large.txt").write_text(LARGE)
    return folder


@pytest.mark.parametrize(
    ("article_id", "name", "media_type", "disposition"),
    [
        (
            'reports/Fähre "1".pdf',
            'reports/Fähre "1".pdf',
            "application/pdf",
            "inline; filename*=UTF-8''F%C3%A4hre%20%221%22.pdf",
        ),
        (
            "ferry.docx",
            "ferry.docx",
            FORMATS[".docx"].media_type,
            'attachment; filename="ferry.docx"',
        ),
        ("page.html", "page.html", "text/html", 'attachment; filename="page.html"'),
        ("urn:log:2", "log.rss", "application/rss+xml", 'attachment; filename="log.rss"'),
        ("row", "log.csv", "text/csv", 'attachment; filename="log.csv"'),
        ("meta", "articles.jsonl", "application/jsonl", 'attachment; filename="articles.jsonl"'),
        ("large.txt", "large.txt", "text/plain", 'attachment; filename="large.txt"'),
    ],
)
def test_original_is_sent_byte_for_byte_and_can_do_nothing_here(
    client: TestClient,
    corpus_dir: Path,
    description: dict[str, Any],
    article_id: str,
    name: str,
    media_type: str,
    disposition: str,
) -> None:
    article = client.get(f"/v1/articles/{quote(article_id, safe='')}").json()
    assert article["original"] == f"/v1/originals/{quote(article_id, safe='')}"
    assert article["original_type"] == media_type
    reply = client.get(article["original"])
    assert reply.status_code == 200
    assert reply.content == (corpus_dir / name).read_bytes()
    assert reply.headers["content-length"] == str(len(reply.content))
    assert reply.headers["content-type"] == media_type
    assert reply.headers["content-disposition"] == disposition
    assert reply.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "allow-" not in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["x-frame-options"] == "DENY"
    assert reply.headers["cache-control"] == "no-store"
    described = description["paths"]["/v1/originals/{article_id}"]["get"]
    assert media_type in described["responses"]["200"]["content"]


def test_changed_or_missing_original_is_gone_and_no_longer_linked(
    client: TestClient, corpus_dir: Path
) -> None:
    (corpus_dir / "page.html").write_text(HOSTILE.replace("ferry", "other"))  # as long as before
    assert client.get("/v1/articles/page.html").json()["original"] == "/v1/originals/page.html"
    assert (
        "has changed since it was"
        in check_problem(client.get("/v1/originals/page.html"), 410)["detail"]
    )
    for content in ("shorter", None):
        (corpus_dir / "log.csv").unlink()
        if content is not None:
            (corpus_dir / "log.csv").write_text(content)
        article = client.get("/v1/articles/row").json()
        assert (article["original"], article["original_type"]) == (None, None)
        problem = check_problem(client.get("/v1/originals/row"), 410)
        assert problem["detail"].startswith("file 'log.csv': it ")
    assert client.get("/v1/originals/meta").status_code == 200


def test_server_without_the_corpus_says_so_and_links_nothing(
    client: TestClient, corpus_dir: Path, tmp_path: Path
) -> None:
    assert client.get("/v1/index").json()["originals"] is True
    corpus_dir.rename(tmp_path / "elsewhere")
    problem = check_problem(client.get("/v1/originals/meta"), 410)
    assert problem["detail"] == "this server does not have the folder of the corpus files"
    assert client.get("/v1/articles/meta").json()["original"] is None
    assert client.get("/v1/index").json()["originals"] is False


def test_originals_can_be_switched_off(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    build()
    chosen = settings.model_copy(update={"originals": False})
    with TestClient(create_app(chosen, models)) as client:
        assert "QA_ORIGINALS" in check_problem(client.get("/v1/originals/meta"), 404)["detail"]
        assert client.get("/v1/articles/meta").json()["original"] is None
        assert client.get("/v1/index").json()["originals"] is False


@pytest.mark.parametrize(
    "path",
    [
        "none",
        "articles.jsonl",  # a file, but no article's id
        "..%2Farticles.jsonl",
        "%2Fetc%2Fpasswd",
        "../../etc/passwd",
        "page.html%00",
        "page.html/",
        "",
    ],
)
def test_path_of_a_file_is_nothing_that_a_request_can_name(client: TestClient, path: str) -> None:
    check_problem(client.get(f"/v1/originals/{path}"), 404)


def test_copy_has_its_own_original(
    settings: Settings,
    models: Models,
    corpus_dir: Path,
    build: Callable[[], BuildSummary],
) -> None:
    for name in ("a", "b"):
        (corpus_dir / f"{name}.md").write_text(f"---\ntitle: {name}\n---\nSnow fell.")
    build()
    with TestClient(create_app(settings, models)) as client:
        assert client.get("/v1/articles/b.md").json()["original"] == "/v1/originals/a.md"
        for name in ("a", "b"):
            assert f"title: {name}" in client.get(f"/v1/originals/{name}.md").text


async def _staying() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def _leaving() -> Message:
    return {"type": "http.disconnect"}


def _fetch_large(
    client: TestClient,
    send: Callable[[Message], Awaitable[None]],
    receive: Callable[[], Awaitable[Message]] = _staying,
) -> None:
    """Ask for the file of several blocks, in the loop of the service."""
    scope = post_scope("/v1/originals/large.txt") | {"method": "GET"}
    assert client.portal is not None
    client.portal.call(client.app, scope, receive, send)


def test_client_that_leaves_while_a_file_is_sent_leaves_nothing_open(client: TestClient) -> None:
    """An unclosed file would be a warning, and so an error here."""

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        _fetch_large(client, send)
    assert client.get("/v1/originals/large.txt").text == LARGE


def test_file_that_is_written_to_while_it_is_sent_is_cut_before_what_has_changed(
    client: TestClient, corpus_dir: Path
) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 2:  # the first piece of the file
            with (corpus_dir / "large.txt").open("r+b") as file:
                file.seek(len(LARGE) // 2)
                file.write(b"SECRET")

    with pytest.raises(RuntimeError) as raised:
        _fetch_large(client, send)
    assert isinstance(raised.value.__cause__, OriginalGoneError)
    assert len(sent) > 1
    assert all(message["more_body"] for message in sent[1:])
    assert LARGE.encode().startswith(b"".join(message["body"] for message in sent[1:]))
    check_problem(client.get("/v1/originals/large.txt"), 410)


@pytest.fixture
def opened(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> Iterator[Callable[..., TestClient]]:
    """Open a service that looks up so many things at a time, and so sends half as many files."""
    build()
    with ExitStack() as stack:

        def start(most: int, **changed: float) -> TestClient:
            update = {"max_in_flight": 1, "max_queue": most - 1, **changed}
            chosen = settings.model_copy(update=update)
            return stack.enter_context(TestClient(create_app(chosen, models)))

        yield start


class HeldOpening:
    """Files are hashed only when it is let go; says how many are or were, and what is closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun: list[Original] = []
        self.closed: list[OpenedOriginal] = []
        self.go = threading.Event()
        open_one, close_one = Original.open, OpenedOriginal.close

        def held(original: Original) -> OpenedOriginal:
            self.begun.append(original)
            assert self.go.wait(WAIT)
            return open_one(original)

        def close(one: OpenedOriginal) -> None:
            close_one(one)
            self.closed.append(one)

        monkeypatch.setattr(Original, "open", held)
        monkeypatch.setattr(OpenedOriginal, "close", close)


def test_files_that_wait_to_be_hashed_are_bounded_and_leave_places_to_look_up(
    opened: Callable[[int], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, opening = opened(4), HeldOpening(monkeypatch)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(client.get, "/v1/originals/large.txt") for _ in range(2)]
        wait_until(lambda: len(opening.begun) == 2)
        for _ in range(20):
            reply = client.get("/v1/originals/meta")
            assert "too many downloads: 2" in check_problem(reply, 503)["detail"]
            assert int(reply.headers["retry-after"]) > 0
        assert metric(client, 'qa_overloads_total{reason="downloads_full"}') == 20
        assert client.get("/v1/articles/meta").status_code == 200
        opening.go.set()
        assert [one.result().text for one in asked] == [LARGE, LARGE]
    assert len(opening.begun) == len(opening.closed) == 2
    assert [client.get("/v1/originals/nobody").status_code for _ in range(4)] == [404] * 4
    assert client.get("/v1/originals/meta").status_code == 200


def test_files_that_wait_to_be_hashed_keep_their_places_among_the_lookups(
    opened: Callable[[int], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, opening = opened(1), HeldOpening(monkeypatch)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(client.get, "/v1/originals/meta")
        wait_until(lambda: len(opening.begun) == 1)
        reply = client.get("/v1/originals/meta")
        assert "too many look-ups: 1" in check_problem(reply, 503)["detail"]
        opening.go.set()
        assert asked.result().status_code == 200


def test_file_that_waits_for_a_client_that_left_is_never_hashed(
    opened: Callable[[int], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, opening = opened(6), HeldOpening(monkeypatch)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(client.get, "/v1/originals/meta") for _ in range(2)]
        wait_until(lambda: len(opening.begun) == 2)
        sent = Sent()
        _fetch_large(client, sent, _leaving)
        assert sent.status == 499
        opening.go.set()
        assert [one.result().status_code for one in asked] == [200, 200]
    assert client.get("/v1/originals/meta").status_code == 200
    assert [original.name for original in opening.begun] == ["articles.jsonl"] * 3


def test_file_whose_client_left_while_it_was_hashed_is_closed(
    opened: Callable[[int], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, opening, sent = opened(2), HeldOpening(monkeypatch), Sent()

    async def leave() -> Message:
        while not opening.begun:
            await asyncio.sleep(0)
        return await _leaving()

    _fetch_large(client, sent, leave)
    assert sent.status == 499
    assert opening.closed == []
    opening.go.set()
    wait_until(lambda: len(opening.closed) == 1)
    assert client.get("/v1/originals/large.txt").text == LARGE


def test_slow_client_keeps_its_place_among_the_downloads_only(
    opened: Callable[[int], TestClient],
) -> None:
    client, going, go = opened(2), threading.Event(), asyncio.Event()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            going.set()
            await go.wait()

    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(_fetch_large, client, send)
        assert going.wait(WAIT)
        for _ in range(3):
            check_problem(client.get("/v1/originals/meta"), 503)
            assert client.get("/v1/articles/meta").status_code == 200
        assert client.portal is not None
        client.portal.call(go.set)
        asked.result(WAIT)
    assert client.get("/v1/originals/meta").status_code == 200


def test_client_that_takes_nothing_is_cut_off_and_keeps_no_place(
    opened: Callable[..., TestClient],
) -> None:
    client, taken = opened(2, send_seconds=0.01), []

    async def send(message: Message) -> None:
        taken.append(message["type"])
        if message.get("body"):
            await asyncio.Event().wait()

    _fetch_large(client, send)
    assert taken == ["http.response.start", "http.response.body"]
    assert client.get("/v1/originals/large.txt").status_code == 200


def test_clients_fetch_originals(
    client: TestClient, corpus_dir: Path, settings: Settings, models: Models
) -> None:
    with Client("http://testserver/", transport=client._transport) as service:
        article = service.article('reports/Fähre "1".pdf')
        assert article.original is not None
        assert service.address_of(article.original).startswith("http://testserver/v1/originals/rep")
        fetched = service.original(article.id)
        assert (fetched.name, fetched.media_type) == ('Fähre "1".pdf', "application/pdf")
        assert fetched.content == (FILES / "ferry.pdf").read_bytes()
        assert service.original("ferry.docx").name == "ferry.docx"
        with pytest.raises(NotFoundProblemError):
            service.original("none")
        (corpus_dir / "ferry.docx").unlink()
        with pytest.raises(OriginalGoneError) as raised:
            service.original("ferry.docx")
        assert type(raised.value) is GoneProblemError

    async def run() -> None:
        app = create_app(settings, models)
        transport = httpx2.ASGITransport(app=app, client=("127.0.0.1", 1))
        async with (
            app.router.lifespan_context(app),
            AsyncClient("http://127.0.0.1:8000", transport=transport) as service,
        ):
            assert (await service.original("urn:log:1")).content == FEED.encode()
            assert service.address_of("/v1/x") == "http://127.0.0.1:8000/v1/x"

    asyncio.run(run())


def _fetch_named(disposition: str | None) -> str:
    headers = {} if disposition is None else {"Content-Disposition": disposition}
    reply = httpx2.Response(200, content=b"x", headers=headers)
    with Client("http://testserver", transport=httpx2.MockTransport(lambda _: reply)) as service:
        return service.original("a").name


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=UTF-8''..%2F..%2Fx", "x"),
        ("attachment; filename*=UTF-8''..%5C..%5Cx", "x"),
        ("attachment; filename*=UTF-8''..%2Fa%0A%2Fx", "x"),
        ('attachment; filename="/etc/passwd"', "passwd"),
        ('attachment; filename="..x"', "..x"),
    ],
)
def test_name_of_a_file_never_leads_into_another_folder(disposition: str, name: str) -> None:
    assert _fetch_named(disposition) == name


@pytest.mark.parametrize(
    "disposition", [None, "attachment", *(f'inline; filename="{name}"' for name in ("a/", "x/.."))]
)
def test_file_without_a_name_is_no_reply_of_this_service(disposition: str | None) -> None:
    with pytest.raises(ServiceError, match="a file without a name"):
        _fetch_named(disposition)
