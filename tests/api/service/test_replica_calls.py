"""Metrics and traces of the processes on a cluster that a question is answered with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.context import get_current as current_context
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api.answering.ranking.ranker import Ranker
from api.main import create_app
from api.observing import tracing
from api.observing.metrics import Metrics
from api.observing.tracing import stage_span, trace_replica_call, working_for
from api.service import served_reader
from api.service.models import Models
from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.replica_calls import ReplicaCall, Work
from tests.api.service.test_served_reader import ManyReader
from tests.conftest import FakeEncoder, fake_calibration
from tests.index.fake_ray import FakeRay, install_fake

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings

QUESTION = {"question": "How much does Meta expect to spend?", "min_confidence": 0}
NODE = "192.0.2.1"  # of the fake
CALL = ReplicaCall("shard", 3, 1, NODE, "answered", 10, 5_000_000_010, Work(NODE, 7, 2_000_000_007))


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    monkeypatch.setattr(served_reader, "load_reader", lambda *_: ManyReader())
    monkeypatch.setattr(served_reader, "SentenceTransformerEncoder", lambda *_, **__: FakeEncoder())
    return install_fake(monkeypatch)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gives the spans that have ended."""
    sdk: Any = pytest.importorskip("opentelemetry.sdk.trace", reason="extra 'tracing'")
    export: Any = pytest.importorskip("opentelemetry.sdk.trace.export")
    memory: Any = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    exporter = memory.InMemorySpanExporter()
    provider = sdk.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_TRACER", provider.get_tracer("tests"))
    return exporter.get_finished_spans


@pytest.fixture
def on_cluster(settings: Settings, corpus_dir: Path) -> Settings:
    """Settings of a service whose shards and readers are on a cluster."""
    options = BuildOptions(shards=3)
    build_index(corpus_dir, settings.index_dir, FakeEncoder(), ChunkingParameters(), options)
    more = {"serve_ray": "auto", "reader_replicas": 1, "shard_replicas": 2}
    return settings.model_copy(update=more)


def _samples(text: str, name: str) -> dict[tuple[str, ...], float]:
    """The values of a metric, by the values of its labels in the order of their names."""
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


def test_metrics_say_what_each_process_on_the_cluster_did(
    on_cluster: Settings, ray: FakeRay
) -> None:
    models = Models(FakeEncoder(), Ranker(ManyReader(), fake_calibration()))
    with TestClient(create_app(on_cluster, models)) as client:
        client.post("/v1/ask", json=QUESTION).raise_for_status()
        calls = _samples(client.get("/metrics").text, "qa_replica_calls_total")
        reader = (NODE, "answered", "0", "reader", "")
        assert calls[reader] == 1
        shards = {key for key in calls if key[3] == "shard"}
        assert {key[:2] for key in shards} == {(NODE, "answered")}
        assert len({key[4] for key in shards}) == 2, "two of three shards have articles"
        for actor in ray.actors[1::2]:  # the first of each shard; a reader is before them
            actor.lost = True
        for number in range(2):
            asked = {**QUESTION, "question": f"Does Meta spend? {number}"}
            client.post("/v1/ask", json=asked).raise_for_status()
        text = client.get("/metrics").text
    failed = [key for key in _samples(text, "qa_replica_calls_total") if key[1] == "failed"]
    assert {key[2] for key in failed} == {"0"}
    counts = _samples(text, "qa_replica_seconds_count")
    assert counts[NODE, "0", "reader", ""] == 3
    answered = {
        (node, replica, role, shard): value
        for (node, outcome, replica, role, shard), value in _samples(
            text, "qa_replica_calls_total"
        ).items()
        if outcome == "answered"
    }
    assert counts == answered == _samples(text, "qa_replica_questions_total")


def test_time_of_a_call_is_divided_into_work_and_waiting() -> None:
    metrics = Metrics()
    metrics.count_replica_call(CALL)
    metrics.count_replica_call(replace(CALL, ended_ns=1_000_000_010))  # a clock was set
    metrics.count_replica_call(replace(CALL, outcome="late", work=None, node=""))
    text = metrics.text(None).decode()
    key = NODE, "1", "shard", "3"
    assert _samples(text, "qa_replica_seconds_sum") == {key: 4.0}
    assert _samples(text, "qa_replica_waiting_seconds_total") == {key: 3.0}
    late = _samples(text, "qa_replica_calls_total")["", "late", "1", "shard", "3"]
    assert late == 1


def test_one_trace_holds_entrance_replicas_and_readers(
    on_cluster: Settings, ray: FakeRay, spans: Any
) -> None:
    del ray
    models = Models(FakeEncoder(), Ranker(ManyReader(), fake_calibration()))
    with TestClient(create_app(on_cluster, models)) as client:
        client.post("/v1/ask", json=QUESTION).raise_for_status()
    by_id = {span.context.span_id: span for span in spans()}
    parents = {
        (span.name, by_id[span.parent.span_id].name) for span in by_id.values() if span.parent
    }
    assert parents == {
        ("call shard", "retrieve"),
        ("call shard", "read"),  # further passages, and the articles that are cited
        ("shard", "call shard"),
        ("call reader", "read"),
        ("reader", "call reader"),
    }
    for span in by_id.values():
        if span.name in {"shard", "reader"}:
            assert span.attributes["server.address"] == NODE
            assert span.attributes["qa.replica"] in {0, 1}
            assert ("qa.shard" in span.attributes) == (span.name == "shard")
        if span.parent:
            assert span.context.trace_id == by_id[span.parent.span_id].context.trace_id
    assert not any("Meta" in str(dict(span.attributes)) for span in by_id.values())


def test_batch_is_in_the_trace_of_each_question_in_it(spans: Any) -> None:
    callers = []
    for _ in range(2):
        with stage_span("read"):
            callers.append(current_context())
    call = replace(CALL, role="reader", shard=None, questions=2)
    with working_for(callers):
        trace_replica_call(call)
    trace_replica_call(replace(call, outcome="failed", work=None))
    named = {name: [s for s in spans() if s.name == name] for name in ("read", "call reader")}
    assert [span.parent.span_id for span in named["call reader"][:2]] == [
        span.context.span_id for span in named["read"]
    ]
    work = [span for span in spans() if span.name == "reader"]
    assert [(span.start_time, span.end_time) for span in work] == [(7, 2_000_000_007)] * 2
    alone = named["call reader"][2]
    assert (alone.parent, alone.status.is_ok, alone.status.description) == (None, False, "failed")
