"""Whatever is sent, the reply is a problem that names the field; never a failure of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.answering.ranking.ranker import Ranker
from api.main import create_app
from api.service.models import Models
from index.errors import IndexMismatchError
from tests.api.holding import metric
from tests.api.shapes import check_problem
from tests.conftest import FakeEncoder, FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from api.service.serving import Served
    from api.settings import Settings
    from index.building.builder import BuildSummary
    from index.records import Hit, Passage

OK = {"question": "Meta?"}


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    """One service for all tests: they change nothing of it."""
    return shared_client


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.question"),
        ({"question": ""}, "body.question"),
        ({"question": " \n\t "}, "body.question"),
        ({"question": "x" * 1001}, "body.question"),
        ({"question": 5}, "body.question"),
        ({"question": None}, "body.question"),
        ({**OK, "topk": 3}, "body.topk"),
        ({**OK, "top_k": 0}, "body.top_k"),
        ({**OK, "top_k": 1_000_000}, "body.top_k"),
        ({**OK, "top_k": 10**400}, "body.top_k"),
        ({**OK, "top_k": "8"}, "body.top_k"),
        ({**OK, "top_k": 2.5}, "body.top_k"),
        ({**OK, "max_answers": 0}, "body.max_answers"),
        ({**OK, "min_confidence": 2}, "body.min_confidence"),
        ({**OK, "filters": []}, "body.filters"),
        ({**OK, "filters": {"source": []}}, "body.filters.source"),
        ({**OK, "filters": {"sources": "x"}}, "body.filters.sources"),
        ({**OK, "filters": {"tags": [1]}}, "body.filters.tags.0"),
        ({**OK, "filters": {"published_from": "soon"}}, "body.filters.published_from"),
        (
            {**OK, "filters": {"published_from": "2025-02-01", "published_to": "2025-01-01"}},
            "body.filters.published_to",
        ),
    ],
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_wrong_field_is_named(
    client: TestClient, path: str, body: dict[str, Any], field: str
) -> None:
    problem = check_problem(client.post(path, json=body), 422)
    assert field in [error["field"] for error in problem["errors"]]
    assert field in problem["detail"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b'{"question": "\xff"}', b"[" * 100_000],
)
def test_malformed_body_is_refused(client: TestClient, raw: bytes) -> None:
    reply = client.post("/v1/ask", content=raw, headers={"content-type": "application/json"})
    assert 400 <= reply.status_code < 500
    check_problem(reply, reply.status_code)


@pytest.mark.parametrize("question", ["\0", "a\0b", "é" * 1000, "😀?", "\u202e", "'; DROP TABLE"])
def test_odd_questions_are_answered_or_abstained(client: TestClient, question: str) -> None:
    reply = client.post("/v1/ask", json={"question": question})
    assert reply.status_code == 200


def test_lone_surrogate_is_refused(client: TestClient) -> None:
    raw = b'{"question": "\\ud800"}'
    reply = client.post("/v1/ask", content=raw, headers={"content-type": "application/json"})
    check_problem(reply, 422)


@pytest.mark.parametrize("questions", [[], ["x"] * 33, [""], "x", None])
def test_wrong_batch_is_refused(client: TestClient, questions: Any) -> None:
    problem = check_problem(client.post("/v1/ask/batch", json={"questions": questions}), 422)
    assert "body.questions" in problem["detail"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/v1/articles/nobody", 404, "'nobody': not in the index"),
        ("/v1/nothing", 404, "'/v1/nothing': nothing is there; /docs lists what there is"),
        ("/v1/index/jobs/none", 404, "none"),
        ("/v1/ask", 405, "GET: not for this address; expected POST"),
        ("/v1/articles?limit=0", 422, "query.limit: "),
        (
            "/v1/articles?published_from=2025-02-01&published_to=2025-01-01",
            422,
            "is after published_to (2025-01-01)",
        ),
    ],
)
def test_wrong_path_or_query_is_a_problem(
    client: TestClient, path: str, status: int, said: str
) -> None:
    assert said in check_problem(client.get(path), status)["detail"]


def test_without_an_index_the_reply_says_what_to_run(settings: Settings, models: Models) -> None:
    with TestClient(create_app(settings, models)) as client:
        for reply in (client.post("/v1/ask", json=OK), client.get("/readyz")):
            problem = check_problem(reply, 503)
            assert "article-qa build" in problem["detail"]
            assert "retry-after" in reply.headers
        assert client.get("/healthz").json() == {"status": "ok"}


def test_index_of_another_encoder_refuses_to_start_and_names_both(
    settings: Settings, build: Callable[[], BuildSummary]
) -> None:
    build()
    other = Models(FakeEncoder(32, "other"), Ranker(FakeReader(), fake_calibration()))
    with (
        pytest.raises(IndexMismatchError, match=r"'fake'.*'other'"),
        TestClient(create_app(settings, other)),
    ):
        pass


class Panic(BaseException):
    """What a library written in Rust raises where it should not have come to."""


class ThrowingReader(FakeReader):
    """Throws the error named in the question."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        _throw_where_asked(question.text)
        return super().read(question, passages)


class ThrowingManyReader(ThrowingReader):
    """Throws for all questions of a batch, as it cannot tell them apart."""

    threads = 1

    def use_threads(self, count: int) -> None:
        pass

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        return [self.read(question, passages) for question, passages in questions]


def _throw_where_asked(question: str) -> None:
    for error in (RuntimeError, Panic):
        if error.__name__ in question:
            raise error("secret detail")


@pytest.fixture
def one_fails_and_the_next_does_not(
    settings: Settings, encoder: FakeEncoder, build: Callable[[], BuildSummary]
) -> Callable[..., None]:
    """Ask a question that makes something throw, with this reader, then one that does not."""
    build()

    def ask(path: str, error: str, reader: FakeReader, throwing: Any = lambda _: None) -> None:
        models = Models(encoder, Ranker(reader, fake_calibration()))
        with TestClient(create_app(settings, models), raise_server_exceptions=False) as client:
            throwing(client.app.state.service.serving.current())  # type: ignore[attr-defined]
            for question in (f"{error} at Meta?", f"{error} at Microsoft?"):
                problem = check_problem(client.post(path, json={"question": question}), 500)
                assert "secret" not in str(problem)
            assert client.post(path, json=OK).status_code == 200
            assert metric(client, "qa_questions_in_flight") == 0

    return ask


@pytest.mark.parametrize("error", ["RuntimeError", "Panic"])
@pytest.mark.parametrize("reader", [ThrowingReader(), ThrowingManyReader()])
def test_reader_that_throws_fails_one_question_only(
    one_fails_and_the_next_does_not: Callable[..., None], reader: FakeReader, error: str
) -> None:
    one_fails_and_the_next_does_not("/v1/ask", error, reader)


@pytest.mark.parametrize("error", ["RuntimeError", "Panic"])
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_index_that_throws_fails_one_question_only(
    one_fails_and_the_next_does_not: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    error: str,
) -> None:
    def throw(served: Served) -> None:
        search = served.generation.lexical.search

        def throwing(question: str, *rest: Any) -> list[Hit]:
            _throw_where_asked(question)
            return search(question, *rest)

        monkeypatch.setattr(served.generation.lexical, "search", throwing)

    one_fails_and_the_next_does_not(path, error, FakeReader(), throw)
