"""Evaluations of the gold questions by the running service: one at a time, between questions.

Asking is done here, in slots of the service, of the generation that was served when it began. What
the replies are worth is for `scripts.served_evaluation` to say, which runs in a process of its own,
asks for replies on its standard output, and gets them on its standard input.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import sys
import time
import uuid
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

from api.errors import OverloadedError
from api.service.evaluating.history import EvaluationHistory
from api.service.jobs.child_process import child, own_environment
from api.service.jobs.job import Job, JobStatus
from api.service.jobs.store import JobStore
from api.service.local import LocalService
from index.errors import (
    ArticleNotFoundError,
    ArticleQAError,
    EvaluationConflictError,
    EvaluationNotFoundError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from api.service.admission import Slot
    from api.service.asking import Asking
    from api.service.serving import Served
    from api.settings import Settings

# -P: never import a package of the folder that the service was started in.
EVALUATE_COMMAND: Final = (sys.executable, "-P", "-m", "scripts.served_evaluation")
_WHAT: Final = "the evaluation"
_JOBS_FILE: Final = "evaluations.sqlite"
_LOCK_FILE: Final = "evaluation.lock"
_LONGEST_SECONDS: Final = 4 * 3600.0
_COMPARING_SECONDS: Final = 120.0
_SAVED_EVERY: Final = 0.5  # seconds between writes of progress
_GIVES_WAY: Final = 5.0  # seconds at most before a question of it waits as any other does
_LOOKS_EVERY: Final = 0.05  # seconds
_IN_A_SLOT: Final = ("ask", "search")
_METHODS: Final = (*_IN_A_SLOT, "articles", "article", "index")


class Evaluations:
    """Runs evaluations and keeps their figures.

    Args:
        settings: Where the index is, and how long a question may take.
        asking: Gives slots.
    """

    def __init__(self, settings: Settings, asking: Asking) -> None:
        self.history = EvaluationHistory(settings.index_dir)
        self._asking = asking
        self._seconds = settings.retrieve_seconds + settings.read_seconds
        self._jobs = JobStore(settings.index_dir, "evaluation", _JOBS_FILE, _LOCK_FILE)
        self._running: asyncio.Task[None] | None = None
        self._comparing = asyncio.Lock()

    def start(self, served: Served, questions: int, *, by: str | None) -> Job:
        """Start an evaluation of a generation.

        Args:
            served: The generation.
            questions: The most gold questions to ask; of more, every second, third and so on.
            by: The name of the sender's key; None without keys.

        Raises:
            JobInProgressError: If one is running, in this worker or another.
            StateError: If it cannot be stored.
        """
        if self._running is not None and not self._running.done():
            raise self._jobs.busy_error()
        job = Job(id=uuid.uuid4().hex, started_at=dt.datetime.now(dt.UTC))
        self.history.folder()
        self._jobs.begin(job)
        self._running = asyncio.create_task(self._run(job, served, questions, by))
        return job

    def job(self, evaluation_id: str) -> Job:
        """The evaluation with this id, of any worker.

        Raises:
            EvaluationNotFoundError: If there is none, or none any more.
        """
        job = self._jobs.find(evaluation_id)
        if job is None:
            raise EvaluationNotFoundError(
                f"evaluation '{evaluation_id[:100]}': there is none of this id, or it was deleted"
            )
        return job

    def latest(self) -> Job | None:
        """The evaluation that began last, of any worker; None where there is none."""
        return self._jobs.latest()

    def cancel(self, evaluation_id: str) -> Job:
        """End a running evaluation, of any worker; it leaves no figures.

        Raises:
            EvaluationNotFoundError: If there is none of this id.
        """
        self.job(evaluation_id)
        self._jobs.cancel(evaluation_id)
        return self.job(evaluation_id)

    async def compare(self, old: str, new: str) -> dict[str, Any]:
        """Compare two evaluations, question by question.

        Returns:
            What `scripts.evaluation.comparison.Comparison` is in JSON.

        Raises:
            EvaluationNotFoundError: If one of them is not kept with its questions.
            EvaluationConflictError: If they have no question in common.
        """
        paths = [str(await asyncio.to_thread(self.history.result, each)) for each in (old, new)]
        async with self._comparing, asyncio.timeout(_COMPARING_SECONDS):
            command = (*EVALUATE_COMMAND, "compare", *paths)
            async with child("the comparison", command, own_environment()) as comparing:
                printed = [line async for line in comparing.objects()]
                failure = await comparing.failure()
        if failure is not None:
            raise EvaluationConflictError(failure.removeprefix("error: "))
        return printed[-1]

    async def stop(self) -> None:
        """End the running evaluation, if there is one."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self, job: Job, served: Served, questions: int, by: str | None) -> None:
        with self._jobs.ending(job):
            try:
                async with asyncio.timeout(_LONGEST_SECONDS):
                    figures, missed = await self._evaluate(job, served, questions)
            except _CancelledError:
                job.status = JobStatus.CANCELLED
            except TimeoutError:
                job.status = JobStatus.FAILED
                job.error = f"it took longer than {_LONGEST_SECONDS / 3600:g} hours"
            else:
                record = {**figures, "id": job.id, "by": by}
                await asyncio.to_thread(self.history.add, record)
                job.summary = {"evaluation": record, "missed": missed}

    async def _evaluate(
        self, job: Job, served: Served, questions: int
    ) -> tuple[dict[str, Any], list[Any]]:
        """Let the process ask; gives the figures, and the questions that went wrong."""
        corpus = served.generation.manifest.corpus_dir
        folder = str(self.history.folder() / job.id)
        command = (*EVALUATE_COMMAND, "run", corpus, str(questions), folder)
        service = LocalService(lambda: served)
        last: dict[str, Any] = {}
        saved = -math.inf
        async with child(_WHAT, command, own_environment(), hears=True) as evaluating:
            async for last in evaluating.objects():
                if "method" in last:
                    await evaluating.tell(await self._reply(service, last))
                job.progress = last.get("progress", job.progress)
                if time.monotonic() - saved > _SAVED_EVERY:
                    if not self._jobs.save(job):
                        raise _CancelledError
                    saved = time.monotonic()
            failure = await evaluating.failure()
        if failure is not None or "evaluation" not in last:
            message = failure or f"{_WHAT} ended silently"
            raise ArticleQAError(message.removeprefix("error: "))
        if not self._jobs.save(job):
            raise _CancelledError
        return last["evaluation"], last["missed"]

    async def _reply(self, service: LocalService, call: dict[str, Any]) -> dict[str, Any]:
        """Do what the process asks for, as a message to it."""
        name, arguments, options = call["method"], call["arguments"], call["options"]
        if name not in _METHODS:
            raise ArticleQAError(f"{_WHAT} asked for '{name}'; expected one of {_METHODS}")
        method: Callable[..., BaseModel] = getattr(service, name)

        def work() -> BaseModel:
            return method(*arguments, **options)

        try:
            if name in _IN_A_SLOT:
                reply = await self._in_slot(work)
            else:
                reply = await asyncio.to_thread(work)
        except ArticleQAError as error:
            missing = isinstance(error, ArticleNotFoundError)
            return {"error": str(error), "missing": missing}
        return {"reply": reply.model_dump(mode="json")}

    async def _in_slot(self, work: Callable[[], BaseModel]) -> BaseModel:
        async with AsyncExitStack() as stack:
            slot = await self._slot(stack)
            return await slot.run("evaluate", self._seconds, work)

    async def _slot(self, stack: AsyncExitStack) -> Slot:
        """Get a slot when none waits for one; after a while, wait as any question does."""
        while True:
            began = time.monotonic()
            while self._asking.is_full and time.monotonic() - began < _GIVES_WAY:
                await asyncio.sleep(_LOOKS_EVERY)
            try:
                return await stack.enter_async_context(self._asking.slot())
            except OverloadedError:
                continue


class _CancelledError(ArticleQAError):
    """Somebody has cancelled the evaluation."""
