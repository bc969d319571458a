"""Request ids, security headers, CORS, logs and metrics."""

from __future__ import annotations

import json
import logging
import logging.config
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.answering.ranking.ranker import Ranker
from api.main import create_app
from api.middleware.headers import SECURITY_HEADERS
from api.observing.logs import RepeatFilter, log_config
from api.service.models import Models
from api.settings import LogFormat
from tests.api.holding import metric, wait_until
from tests.api.shapes import check_problem
from tests.conftest import FakeReader, fake_calibration, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from api.settings import Settings
    from index.building.builder import BuildSummary
    from index.records import Passage
    from tests.conftest import FakeEncoder

ANSWERED = {"question": "How much capital expenditure at Meta?"}
ABSTAINED = {"question": "Who runs Google?"}


class ThrowingReader(FakeReader):
    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        if "throw" in question.text:
            raise RuntimeError("no such thing")
        return super().read(question, passages)


@pytest.fixture
def throwing(
    settings: Settings, encoder: FakeEncoder, build: Callable[[], BuildSummary]
) -> Iterator[TestClient]:
    build()
    models = Models(encoder, Ranker(ThrowingReader(), fake_calibration()))
    with TestClient(create_app(settings, models)) as client:
        yield client


def _all_kinds(client: TestClient) -> list[Any]:
    """One reply of every kind there is."""
    return [
        client.get("/healthz"),
        client.get("/readyz"),
        client.get("/metrics"),
        client.get("/openapi.json"),
        client.get("/v1/index"),
        client.post("/v1/ask", json=ANSWERED),
        client.post("/v1/ask", json=ANSWERED, headers={"Accept": "text/event-stream"}),
        client.post("/v1/ask", json={}),
        client.post("/v1/ask", content=b" " * 2_000_000),
        client.post("/v1/ask", json={"question": "Does Meta throw?"}),
        client.get("/v1/ask"),
        client.get("/nothing"),
        client.options("/v1/ask"),
        client.get("/redoc"),
    ]


def test_every_response_has_the_security_headers_and_an_id(throwing: TestClient) -> None:
    replies = _all_kinds(throwing)
    assert {reply.status_code for reply in replies} == {200, 404, 405, 413, 422, 500}
    for reply in replies:
        for name, value in SECURITY_HEADERS.items():
            assert reply.headers[name] == value
        if reply.url.path.startswith("/v1/"):
            assert "no-" in reply.headers["cache-control"]
    assert len({reply.headers["x-request-id"] for reply in replies}) == len(replies)
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert {name: value for name, value in SECURITY_HEADERS.items() if "Policy" not in name} == {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    for name in ("Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"):
        assert SECURITY_HEADERS[name] == "same-origin"
    assert SECURITY_HEADERS["Referrer-Policy"] == "no-referrer"
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("known", ["a", "7f3a.B_c-d", "x" * 64])
def test_id_of_the_client_is_kept(client: TestClient, known: str) -> None:
    reply = client.post("/v1/ask", json={}, headers={"X-Request-ID": known})
    assert check_problem(reply, 422)["request_id"] == known


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", 'a"', "é", "<script>", "a,b"])
def test_id_of_the_client_that_could_do_harm_is_replaced(client: TestClient, given: str) -> None:
    reply = client.get("/v1/nothing", headers=[(b"X-Request-ID", given.encode("latin-1"))])
    assert len(check_problem(reply, 404)["request_id"]) == 32


def test_no_page_may_read_replies_unless_its_origin_is_set(client: TestClient) -> None:
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    for reply in (client.get("/healthz", headers=asked), client.options("/v1/ask", headers=asked)):
        assert not [name for name in reply.headers if name.startswith("access-control")]


def test_page_of_a_set_origin_may_read_replies(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    build()
    chosen = settings.model_copy(update={"cors_origins": ("https://a.example",)})
    with TestClient(create_app(chosen, models)) as client:
        asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
        preflight = client.options("/v1/ask", headers=asked)
        assert preflight.headers["access-control-allow-origin"] == "https://a.example"
        reply = client.post("/v1/ask", json=ANSWERED, headers={"Origin": "https://a.example"})
        assert reply.headers["access-control-allow-origin"] == "https://a.example"
        assert "access-control-allow-credentials" not in reply.headers
        other = client.get("/healthz", headers={"Origin": "https://b.example"})
        assert "access-control-allow-origin" not in other.headers


def _records(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == "api.requests"]


def test_each_request_is_logged_once_without_its_question(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post("/v1/ask", json=ANSWERED, headers={"X-Request-ID": "mine"})
        client.post("/v1/ask/batch", json={"questions": [ABSTAINED["question"]] * 2})
        client.post("/v1/search", json=ANSWERED)
        client.post("/v1/ask", json={"question": 5, "top_k": ANSWERED["question"]})
        client.get("/healthz")
    assert [
        (record.method, record.path, record.status, getattr(record, "questions", None))  # type: ignore[attr-defined]
        for record in _records(caplog)
    ] == [
        ("POST", "/v1/ask", 200, 1),
        ("POST", "/v1/ask/batch", 200, 2),
        ("POST", "/v1/search", 200, 1),
        ("POST", "/v1/ask", 422, None),
        ("GET", "/healthz", 200, None),
    ]
    assert _records(caplog)[-1].levelno == logging.DEBUG
    logged = str([vars(record) for record in caplog.records if record.name.startswith("api")])
    assert "capital" not in logged
    assert "Google" not in logged


def test_questions_are_logged_where_the_settings_say_so(
    settings: Settings,
    models: Models,
    build: Callable[[], BuildSummary],
    caplog: pytest.LogCaptureFixture,
) -> None:
    build()
    build()
    chosen = settings.model_copy(update={"log_questions": True})
    with TestClient(create_app(chosen, models)) as client, caplog.at_level(logging.INFO):
        client.post("/v1/ask", json=ANSWERED)
    (record,) = _records(caplog)
    assert vars(record)["asked"] == [ANSWERED["question"]]


def test_unexpected_error_is_logged_once_with_its_trace(
    throwing: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        check_problem(throwing.post("/v1/ask", json={"question": "Does Meta throw?"}), 500)
    failed, request = _records(caplog)
    assert failed.exc_info is not None
    assert "no such thing" in str(failed.exc_info[1])
    assert vars(request)["status"] == 500
    assert "Does Meta" not in failed.getMessage()


@pytest.fixture
def configured(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[LogFormat], None]]:
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    yield lambda form: logging.config.dictConfig(log_config(form))
    root.handlers[:] = kept
    root.setLevel(level)


def test_json_log_is_one_object_a_line_with_the_request_id(
    client: TestClient,
    configured: Callable[[LogFormat], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    configured(LogFormat.JSON)
    client.get("/v1/articles/two%0alines", headers={"X-Request-ID": "mine"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (logged,) = [line for line in lines if line["logger"] == "api.requests"]
    assert (logged["request_id"], logged["level"], logged["status"]) == ("mine", "INFO", 404)
    assert logged["path"] == "/v1/articles/two\nlines"
    assert logged["time"].startswith("20")


def test_text_log_is_one_line_whatever_the_path(
    client: TestClient,
    configured: Callable[[LogFormat], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    configured(LogFormat.TEXT)
    client.get("/v1/articles/two%0alines", headers={"X-Request-ID": "mine"})
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "api.requests" in line]
    assert "[mine] GET '/v1/articles/two\\nlines' 404" in line


def test_text_log_has_no_request_where_there_is_none(
    configured: Callable[[LogFormat], None], capsys: pytest.CaptureFixture[str]
) -> None:
    configured(LogFormat.TEXT)
    logging.getLogger("api.ready").info("65 articles")
    assert capsys.readouterr().err.endswith(" INFO api.ready 65 articles\n")


def test_text_log_has_the_questions_where_they_are_logged(
    settings: Settings,
    models: Models,
    build: Callable[[], BuildSummary],
    configured: Callable[[LogFormat], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    build()
    chosen = settings.model_copy(update={"log_questions": True})
    with TestClient(create_app(chosen, models)) as client:
        configured(LogFormat.TEXT)
        client.post("/v1/ask", json={"question": "Who\nruns Müller?"})
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "api.requests" in line]
    assert line.endswith('asked=["Who\\nruns M\\u00fcller?"]')


def test_metrics_count_what_was_done(client: TestClient) -> None:
    client.post("/v1/ask", json=ANSWERED)
    client.post("/v1/ask", json=ABSTAINED)
    client.post("/v1/ask", json={})
    client.request("BREW", "/v1/ask")
    for number in range(5):
        client.get(f"/made/up/{number}")
    expected = {
        'qa_requests_total{method="POST",route="/v1/ask",status="200"}': 2,
        'qa_requests_total{method="POST",route="/v1/ask",status="422"}': 1,
        'qa_requests_total{method="other",route="/v1/ask",status="405"}': 1,
        'qa_requests_total{method="GET",route="none",status="404"}': 5,
        'qa_questions_total{status="answered"}': 1,
        'qa_questions_total{status="abstained"}': 1,
        'qa_answer_confidence_bucket{le="0.5"}': 0,
        'qa_answer_confidence_bucket{le="1.0"}': 1,
        'qa_stage_seconds_count{stage="queue"}': 2,
        'qa_stage_seconds_count{stage="encode"}': 2,
        'qa_stage_seconds_count{stage="retrieve"}': 2,
        'qa_stage_seconds_count{stage="read"}': 2,
        'qa_request_seconds_count{route="/v1/ask"}': 4,
        "qa_index_articles": 3,
        "qa_requests_open": 1,
        "qa_questions_in_flight": 0,
    }
    assert {name: metric(client, name) for name in expected} == expected


def test_metrics_name_the_index_and_its_age(client: TestClient) -> None:
    version = client.get("/v1/index").json()["index_version"]
    assert metric(client, f'qa_index{{version="{version}"}}') == 1
    assert 0 <= metric(client, "qa_index_age_seconds") < 3600


def test_metrics_forget_the_index_before(
    client: TestClient, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    for number in range(3):
        write_articles(
            corpus_dir, [{"id": f"rain-{n}", "text": f"Rain {n}."} for n in range(number + 1)]
        )
        version = build().index_version
        served = {"status": "ready", "index_version": version}
        wait_until(lambda: client.get("/readyz").json() == served)  # noqa: B023
        assert _index_series(client.get("/metrics").text) == [
            f'qa_index{{version="{version}"}} 1.0'
        ]
        assert metric(client, "qa_index_articles") == number + 1


def _index_series(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("qa_index{")]


def test_metrics_are_well_formed_and_open_without_an_index(
    settings: Settings, models: Models
) -> None:
    with TestClient(create_app(settings, models)) as client:
        reply = client.get("/metrics")
        assert reply.headers["content-type"].startswith("text/plain; version=")
        names = {family.name for family in text_string_to_metric_families(reply.text)}
        assert {"qa_requests", "qa_stage_seconds", "qa_index_age_seconds"} <= names


def test_same_fault_is_logged_once_a_second_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("api.observing.logs.time.monotonic", lambda: now)
    passed: list[str] = []
    logger = logging.getLogger("tests.faulty")
    logger.propagate = False
    handler = logging.Handler()
    handler.addFilter(RepeatFilter())
    handler.emit = lambda record: passed.append(record.getMessage())  # type: ignore[method-assign]
    logger.addHandler(handler)
    for _ in range(1000):
        logger.error("no %s left", "files")
    logger.error("no %s left", "memory")
    logger.warning("asked")
    assert passed == ["no files left", "no memory left", "asked"]
    now = 101.0
    logger.error("no %s left", "files")
    assert passed[-1] == "no files left (and 999 times before)"
    logger.removeHandler(handler)
