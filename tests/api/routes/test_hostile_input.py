"""Input that only an attacker or a broken client sends, and readers that misbehave."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import ScoredSpan
from api.main import create_app
from api.routes import json_body
from api.service.models import Models
from index.records import Passage, Span
from tests.api.shapes import check_problem
from tests.conftest import FakeEncoder, FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.questions.question import Question
    from api.settings import Settings
    from index.building.builder import BuildSummary

POSTS = ["/v1/ask", "/v1/ask/batch", "/v1/ask/table", "/v1/search", "/v1/gold"]
JSON = {"content-type": "application/json"}


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    """One service for all tests: they change nothing of it."""
    return shared_client


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    ("body", "field"),
    [
        (rb'{"\ud800": 1}', "body"),
        (rb'{"question": "Who?", "\udfff": 1}', "body"),
        (rb'{"question": "Who?", "filters": {"sources": ["\ud800"]}}', "body.filters.sources.0"),
        (rb'{"question": "Who?", "filters": {"\ud800": []}}', "body.filters"),
        (b'{"question": "Who?", "filters": {"tags": [""]}}', "body.filters.tags.0"),
        (b'{"question": "Who?", "top_k": NaN}', "body.top_k"),
        (b'{"question": "Who?", "top_k": -1e999}', "body.top_k"),
        (b'{"question": "Who?", "top_k": true}', "body.top_k"),
        (b'{"question": "Who?", "filters": null}', "body.filters"),
        (b'{"question": "Who?", "filters": {"published_to": "2025-13-01"}}', "body.filters"),
        (b'{"question": "Who?", "filters": {"published_to": true}}', "body.filters"),
        (b'{"question": "Who?", "filters": {"published_to": 0}}', "body.filters"),
        (b'{"question": "Who?", "filters": {"published_to": "0"}}', "body.filters"),
    ],
)
def test_broken_field_is_refused_by_name(
    client: TestClient, path: str, body: bytes, field: str
) -> None:
    problem = check_problem(client.post(path, content=body, headers=JSON), 422)
    assert any(error["field"].startswith(field) for error in problem["errors"])


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/batch"])
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-0.1", "2", '"0.5"', "true", "[]"])
def test_min_confidence_that_is_no_probability_is_refused(
    client: TestClient, path: str, value: str
) -> None:
    body = f'{{"question": "Who?", "questions": ["Who?"], "min_confidence": {value}}}'
    problem = check_problem(client.post(path, content=body, headers=JSON), 422)
    assert "body.min_confidence" in [error["field"] for error in problem["errors"]]


def test_more_filter_values_than_the_limit_are_refused(client: TestClient) -> None:
    body = {"question": "Who?", "filters": {"tags": ["x"] * 1001}}
    problem = check_problem(client.post("/v1/ask", json=body), 422)
    assert [error["field"] for error in problem["errors"]] == ["body.filters.tags"]


@pytest.mark.parametrize("count", [0, 33])
def test_batch_of_wrong_size_says_what_is_expected(client: TestClient, count: int) -> None:
    reply = client.post("/v1/ask/batch", json={"questions": ["Who?"] * count})
    (error,) = check_problem(reply, 422)["errors"]
    assert error["field"] == "body.questions"
    assert "1 item" in error["message"] or "32 items" in error["message"]


def test_batch_names_the_question_that_is_wrong(client: TestClient) -> None:
    reply = client.post("/v1/ask/batch", json={"questions": ["Who?", " ", "x" * 1001]})
    fields = [error["field"] for error in check_problem(reply, 422)["errors"]]
    assert fields == ["body.questions.1", "body.questions.2"]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\x00",
        b'{"question": "a\x00b"}',
        b'{"question": "\xff"}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"question": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"filters":' * 2_000 + b"1" + b"}" * 2_000,
        b"1" * 10_000,
    ],
    ids=["cut", "null", "raw null", "not UTF-8", "nested", "deep", "objects", "digits"],
)
def test_unreadable_body_is_refused(client: TestClient, path: str, body: bytes) -> None:
    reply = client.post(path, content=body, headers=JSON)
    assert 400 <= reply.status_code < 500
    check_problem(reply, reply.status_code)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "x"])
def test_body_of_another_type_is_refused(client: TestClient, kind: str) -> None:
    reply = client.post("/v1/ask", content=b"question=Who", headers={"content-type": kind})
    check_problem(reply, 422)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["question", "questions", "top_k", "filters", "min_confidence", "names", "by", "words", "x"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(POSTS), body=VALUES | st.dictionaries(NAMES, VALUES))
def test_no_json_makes_the_server_fail(client: TestClient, path: str, body: Any) -> None:
    reply = client.post(path, content=json.dumps(body).encode(), headers=JSON)
    if reply.status_code not in {200, 201}:
        assert 400 <= reply.status_code < 500
        check_problem(reply, reply.status_code)


class _Misbehaving(FakeReader):
    """Throws, or reads past the end, where the question says so."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        end = passages[0].chunk.end
        if "throw" in question.text:
            raise RuntimeError("secret /path")
        if "past" in question.text:
            return [ScoredSpan(0, Span(end - 1, end + 1), 9.0, 0.0, 9.0)]
        if "nowhere" in question.text:
            return [ScoredSpan(len(passages), Span(0, 1), 9.0, 0.0, 9.0)]
        return super().read(question, passages)


@pytest.mark.parametrize("word", ["throw", "past", "nowhere"])
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/batch"])
def test_misbehaving_reader_fails_its_question_only(
    settings: Settings,
    encoder: FakeEncoder,
    build: Callable[[], BuildSummary],
    word: str,
    path: str,
) -> None:
    build()
    models = Models(encoder, Ranker(_Misbehaving(), fake_calibration()))
    with TestClient(create_app(settings, models), raise_server_exceptions=False) as client:
        asked = f"Does Meta {word}?"
        body = {"question": asked} if path == "/v1/ask" else {"questions": ["Meta?", asked]}
        problem = check_problem(client.post(path, json=body), 500)
        assert problem["detail"] == "The server failed to answer this request; its log says why."
        assert "errors" not in problem
        assert client.post("/v1/ask", json={"question": "Meta?"}).status_code == 200


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("nested", [False, True], ids=["top", "filters"])
def test_body_of_unknown_fields_is_refused_at_once_and_in_few_words(
    client: TestClient, path: str, nested: bool
) -> None:
    unknown = {f"f{number}": 0 for number in range(80_000)}
    body = {"question": "Who?", "filters": unknown} if nested else unknown
    content = json.dumps(body, separators=(",", ":")).encode()
    assert len(content) > 800_000
    reply = client.post(path, content=content, headers=JSON)
    assert "80000 fields; expected at most 64" in check_problem(reply, 422)["detail"]
    assert len(reply.content) < 1000


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": [0] * 250_000}]}),
        ("/v1/responses", {"input": [{"role": "user", "content": [0] * 300}] * 900}),
        ("/v1/citations", {"format": "ris", "reply": {"timeline": [0] * 300_000}}),
        ("/v1/articles", {"text": "Rain.", "tags": [0] * 300_000}),
        ("/v1/ask", [[{}] * 900] * 300),
    ],
)
def test_body_of_more_values_than_any_request_has_is_refused(
    client: TestClient, path: str, body: Any
) -> None:
    """Each would be an error of its own, collected on the event loop for seconds."""
    problem = check_problem(client.post(path, json=body), 422)
    assert "over 10000 values" in problem["detail"]
    assert "errors" not in problem


@pytest.mark.parametrize("path", POSTS)
def test_problem_names_the_first_wrong_fields_and_counts_the_rest(
    client: TestClient, path: str
) -> None:
    body = {"questions": [0] * 32, "filters": {"tags": [0] * 500}}
    problem = check_problem(client.post(path, json=body), 422)
    assert len(problem["errors"]) == 20
    assert problem["detail"].endswith(" more")
    reply = client.post(path, json={"question": "Who?", "questions": ["Who?"], "x" * 5000: 1})
    assert len(check_problem(reply, 422)["errors"][-1]["field"]) <= 200
    assert len(reply.content) < 2000


def test_long_body_is_parsed_off_the_event_loop(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []
    parse = json_body._parsed

    def noted(body: bytes) -> object:
        threads.append(threading.current_thread())
        return parse(body)

    monkeypatch.setattr(json_body, "_parsed", noted)
    for length in (10, 20_000):
        client.post("/v1/ask", json={"question": "x" * length})
    assert threads[0] is not threads[1]
    assert "AnyIO worker thread" in threads[1].name
