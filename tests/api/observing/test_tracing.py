"""Spans of a real server, as they arrive at a collector."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from api.errors import SettingsError
from api.main import create_app
from api.observing import tracing
from api.observing.tracing import telemetry_config
from tests.conftest import REPOSITORY
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

WAIT = 120  # seconds: only a bound, so that a broken test ends
WORD = "Zanzibar"  # of a question; no span may hold it
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


class _Collector(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append((self.path, body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def collector() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Collector) as server:
        server.received = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _serve(index_dir: Path, collector: ThreadingHTTPServer, question: str) -> None:
    """Ask a server with tracing one question, then end it."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("QA_")},
        "QA_PORT": str(port),
        "QA_INDEX_DIR": str(index_dir),
        "QA_TRACING": "true",
        "OMP_NUM_THREADS": "1",
        ENDPOINT: f"http://127.0.0.1:{collector.server_port}",
        "OTEL_SERVICE_NAME": "articles",
    }
    command = [sys.executable, "-m", "tests.api.serve_fakes"]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + WAIT
        while not _answers(port, question):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT)
    finally:
        process.kill()
        process.wait(WAIT)


def _answers(port: int, question: str) -> bool:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/ask",
        data=f'{{"question": "{question}"}}'.encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=WAIT) as reply:  # noqa: S310
            return bool(reply.status == 200)
    except urllib.error.URLError:
        return False


def test_request_and_its_stages_arrive_at_the_collector_without_the_question(
    build: Callable[[], BuildSummary], index_dir: Path, collector: ThreadingHTTPServer
) -> None:
    trace_service: Any = pytest.importorskip(
        "opentelemetry.proto.collector.trace.v1.trace_service_pb2",
        reason="the extra 'tracing' is not installed",
    )
    build()
    _serve(index_dir, collector, f"Does Meta spend in {WORD}?")
    received: list[tuple[str, bytes]] = collector.received  # type: ignore[attr-defined]
    assert {path for path, _ in received} == {"/v1/traces"}
    assert not any(WORD.encode() in body for _, body in received)
    spans, services = {}, set()
    for _, body in received:
        for resource in trace_service.ExportTraceServiceRequest.FromString(body).resource_spans:
            known = {one.key: one.value.string_value for one in resource.resource.attributes}
            services.add(known["service.name"])
            for scope in resource.scope_spans:
                spans.update({span.name: span for span in scope.spans})
    assert services == {"articles"}
    request = spans["POST /v1/ask"]
    assert not request.parent_span_id
    for stage in ("retrieve", "read"):
        assert spans[stage].trace_id == request.trace_id
        assert spans[stage].parent_span_id
        assert request.start_time_unix_nano <= spans[stage].start_time_unix_nano
        assert spans[stage].end_time_unix_nano <= request.end_time_unix_nano
    assert spans["retrieve"].end_time_unix_nano <= spans["read"].start_time_unix_nano


def test_tracing_without_a_place_to_send_to_is_refused(
    settings: Settings, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENDPOINT, raising=False)
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", raising=False)
    with pytest.raises(SettingsError, match=f"QA_TRACING=true: {ENDPOINT} is not set"):
        create_app(settings.model_copy(update={"tracing": True}), models)


@pytest.mark.parametrize("missing", ["no_such_module", "no_such.module"])
def test_tracing_without_the_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:4318")
    monkeypatch.setattr(tracing, "_EXPORTER", missing)
    with pytest.raises(SettingsError, match=r"pip install '\.\[tracing\]'"):
        telemetry_config(True)
    assert telemetry_config(False)["tracing"] is False
