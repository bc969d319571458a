"""The metrics at `/metrics`, by the Prometheus client library."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import psutil
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

    from api.answering.answers import Reply
    from index.manifest import Manifest
    from index.replica_calls import ReplicaCall

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 30, 60)
_REPLICA: Final = ("role", "shard", "replica", "node")
_CONFIDENCES: Final = tuple(tenth / 10 for tenth in range(1, 11))


class Metrics:
    """Counters, gauges and histograms of the service.

    Several workers add up theirs in the folder that ``PROMETHEUS_MULTIPROC_DIR`` names, so that
    each of them can show the sums.
    """

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self._shared = os.environ.get(SHARED_FOLDER)
        self.requests = Counter(
            "qa_requests",
            "Requests answered, by route and status.",
            ("method", "route", "status"),
            registry=registry,
        )
        self.request_seconds = Histogram(
            "qa_request_seconds",
            "Time from a request to the end of its response.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.requests_open = Gauge(
            "qa_requests_open",
            "Requests being answered, those that wait among them.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.stage_seconds = Histogram(
            "qa_stage_seconds",
            "Time that questions spent in a stage: queue, encode, retrieve, read.",
            ("stage",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.in_flight = Gauge(
            "qa_questions_in_flight",
            "Requests whose questions are being worked on.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.queued = Gauge(
            "qa_questions_queued",
            "Requests that wait for others to be done.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.overloads = Counter(
            "qa_overloads",
            "Requests refused or given up with 503, by reason: queue_full, queue_time, stage_time, "
            "lookups_full, downloads_full.",
            ("reason",),
            registry=registry,
        )
        self.questions = Counter(
            "qa_questions",
            "Questions answered or abstained from.",
            ("status",),
            registry=registry,
        )
        self.partial = Counter(
            "qa_partial",
            "Questions of which not all shards of the index answered.",
            registry=registry,
        )
        self.confidence = Histogram(
            "qa_answer_confidence",
            "Confidence of the best answer of each answered question.",
            buckets=_CONFIDENCES,
            registry=registry,
        )
        self.cache = Counter(
            "qa_cache", "Questions looked up in the answer cache.", ("result",), registry=registry
        )

        self.replica_calls = Counter(
            "qa_replica_calls",
            "Calls of processes on a cluster that serve a shard or read, by outcome: answered, "
            "failed, late.",
            (*_REPLICA, "outcome"),
            registry=registry,
        )
        self.replica_questions = Counter(
            "qa_replica_questions",
            "Questions that answered calls of such a process were for.",
            _REPLICA,
            registry=registry,
        )
        self.replica_seconds = Histogram(
            "qa_replica_seconds",
            "Time that such a process worked for an answered call.",
            _REPLICA,
            buckets=_SECONDS,
            registry=registry,
        )
        self.replica_waiting = Counter(
            "qa_replica_waiting_seconds",
            "Time that answered calls of such a process were waited for besides its work.",
            _REPLICA,
            registry=registry,
        )

    def count_replica_call(self, call: ReplicaCall) -> None:
        """Count one call of a process on a cluster."""
        shard = "" if call.shard is None else str(call.shard)
        labels = call.role, shard, str(call.replica), call.node
        self.replica_calls.labels(*labels, call.outcome).inc()
        if call.work is not None:
            self.replica_questions.labels(*labels).inc(call.questions)
            self.replica_seconds.labels(*labels).observe(call.work.seconds)
            # By two clocks, each of which may be set meanwhile.
            self.replica_waiting.labels(*labels).inc(max(0.0, call.seconds - call.work.seconds))

    def count_outcome(self, reply: Reply) -> None:
        """Count one reply, new or cached."""
        self.questions.labels("answered" if reply.answers else "abstained").inc()
        if reply.is_partial:
            self.partial.inc()
        if reply.answers:
            self.confidence.observe(reply.answers[0].confidence)

    def text(self, manifest: Manifest | None) -> bytes:
        """All metrics in the Prometheus text format.

        Args:
            manifest: That of the index being served; None where there is none.
        """
        registry = CollectorRegistry()
        registry.register(self._counts())
        registry.register(_ServedIndex(manifest))
        return generate_latest(registry)

    def _counts(self) -> Collector:
        """The counts of this process, or of all workers."""
        if self._shared is None:
            return self._registry
        _drop_dead_workers(self._shared)
        return cast(
            "Collector",
            multiprocess.MultiProcessCollector(None, path=self._shared),  # type: ignore[no-untyped-call]
        )


class _ServedIndex(Collector):
    """Gauges of the index that this worker serves, computed when they are read.

    Workers cannot add these up: their shared folder would keep versions and ages that are out of
    date. Another worker may be up to ``reload_seconds`` behind or ahead.
    """

    def __init__(self, manifest: Manifest | None) -> None:
        self._manifest = manifest

    def collect(self) -> Iterator[Metric]:
        """The gauges; without an index they have no values."""
        version = GaugeMetricFamily(
            "qa_index", "1 for the version of the index that is being served.", labels=["version"]
        )
        created = GaugeMetricFamily(
            "qa_index_created_timestamp_seconds",
            "When the index that is being served was built.",
        )
        age = GaugeMetricFamily(
            "qa_index_age_seconds", "Time since the index that is being served was built."
        )
        articles = GaugeMetricFamily(
            "qa_index_articles", "Articles in the index that is being served."
        )
        if self._manifest is not None:
            built = self._manifest.created_at
            version.add_metric([self._manifest.index_version], 1)
            created.add_metric([], built.timestamp())
            age.add_metric([], (dt.datetime.now(dt.UTC) - built).total_seconds())
            articles.add_metric([], self._manifest.articles)
        yield from (version, created, age, articles)


def _drop_dead_workers(folder: str) -> None:
    """Drop the gauges of workers that were killed; their counters stay."""
    processes = {path.stem.rpartition("_")[2] for path in Path(folder).glob("gauge_live*.db")}
    for process in map(int, processes):
        if not psutil.pid_exists(process):
            multiprocess.mark_process_dead(process, folder)  # type: ignore[no-untyped-call]
