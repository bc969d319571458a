"""The running service: all its parts, started together and ended in order."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from api.observing.tracing import trace_replica_call
from api.service.admission import Admission, ConcurrencyLimit
from api.service.articles.changes import ArticleChanges
from api.service.articles.originals import OriginalOpener
from api.service.asking import Asking
from api.service.batched_models import batch_models
from api.service.cluster_watch import ClusterWatch
from api.service.evaluating.evaluations import Evaluations
from api.service.example_questions import ExampleQuestions
from api.service.jobs.rebuilding import Rebuilder
from api.service.marked_answers import MarkedAnswers
from api.service.models import load_models
from api.service.served_reader import serve_reader
from api.service.serving import Serving
from index.cluster import Cluster
from index.generations.published import PublishedIndex
from index.stores.sharding.served_shards import ServedShards

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from api.observing.metrics import Metrics
    from api.service.models import Models
    from api.settings import Settings
    from index.replica_calls import ReplicaCall

_HEAD_SECONDS: Final = 2.0  # between two looks whether the head of the cluster answers
_UPLOADS: Final = 4  # each may lie on disk whole


@dataclass(frozen=True, slots=True)
class RunningService:
    """The parts that one process answers requests with.

    Attributes:
        settings: As the service was started.
        metrics: Counts of what it does.
        serving: The generation being served.
        asking: Answers questions.
        rebuilder: Rebuilds the index.
        article_changes: Adds, replaces and removes articles.
        lookups: Limits the requests that look something up at a time.
        downloads: Limits the original files that are sent at a time.
        uploads: Limits the changes of articles that are received at a time.
        opener: Opens original files that are as they were indexed.
        example_questions: Questions to start from.
        marked_answers: Gold questions that readers made of answers.
        evaluations: Asks the gold questions, and keeps what came of it.
        cluster_watch: Knows whether the head of the cluster answers; None without a cluster.
    """

    settings: Settings
    metrics: Metrics
    serving: Serving
    asking: Asking
    rebuilder: Rebuilder
    article_changes: ArticleChanges
    lookups: ConcurrencyLimit
    downloads: ConcurrencyLimit
    uploads: ConcurrencyLimit
    opener: OriginalOpener
    example_questions: ExampleQuestions
    marked_answers: MarkedAnswers
    evaluations: Evaluations
    cluster_watch: ClusterWatch | None = None


@asynccontextmanager
async def run_service(
    settings: Settings, metrics: Metrics, models: Models | None = None
) -> AsyncIterator[RunningService]:
    """Load models and index, follow the index while the block runs, and end everything after it.

    Args:
        settings: Which models and index, and all limits.
        metrics: Counts what the service does.
        models: The models to answer with; loaded as the settings say where None.

    Raises:
        ArticleQAError: If a model cannot be loaded, or the index cannot be served.
    """

    def observe(call: ReplicaCall) -> None:
        metrics.count_replica_call(call)
        trace_replica_call(call)

    async with AsyncExitStack() as ending:
        cluster = None
        if settings.serve_ray is not None:
            cluster = await asyncio.to_thread(Cluster, settings.serve_ray)
            ending.push_async_callback(asyncio.to_thread, cluster.close)
        loaded = await asyncio.to_thread(load_models, settings) if models is None else models
        if cluster is not None and settings.reader_replicas:
            loaded = await asyncio.to_thread(serve_reader, loaded, cluster, settings, observe)
        loaded, batchers = batch_models(loaded, settings.max_in_flight)
        for batcher in batchers:
            ending.push_async_callback(asyncio.to_thread, batcher.close)
        open_shards = None
        if cluster is not None:
            open_shards = partial(
                ServedShards,
                cluster,
                replicas=settings.shard_replicas,
                seconds=settings.shard_seconds,
                storage=settings.storage,
                observe=observe,
            )
        published = None
        if settings.storage is not None:
            elsewhere = open_shards is not None
            published = PublishedIndex(settings.storage, shards_elsewhere=elsewhere)
        serving = await asyncio.to_thread(
            Serving,
            settings.index_dir,
            loaded,
            open_shards,
            published,
            settings.keep_generations,
        )
        rebuilder = Rebuilder(settings, serving.refresh)
        ending.push_async_callback(rebuilder.stop)
        rebuilder.resume()
        admission = Admission(
            settings.max_in_flight, settings.max_queue, settings.queue_seconds, metrics
        )
        ending.callback(admission.close)
        asking = Asking(settings, admission, metrics)
        evaluations = Evaluations(settings, asking)
        ending.push_async_callback(evaluations.stop)
        opener = OriginalOpener()
        ending.callback(opener.close)
        await ending.enter_async_context(_meanwhile(serving.follow(settings.reload_seconds)))
        watch = None if cluster is None else ClusterWatch(cluster)
        if watch is not None:
            await ending.enter_async_context(_meanwhile(watch.follow(_HEAD_SECONDS)))
        most_lookups = settings.max_in_flight + settings.max_queue
        yield RunningService(
            settings=settings,
            metrics=metrics,
            serving=serving,
            asking=asking,
            rebuilder=rebuilder,
            article_changes=ArticleChanges(settings, serving, rebuilder),
            lookups=ConcurrencyLimit(most_lookups, "look-ups", "lookups_full", metrics),
            # A file that waits to be hashed takes a look-up; the others are left for articles.
            downloads=ConcurrencyLimit(
                max(1, most_lookups // 2), "downloads", "downloads_full", metrics
            ),
            uploads=ConcurrencyLimit(_UPLOADS, "uploads", "uploads_full", metrics),
            opener=opener,
            example_questions=ExampleQuestions(),
            marked_answers=MarkedAnswers(settings),
            evaluations=evaluations,
            cluster_watch=watch,
        )


@asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let something run while the block does."""
    running = asyncio.create_task(work)
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
