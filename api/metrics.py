"""What `/metrics` shows, by the Prometheus client library."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

if TYPE_CHECKING:
    from api.answering.answers import Reply
    from index.manifest import Manifest

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 30, 60)
_CONFIDENCES: Final = tuple(tenth / 10 for tenth in range(1, 11))


class Metrics:
    """Counts what the service does.

    With several workers, whose counts meet in the folder that ``PROMETHEUS_MULTIPROC_DIR`` names,
    each worker answers for all.
    """

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self._shared = os.environ.get(SHARED_FOLDER)
        self._version: str | None = None
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
            "Requests refused or given up with 503, by reason: queue_full, queue_time, stage_time.",
            ("reason",),
            registry=registry,
        )
        self.questions = Counter(
            "qa_questions",
            "Questions answered or abstained from.",
            ("status",),
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
        self.index = Gauge(
            "qa_index",
            "1 for the version of the index that is being served.",
            ("version",),
            registry=registry,
            multiprocess_mode="livemax",
        )
        self.index_created = Gauge(
            "qa_index_created_timestamp_seconds",
            "When the index that is being served was built.",
            registry=registry,
            multiprocess_mode="livemax",
        )
        self.index_age = Gauge(
            "qa_index_age_seconds",
            "Time since the index that is being served was built.",
            registry=registry,
            multiprocess_mode="livemax",
        )
        self.index_articles = Gauge(
            "qa_index_articles",
            "Articles in the index that is being served.",
            registry=registry,
            multiprocess_mode="livemax",
        )

    def count_outcome(self, reply: Reply) -> None:
        """Count one question that was answered, from the cache or not."""
        self.questions.labels("answered" if reply.answers else "abstained").inc()
        if reply.answers:
            self.confidence.observe(reply.answers[0].confidence)

    def text(self, manifest: Manifest | None) -> bytes:
        """Write all of it in the Prometheus text format."""
        if manifest is not None:
            self._say_index(manifest)
        if self._shared is None:
            return generate_latest(self._registry)
        _forget_dead(self._shared)
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry, path=self._shared)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def _say_index(self, manifest: Manifest) -> None:
        version = manifest.index_version
        if self._version not in (None, version):
            self.index.labels(self._version).set(0)
        self._version = version
        self.index.labels(version).set(1)
        self.index_created.set(manifest.created_at.timestamp())
        self.index_age.set((dt.datetime.now(dt.UTC) - manifest.created_at).total_seconds())
        self.index_articles.set(manifest.articles)


def _forget_dead(folder: str) -> None:
    """Drop the gauges of workers that ended without saying so; their counts stay."""
    processes = {path.stem.rpartition("_")[2] for path in Path(folder).glob("gauge_live*.db")}
    for process in processes:
        if not Path(f"/proc/{process}").exists() and Path("/proc/self").exists():
            multiprocess.mark_process_dead(  # type: ignore[no-untyped-call]
                int(process), folder
            )
