"""Rebuilds of the index: one job at a time, each in a process of its own."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import math
import sys
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from api.service.jobs.child_process import child, own_environment
from api.service.jobs.job import Job, JobStatus
from api.service.jobs.store import JobStore
from api.settings import variable
from index.errors import ArticleQAError, JobInProgressError
from index.generations.build_lock import build_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.settings import Settings

_LOGGER = logging.getLogger(__name__)
# -P: never import a package of the folder that the service was started in.
BUILD_COMMAND: Final = (sys.executable, "-P", "-m", "scripts.build_index", "--progress", "json")
_BUILD_SETTINGS: Final = (
    *(
        "corpus_dir",
        "index_dir",
        "encoder",
        "device",
        "precision",
        "faiss",
        "recall",
        "shards",
        "ray",
        "storage",
    ),
    *("preflight_gold", "preflight_no_worse_than", "preflight_fail_under"),
    *("reader", "reader_precision", "reader_base", "models_dir", "reread", "calibration"),
)
_SAVED_EVERY: Final = 0.5  # seconds between writes of progress, so that many lines cost little
_QUEUE_SECONDS: Final = 0.5  # between looks whether another process has finished its build


class Rebuilder:
    """Starts rebuilds and follows them.

    Args:
        settings: Corpus, index and models of the build.
        refresh: Called when a build has made a new generation.
    """

    def __init__(self, settings: Settings, refresh: Callable[[], None]) -> None:
        self._settings = settings
        self._refresh = refresh
        self._jobs = JobStore(settings.index_dir)
        self._running: asyncio.Task[None] | None = None
        self._queue: asyncio.Task[None] | None = None

    def job(self, job_id: str) -> Job | None:
        """The job with this id, of any worker; None where there is none, or none any more."""
        return self._jobs.find(job_id)

    def start(self) -> Job:
        """Start a rebuild.

        Raises:
            JobInProgressError: If one is running, in this worker or another.
        """
        if self._running is not None and not self._running.done():
            raise self._jobs.busy_error()
        job = Job(id=uuid.uuid4().hex, started_at=dt.datetime.now(dt.UTC))
        self._jobs.begin(job)
        self._running = asyncio.create_task(self._run(job))
        return job

    def request(self, change: dict[str, Any]) -> Job:
        """Have a change of the corpus built, after the builds that are running.

        Changes that wait for the same build share a job. It is stored: where this process ends
        before, the next one to start builds it.

        Args:
            change: What was changed, as JSON.

        Raises:
            StateError: If the job cannot be stored.
        """
        now = dt.datetime.now(dt.UTC)
        job = Job(uuid.uuid4().hex, now, status=JobStatus.QUEUED, changes=[change])
        job_id = self._jobs.enqueue(job)
        self._follow_queue()
        queued = self._jobs.find(job_id)
        return job if queued is None else queued

    def resume(self) -> None:
        """Build what a process before this one has left in the queue."""
        try:
            if self._jobs.has_queued():
                self._follow_queue()
        except ArticleQAError as error:
            _LOGGER.warning("no queued rebuild is begun: %s", error)

    async def stop(self) -> None:
        """End the running rebuild, if there is one; the old generation stays."""
        for task in (self._queue, self._running):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def _follow_queue(self) -> None:
        if self._queue is None or self._queue.done():
            self._queue = asyncio.create_task(self._run_queue())

    async def _run_queue(self) -> None:
        """Run the queued job when no other build runs, until none is queued."""
        while True:
            if self._running is not None:
                await asyncio.wait({self._running})
            try:
                if not self._jobs.has_queued():
                    return
                with build_lock(self._settings.index_dir):  # a build of the command line, say
                    pass
                job = self._jobs.begin_queued()
            except JobInProgressError:
                await asyncio.sleep(_QUEUE_SECONDS)
                continue
            except (ArticleQAError, OSError) as error:
                _LOGGER.warning("the queued rebuild waits: %s", error)
                await asyncio.sleep(_QUEUE_SECONDS)
                continue
            if job is not None:
                self._running = asyncio.create_task(self._run(job))

    async def _run(self, job: Job) -> None:
        with self._jobs.ending(job):
            job.summary = await self._build(job)
            await asyncio.to_thread(self._refresh)

    def _save(self, job: Job) -> None:
        """Store how far a job is; the build goes on where that cannot be stored."""
        try:
            self._jobs.save(job)
        except ArticleQAError as error:
            _LOGGER.warning("the progress of rebuild %s is not stored: %s", job.id, error)

    async def _build(self, job: Job) -> dict[str, Any]:
        """Run the build command, and follow its progress lines.

        Returns:
            Its summary.

        Raises:
            ArticleQAError: If it fails, with the message that it printed. The report of a preflight
                becomes the job's summary even then.
        """
        last: dict[str, Any] = {}
        saved = -math.inf
        environment = build_environment(self._settings)
        async with child("the build", BUILD_COMMAND, environment) as build:
            async for last in build.objects():
                job.progress = last.get("progress", job.progress)
                if time.monotonic() - saved > _SAVED_EVERY:
                    self._save(job)
                    saved = time.monotonic()
            failure = await build.failure()
        if failure is not None:
            job.summary = last if "preflight" in last else None
            raise ArticleQAError(failure)
        return last


def build_environment(settings: Settings) -> dict[str, str]:
    """The environment of a build: that of this process, with the settings that a build reads."""
    environment = own_environment()
    for name in _BUILD_SETTINGS:
        value = getattr(settings, name)
        environment.pop(variable(name), None)
        if value is not None:
            environment[variable(name)] = str(value)
    return environment
