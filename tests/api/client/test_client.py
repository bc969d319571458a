"""The typed client, against the real application and against transports that misbehave."""

from __future__ import annotations

import asyncio
import datetime as dt
import inspect
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

import api
from api.client import (
    AsyncClient,
    Client,
    ConflictProblemError,
    NotFoundProblemError,
    ProblemError,
    ServiceError,
    __version__,
)
from api.main import create_app
from api.service.jobs.rebuilding import Rebuilder
from index.errors import ArticleNotFoundError, ArticleQAError, BuildInProgressError
from tests.conftest import FILES, META, MICROSOFT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fastapi.testclient import TestClient

    from api.client.calls import Quote
    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

URL = "http://testserver"
QUESTION = "How much capital expenditure at Meta?"


@pytest.fixture
def service(client: TestClient) -> Iterator[Client]:
    with Client(URL, transport=client._transport) as opened:
        yield opened


def test_client_asks_as_http_does(service: Client, client: TestClient) -> None:
    body = {"question": QUESTION, "max_answers": 1, "filters": {"published_from": "2025-04-30"}}
    reply = service.ask(QUESTION, max_answers=1, filters={"published_from": dt.date(2025, 4, 30)})
    sent = client.post("/v1/ask", json=body).json()
    assert reply.model_dump(mode="json", exclude={"timings_ms"}) == {
        name: value for name, value in sent.items() if name != "timings_ms"
    }
    assert reply.answer == META


def test_client_speaks_to_every_endpoint(service: Client) -> None:
    batch = service.ask_batch([QUESTION, "Who runs Google?"], filters={"tags": ["capex"]})
    assert [reply.status for reply in batch.responses] == ["answered", "abstained"]
    found = service.search(QUESTION, top_k=1)
    assert [passage.article.id for passage in found.passages] == ["meta"]
    listed = service.articles(source=["Sample Wire", "Sample Markets"], limit=1)
    assert (listed.total, [article.id for article in listed.articles]) == (2, ["meta"])
    assert service.articles(published_to=dt.date(2025, 1, 3)).total == 1
    assert service.article("microsoft").text.startswith(MICROSOFT)
    cited = service.ask(QUESTION, max_answers=1).citations
    assert [quote.status for quote in service.verify(cited).quotes] == ["intact"]
    table = service.ask_table("How much is {company} spending?", ["Meta", "Microsoft"])
    assert table.head.labels == ["Meta", "Microsoft"]
    assert [(row.label, row.status) for row in table] == [
        ("Meta", "answered"),
        ("Microsoft", "answered"),
    ]
    assert service.index().articles == 3
    assert [facet.value for facet in service.facets().tags] == ["capex", "social"]
    counted = service.facets(source=["Sample Markets"], limit=1)
    assert [(facet.value, facet.articles) for facet in counted.tags] == [("capex", 1)]
    assert service.ready().index_version == found.index_version


def test_client_reads_an_article_of_any_id(
    service: Client, corpus_dir: Any, build: Callable[[], BuildSummary], client: TestClient
) -> None:
    article_id = "https://a.example/ü?b=1#c/d"
    (corpus_dir / "odd.csv").write_text(f'id,text\n"{article_id}",It is odd.\n')
    build()
    client.app.state.service.serving.refresh()  # type: ignore[attr-defined]  # it is an ASGI app
    assert service.article(article_id).text == "It is odd."


def test_client_changes_articles(
    service: Client, corpus_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def build(*_: object) -> dict[str, object]:
        await asyncio.sleep(60)  # until the service ends
        return {}

    monkeypatch.setattr(Rebuilder, "_build", build)
    added = service.add_text("It is new.", id="a/b ü", published_at=dt.date(2025, 5, 2))
    assert (added.kind, added.articles.ids, added.skipped) == ("added", ["a/b ü"], [])
    assert service.job(added.job.id).changes[0].files == added.files
    with pytest.raises(ConflictProblemError, match="there is one already"):
        service.add_text("It is new.", id="a/b ü")
    note = tmp_path / "note.txt"
    note.write_text("A note.")
    assert service.add_files(note, str(FILES / "ferry.pdf")).articles.count == 2
    assert service.add_files(note, replace=True).files == ["note.txt"]
    assert service.put_text("a/b ü", "It is newer.", tags=["new"]).files == added.files
    assert service.put_file("note.txt", note).kind == "replaced"
    assert service.delete_article("note.txt").files == ["note.txt"]
    assert sorted(path.suffix for path in corpus_dir.iterdir()) == [".jsonl", ".jsonl", ".pdf"]
    with pytest.raises(NotFoundProblemError):
        service.delete_article("none")


def test_client_marks_answers_and_reviews_them(service: Client) -> None:
    reply = service.ask(QUESTION, max_answers=1)
    right = service.mark_answer(reply.question, reply.citations, filters={"tags": ["capex"]})
    assert (right.answers, right.articles, right.filters.tags) == ([META], ["meta"], ["capex"])
    wrong = service.mark_answer(QUESTION, filters=None)
    assert service.marked_answers().questions == [right, wrong]
    assert service.review_marked(wrong.id) == wrong
    service.remove_marked(right.id)
    assert service.marked_answers().questions == [wrong]
    with pytest.raises(NotFoundProblemError, match="there is none of this id"):
        service.remove_marked("a b")


def test_async_client_asks_as_the_other_does(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    build()
    app = create_app(settings, models)

    async def run() -> None:
        transport = httpx2.ASGITransport(app=app, client=("127.0.0.1", 1))
        async with (
            app.router.lifespan_context(app),
            AsyncClient("http://127.0.0.1:8000", transport=transport) as service,
        ):
            assert (await service.ask(QUESTION)).answer == META
            assert len((await service.ask_batch([QUESTION])).responses) == 1
            assert (await service.search(QUESTION, top_k=2)).passages[0].article.id == "meta"
            quote: Quote = {"article_id": "none", "quote": "x", "start": 0, "end": 1}
            assert (await service.verify([quote])).quotes[0].status == "gone"
            assert (await service.articles()).total == 3
            assert (await service.article("rain")).text.startswith("It rained")
            assert (await service.index()).articles == 3
            assert len((await service.facets()).sources) == 2
            marked = await service.mark_answer("Who runs Google?")
            assert (await service.review_marked(marked.id)).reviewed
            assert (await service.marked_answers()).questions == [marked]
            await service.remove_marked(marked.id)
            assert (await service.ready()).status == "ready"
            with pytest.raises(NotFoundProblemError):
                await service.job("none")

    asyncio.run(run())


def test_clients_have_the_same_methods() -> None:
    def methods(kind: type) -> dict[str, list[str]]:
        return {
            name: list(inspect.signature(method).parameters)
            for name, method in inspect.getmembers(kind, inspect.isfunction)
            if not name.startswith("__a") and name not in {"__enter__", "__exit__"}
        }

    assert methods(Client) == methods(AsyncClient)


def test_missing_article_is_the_error_that_the_index_raises(service: Client) -> None:
    with pytest.raises(ArticleNotFoundError) as raised:
        service.article("none")
    error = raised.value
    assert isinstance(error, ProblemError)
    assert (error.status, error.title) == (404, "Not Found")
    assert error.detail == "article 'none': not in the index"
    assert str(error).startswith("404 Not Found: article 'none': not in the index")


def test_wrong_request_names_its_fields(service: Client) -> None:
    with pytest.raises(ProblemError) as raised:
        service.ask(" ", top_k=0)
    assert raised.value.status == 422
    assert {item["field"] for item in raised.value.errors} == {"body.question", "body.top_k"}


Reply = dict[str, Any]


def _client(*replies: Reply, **options: Any) -> tuple[Client, list[httpx2.Request], list[float]]:
    """A client of a service that gives these replies, the requests it gets, and the waits."""
    requests: list[httpx2.Request] = []
    waits: list[float] = []
    left = list(replies)

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(**(left.pop(0) if len(left) > 1 else left[0]))

    transport = httpx2.MockTransport(answer)
    return Client(URL, transport=transport, sleep=waits.append, **options), requests, waits


def _problem(status: int, **more: Any) -> Reply:
    body = {"type": "about:blank", "title": "T", "status": status, "detail": "D", **more}
    headers = {"content-type": "application/problem+json"}
    return {"status_code": status, "headers": headers, "json": body}


def _busy(after: str) -> Reply:
    reply = _problem(503)
    return {**reply, "headers": {**reply["headers"], "Retry-After": after}}


READY: Reply = {"status_code": 200, "json": {"status": "ready", "index_version": "v", "new": 1}}


def test_client_comes_back_when_the_service_says() -> None:
    client, requests, waits = _client(_busy("2"), _busy("0"), READY)
    assert client.ready().index_version == "v"  # what a newer service adds does no harm
    assert (len(requests), waits) == (3, [2.0, 0.0])


@pytest.mark.parametrize(
    ("reply", "options", "sent"),
    [
        (_busy("1"), {}, 3),
        (_busy("1"), {"max_retries": 0}, 1),
        (_busy("6"), {}, 2),
        (_busy("11"), {}, 1),
        (_busy("Wed, 21 Oct 2026 07:28:00 GMT"), {}, 3),
        (_busy("Wed, 21 Oct 2026 07:28:00 GMT"), {"max_retries": 9}, 5),
        (_problem(503), {}, 1),
        (_problem(429), {}, 1),
        (_problem(500), {}, 1),
    ],
)
def test_client_comes_back_a_few_times_at_most(
    reply: Reply, options: dict[str, Any], sent: int
) -> None:
    client, requests, waits = _client(reply, **options)
    with pytest.raises(ProblemError) as raised:
        client.ready()
    assert raised.value.status == reply["status_code"]
    assert len(requests) == sent
    assert sum(waits) <= 10


def test_client_backs_off_where_the_service_does_not_say_when() -> None:
    proxy = {"status_code": 503, "text": "<html>no upstream"}
    client, _, waits = _client(proxy, proxy, _busy("3"), READY, max_retries=3)
    client.ready()
    assert waits == [0.5, 1.0, 3.0]


def test_filters_that_are_none_are_not_sent(service: Client) -> None:
    assert service.ask(QUESTION, filters=None).answer == META
    assert service.search(QUESTION, filters=None).passages


def test_client_names_its_version() -> None:
    assert __version__ == api.__version__


def test_async_client_comes_back_when_the_service_says() -> None:
    replies = [_busy("3"), READY]
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async def run() -> str:
        transport = httpx2.MockTransport(lambda _: httpx2.Response(**replies.pop(0)))
        async with AsyncClient(URL, transport=transport, sleep=wait) as client:
            return (await client.ready()).index_version

    assert asyncio.run(run()) == "v"
    assert waits == [3.0]


@pytest.mark.parametrize(
    ("reply", "request_id"),
    [
        (_problem(500, request_id="in-body"), "in-body"),
        ({**_problem(500), "headers": {**_problem(500)["headers"], "X-Request-ID": "h"}}, "h"),
        (_problem(500), None),
    ],
)
def test_problem_carries_the_id_of_the_request(reply: Reply, request_id: str | None) -> None:
    client, _, _ = _client(reply)
    with pytest.raises(ProblemError) as raised:
        client.ask("Why?")
    assert raised.value.request_id == request_id
    assert (f"(request {request_id})" in str(raised.value)) == (request_id is not None)


@pytest.mark.parametrize(
    ("status", "kind", "known"),
    [
        (404, NotFoundProblemError, ArticleNotFoundError),
        (409, ConflictProblemError, BuildInProgressError),
        (418, ProblemError, ArticleQAError),
    ],
)
def test_problems_belong_to_the_project_s_errors(
    status: int, kind: type[ProblemError], known: type[ArticleQAError]
) -> None:
    client, _, _ = _client(_problem(status))
    with pytest.raises(known) as raised:
        client.rebuild()
    assert type(raised.value) is kind


def test_problem_that_is_broken_is_still_one() -> None:
    broken = {"content-type": "application/problem+json"}
    client, _, _ = _client({"status_code": 502, "headers": broken, "content": b"{"})
    with pytest.raises(ProblemError, match="502 Bad Gateway: the service did not say why"):
        client.index()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"status_code": 200, "text": "<html>"}, "Invalid JSON"),
        (
            {"status_code": 200, "json": {"status": "ready"}},
            "field 'index_version': Field required",
        ),
        ({"status_code": 302, "headers": {"location": "/login"}}, "status 302"),
        ({"status_code": 404, "text": "nothing here"}, "status 404"),
    ],
)
def test_reply_of_something_else_is_no_service(reply: Reply, reason: str) -> None:
    client, _, _ = _client(reply)
    with pytest.raises(ServiceError, match="/readyz: not a reply of this service") as raised:
        client.ready()
    assert reason in str(raised.value)


def test_service_that_cannot_be_reached_is_named() -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    client = Client(URL, transport=httpx2.MockTransport(refuse))
    with pytest.raises(ServiceError) as raised:
        client.ready()
    assert str(raised.value) == f"{URL}: ConnectError: refused; is the service running?"


@pytest.mark.parametrize("url", ["", "127.0.0.1:8000", "ftp://a", "http://", "http://a:b"])
def test_address_that_is_none_of_http_is_refused(url: str) -> None:
    with pytest.raises(ServiceError):
        Client(url)


def test_client_sends_its_key() -> None:
    client, requests, _ = _client(READY, api_key="k3y")
    client.ready()
    assert requests[0].headers["Authorization"] == "Bearer k3y"
