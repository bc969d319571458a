"""Every limit, and the status that says so."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from limits import parse

from api.answering.ranking.ranker import Ranker
from api.keys import Keyring, digest_of
from api.main import create_app
from api.middleware.rate_limit import counted_by_address
from api.service.models import Models
from tests.api.holding import WAIT, HoldingReader, Sent, metric, post_scope, wait_until
from tests.api.shapes import check_problem
from tests.conftest import fake_calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import Message

    from api.settings import Settings
    from index.building.builder import BuildSummary
    from tests.conftest import FakeEncoder

JSON = {"content-type": "application/json"}
QUESTION = {"question": "Meta?"}
HELD = {"question": "Does Meta hold?"}


@pytest.fixture
def reader() -> HoldingReader:
    return HoldingReader()


@pytest.fixture
def opened(
    settings: Settings,
    encoder: FakeEncoder,
    reader: HoldingReader,
    build: Callable[[], BuildSummary],
) -> Iterator[Callable[..., TestClient]]:
    """Open the service with some settings changed."""
    build()
    clients: list[TestClient] = []

    def start(**chosen: Any) -> TestClient:
        models = Models(encoder, Ranker(reader, fake_calibration()))
        client = TestClient(create_app(settings.model_copy(update=chosen), models))
        client.__enter__()
        clients.append(client)
        return client

    yield start
    reader.go.set()
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def _chunks(count: int, read: list[int]) -> Iterator[bytes]:
    for number in range(count):
        read.append(number)
        yield b" " * 1024


def _run(client: TestClient, scope: dict[str, Any], receive: Any) -> Sent:
    """Answer one request in the loop of the service."""
    assert client.portal is not None
    sent = Sent()
    client.portal.call(client.app, scope, receive, sent)
    return sent


def test_declared_body_over_the_limit_is_refused_before_it_is_read(
    opened: Callable[..., TestClient],
) -> None:
    client = opened(max_body_bytes=4096)
    read: list[int] = []
    headers = {**JSON, "content-length": "4097"}
    reply = client.post("/v1/ask", content=_chunks(9, read), headers=headers)
    problem = check_problem(reply, 413)
    assert "at most 4096 bytes" in problem["detail"]
    assert read == []


def test_body_without_a_length_is_read_no_further_than_the_limit(
    opened: Callable[..., TestClient],
) -> None:
    client, read = opened(max_body_bytes=4096), list[int]()

    async def endless() -> Message:
        read.append(1024)
        return {"type": "http.request", "body": b" " * 1024, "more_body": True}

    sent = _run(client, post_scope("/v1/ask"), endless)
    assert (sent.status, sent.json["status"], len(read)) == (413, 413, 5)


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/batch", "/v1/search"])
def test_body_at_the_limit_is_read(opened: Callable[..., TestClient], path: str) -> None:
    client = opened(max_body_bytes=4096)
    body = json.dumps({"question": "Meta?"}).encode().ljust(4096)
    reply = client.post(path, content=body, headers=JSON)
    assert reply.status_code == (422 if path == "/v1/ask/batch" else 200)
    check_problem(client.post(path, content=body + b" ", headers=JSON), 413)


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"", b"+5", b"0x10", "٣".encode()])
def test_content_length_that_is_no_number_is_refused(
    opened: Callable[..., TestClient], length: bytes
) -> None:
    client = opened()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    reply = client.post("/v1/ask", content=b"{}", headers=headers)
    assert "Content-Length" in check_problem(reply, 400)["detail"]


def test_content_length_of_very_many_digits_is_too_long(opened: Callable[..., TestClient]) -> None:
    headers = {**JSON, "content-length": "9" * 5000}
    check_problem(opened().post("/v1/ask", content=b"{}", headers=headers), 413)


def test_body_that_does_not_arrive_in_time_is_given_up(opened: Callable[..., TestClient]) -> None:
    client = opened(body_seconds=0.05)

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    sent = _run(client, post_scope("/v1/ask"), never)
    assert (sent.status, sent.json["status"]) == (408, 408)
    assert "within 0.05 s" in sent.json["detail"]
    assert sent.headers["content-type"] == "application/problem+json"


def test_body_that_drips_is_given_up(opened: Callable[..., TestClient]) -> None:
    client = opened(body_seconds=0.1)

    async def drip() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    assert _run(client, post_scope("/v1/ask"), drip).status == 408


def test_rate_of_a_key_is_its_own(opened: Callable[..., TestClient]) -> None:
    ring = Keyring.parse(
        ",".join(f"{name}:ask:sha256:{digest_of(name).hex()}" for name in ("one", "two"))
    )
    client = opened(api_keys=ring, key_rate=parse("2/hour"))
    first, second = ({"Authorization": f"Bearer {name}"} for name in ("one", "two"))
    assert [client.get("/v1/index", headers=first).status_code for _ in range(3)] == [200, 200, 429]
    reply = client.get("/v1/articles", headers=first)
    problem = check_problem(reply, 429)
    assert "2 per 1 hour" in problem["detail"]
    assert 0 < int(reply.headers["retry-after"]) <= 3600
    assert client.get("/v1/index", headers=second).status_code == 200
    assert client.get("/healthz", headers=first).status_code == 200


def test_rate_of_an_address_counts_wrong_keys_too(opened: Callable[..., TestClient]) -> None:
    ring = Keyring.parse(f"one:ask:sha256:{digest_of('one').hex()}")
    client = opened(api_keys=ring, address_rate=parse("3/hour"))
    wrong = {"Authorization": "Bearer guess"}
    statuses = [client.get("/v1/index", headers=wrong).status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]
    reply = client.get("/v1/index", headers={"Authorization": "Bearer one"})
    check_problem(reply, 429)
    assert int(reply.headers["retry-after"]) > 0
    assert [client.get("/readyz").status_code for _ in range(5)] == [200] * 5
    assert [client.get(path).status_code for path in ("/", "/page/main.js")] == [200, 200]


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        (("192.168.1.7", 1), "192.168.1.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:ffff::1", 9), "2001:db8:1:2::/64"),
        (("testclient", 1), "testclient"),
        (None, None),
    ],
)
def test_address_is_counted_by_what_one_client_may_have(client: Any, counted: str | None) -> None:
    assert counted_by_address({"type": "http", "client": client}) == counted


def _fill(
    client: TestClient, threads: ThreadPoolExecutor, reader: HoldingReader, count: int, queued: int
) -> list[Any]:
    """Keep so many questions in flight and in the queue."""
    asked = [threads.submit(client.post, "/v1/ask", json=HELD) for _ in range(count + queued)]
    wait_until(lambda: len(reader.begun) == count)
    wait_until(lambda: metric(client, "qa_questions_queued") == queued)
    return asked


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/batch", "/v1/search"])
def test_question_beyond_the_queue_is_refused_at_once_and_the_rest_are_answered(
    opened: Callable[..., TestClient],
    threads: ThreadPoolExecutor,
    reader: HoldingReader,
    path: str,
) -> None:
    client = opened(max_in_flight=2, max_queue=3, cache_size=0)
    asked = _fill(client, threads, reader, 2, 3)
    body = {"questions": ["Meta?"]} if path == "/v1/ask/batch" else QUESTION
    reply = client.post(path, json=body)
    problem = check_problem(reply, 503)
    assert "too many questions" in problem["detail"]
    assert int(reply.headers["retry-after"]) > 0
    assert metric(client, 'qa_overloads_total{reason="queue_full"}') == 1
    assert metric(client, "qa_questions_in_flight") == 2
    for open_path in ("/healthz", "/readyz", "/v1/articles", "/v1/index"):
        assert client.get(open_path).status_code == 200
    reader.go.set()
    assert [one.result().status_code for one in asked] == [200] * 5
    assert client.post("/v1/ask", json=QUESTION).status_code == 200
    assert metric(client, "qa_questions_in_flight") == 0


def test_question_that_waits_too_long_is_refused(
    opened: Callable[..., TestClient], threads: ThreadPoolExecutor, reader: HoldingReader
) -> None:
    client = opened(max_in_flight=1, max_queue=1, queue_seconds=0.05, cache_size=0)
    asked = _fill(client, threads, reader, 1, 0)
    reply = client.post("/v1/ask", json=QUESTION)
    assert "waited for 0.05 s" in check_problem(reply, 503)["detail"]
    assert "retry-after" in reply.headers
    reader.go.set()
    assert asked[0].result().status_code == 200


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/batch"])
def test_reading_that_takes_too_long_is_given_up_but_keeps_its_place(
    opened: Callable[..., TestClient], reader: HoldingReader, path: str
) -> None:
    client = opened(max_in_flight=1, max_queue=0, read_seconds=0.05)
    body = HELD if path == "/v1/ask" else {"questions": [HELD["question"]] * 3}
    reply = client.post(path, json=body)
    assert "'read' took longer than 0.05 s" in check_problem(reply, 503)["detail"]
    assert "retry-after" in reply.headers
    # The thread still reads: another question beside it would be one too many.
    check_problem(client.post("/v1/ask", json=QUESTION), 503)
    reader.go.set()
    wait_until(lambda: metric(client, "qa_questions_in_flight") == 0)
    # What is not held may take as long, too, where the machine is busy.
    wait_until(lambda: client.post("/v1/ask", json=QUESTION).status_code == 200)
    assert reader.begun.count(HELD["question"]) == 1


def test_retrieval_that_takes_too_long_is_given_up(
    opened: Callable[..., TestClient], encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, go, encode = opened(retrieve_seconds=0.05), threading.Event(), encoder.encode_question

    def held(question: str) -> Any:
        go.wait(WAIT)
        return encode(question)

    monkeypatch.setattr(encoder, "encode_question", held)
    reply = client.post("/v1/search", json=QUESTION)
    go.set()
    assert "'retrieve' took longer than 0.05 s" in check_problem(reply, 503)["detail"]


def _leaving(body: dict[str, Any], left: asyncio.Event) -> Callable[[], Any]:
    """A client that sends its question and then, when told, closes the connection."""
    sent: list[bool] = []

    async def receive() -> Message:
        if not sent:
            sent.append(True)
            return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}
        await left.wait()
        return {"type": "http.disconnect"}

    return receive


def test_question_of_a_client_that_left_the_queue_is_dropped(
    opened: Callable[..., TestClient], threads: ThreadPoolExecutor, reader: HoldingReader
) -> None:
    client = opened(max_in_flight=1, max_queue=1, cache_size=0)
    asked = _fill(client, threads, reader, 1, 0)
    left = asyncio.Event()
    waiting = threads.submit(_run, client, post_scope("/v1/ask"), _leaving(QUESTION, left))
    wait_until(lambda: metric(client, "qa_questions_queued") == 1)
    assert client.portal is not None
    client.portal.call(left.set)
    assert waiting.result(WAIT).status == 499
    assert metric(client, "qa_questions_queued") == 0
    reader.go.set()
    assert asked[0].result().status_code == 200
    assert reader.begun == [HELD["question"]]


def test_question_of_a_client_that_left_goes_no_further_than_its_stage(
    opened: Callable[..., TestClient], threads: ThreadPoolExecutor, reader: HoldingReader
) -> None:
    client = opened(max_in_flight=1, max_queue=0)
    left = asyncio.Event()
    batch = {"questions": [HELD["question"], "Microsoft?"]}
    waiting = threads.submit(_run, client, post_scope("/v1/ask/batch"), _leaving(batch, left))
    wait_until(lambda: len(reader.begun) == 1)
    assert client.portal is not None
    client.portal.call(left.set)
    assert waiting.result(WAIT).status == 499
    assert metric(client, "qa_questions_in_flight") == 1
    reader.go.set()
    wait_until(lambda: metric(client, "qa_questions_in_flight") == 0)
    assert reader.begun == [HELD["question"]]
    assert client.post("/v1/ask", json=QUESTION).status_code == 200


def test_lookups_beyond_their_bound_are_refused_and_the_rest_are_answered(
    opened: Callable[..., TestClient],
    threads: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, go, begun = opened(max_in_flight=1, max_queue=1), threading.Event(), list[str]()
    articles = client.app.state.service.serving.current().generation.articles  # type: ignore[attr-defined]
    look_up = articles.infos

    def held(*asked: Any) -> Any:
        begun.append("")
        assert go.wait(WAIT)
        return look_up(*asked)

    monkeypatch.setattr(articles, "infos", held)
    asked = [threads.submit(client.get, "/v1/articles") for _ in range(2)]
    wait_until(lambda: len(begun) == 2)
    paths = ("articles", "articles/meta", "originals/meta", "index", "index/facets")
    for path in (*paths, "index/examples"):
        reply = client.get(f"/v1/{path}")
        assert "too many look-ups: 2" in check_problem(reply, 503)["detail"]
        assert int(reply.headers["retry-after"]) > 0
    assert metric(client, 'qa_overloads_total{reason="lookups_full"}') == 6
    assert client.post("/v1/ask", json=QUESTION).status_code == 200
    go.set()
    assert [one.result().status_code for one in asked] == [200, 200]
    assert [client.get("/v1/articles/nobody").status_code for _ in range(4)] == [404] * 4
    assert client.get("/v1/articles").status_code == 200


def test_many_at_once_get_an_answer_or_an_honest_refusal(
    opened: Callable[..., TestClient], threads: ThreadPoolExecutor
) -> None:
    client = opened(max_in_flight=2, max_queue=2, cache_size=0)
    replies = list(threads.map(lambda _: client.post("/v1/ask", json=QUESTION), range(64)))
    for reply in replies:
        if reply.status_code != 200:
            check_problem(reply, 503)
            assert "retry-after" in reply.headers
    assert any(reply.status_code == 200 for reply in replies)
    assert metric(client, "qa_questions_in_flight") == 0
    assert metric(client, "qa_questions_queued") == 0
