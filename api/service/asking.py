"""Asking over HTTP: answer cache, admission, and a time limit on each stage."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.service.answer_cache import AnswerCache

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from api.answering.answerer import AskParameters
    from api.answering.answers import Reply
    from api.answering.questions.question import Question
    from api.observing.metrics import Metrics
    from api.service.admission import Admission, Slot
    from api.service.serving import Served
    from api.settings import Settings
    from index.retriever import Retrieval


@dataclass(frozen=True, slots=True)
class CachedReply:
    """A reply, and the milliseconds of its cache look-up; None where the reply is new."""

    reply: Reply
    cache_ms: float | None = None


class Asking:
    """Answers questions within the limits of the service.

    Args:
        settings: Time limits of the stages, and the size of the answer cache.
        admission: Gives slots.
        metrics: Counts look-ups, stages and outcomes.
    """

    def __init__(self, settings: Settings, admission: Admission, metrics: Metrics) -> None:
        self._settings = settings
        self._admission = admission
        self._metrics = metrics
        self._cache = AnswerCache(settings.cache_size, settings.cache_bytes)

    async def ask(
        self, served: Served, questions: Sequence[Question], parameters: AskParameters
    ) -> list[CachedReply]:
        """Answer questions one after the other in one slot; cached replies need none.

        Raises:
            OverloadedError: If there is no slot, or a stage takes too long.
        """
        replies = [self.recall(served, question, parameters) for question in questions]
        if all(reply is not None for reply in replies):
            return [reply for reply in replies if reply is not None]
        async with self._admission.slot() as slot:
            return [
                await self._answer(slot, served, question, parameters) if cached is None else cached
                for question, cached in zip(questions, replies, strict=True)
            ]

    @property
    def is_full(self) -> bool:
        """Whether a question that came now would wait for a slot."""
        return self._admission.is_full

    def slot(self) -> AbstractAsyncContextManager[Slot]:
        """Wait for a slot; see `Admission.slot`."""
        return self._admission.slot()

    async def search(
        self, served: Served, question: Question, parameters: AskParameters
    ) -> Retrieval:
        """Retrieve passages only.

        Raises:
            OverloadedError: If there is no slot, or a stage takes too long.
        """
        async with self._admission.slot() as slot:
            return await self._retrieve(slot, lambda: served.answerer.search(question, parameters))

    def recall(
        self, served: Served, question: Question, parameters: AskParameters
    ) -> CachedReply | None:
        """Look a reply up in the cache."""
        started = time.perf_counter()
        reply = self._cache.get(served.generation.version, question, parameters)
        if self._settings.cache_size > 0:
            self._metrics.cache.labels("miss" if reply is None else "hit").inc()
        if reply is None:
            return None
        self._metrics.count_outcome(reply)
        repeated = replace(reply, question=question.verbatim)
        return CachedReply(repeated, (time.perf_counter() - started) * 1e3)

    async def _answer(
        self, slot: Slot, served: Served, question: Question, parameters: AskParameters
    ) -> CachedReply:
        retrieval = await self.retrieve(slot, served, question, parameters)
        return await self.read(slot, served, question, parameters, retrieval)

    async def retrieve(
        self, slot: Slot, served: Served, question: Question, parameters: AskParameters
    ) -> Retrieval:
        """Retrieve the passages to answer a question from, in a slot.

        Raises:
            OverloadedError: If it takes too long.
        """
        return await self._retrieve(slot, lambda: served.answerer.retrieve(question, parameters))

    async def _retrieve(self, slot: Slot, find: Callable[[], Retrieval]) -> Retrieval:
        retrieval = await slot.run("retrieve", self._settings.retrieve_seconds, find)
        self._metrics.stage_seconds.labels("encode").observe(retrieval.encode_ms / 1e3)
        self._metrics.stage_seconds.labels("retrieve").observe(retrieval.search_ms / 1e3)
        return retrieval

    async def read(
        self,
        slot: Slot,
        served: Served,
        question: Question,
        parameters: AskParameters,
        retrieval: Retrieval,
    ) -> CachedReply:
        """Answer a question from its passages, and cache the reply.

        Raises:
            OverloadedError: If it takes too long.
        """
        reply = await slot.run(
            "read",
            self._settings.read_seconds,
            lambda: served.answerer.answer(question, parameters, retrieval),
        )
        self._metrics.stage_seconds.labels("read").observe(reply.timings.read / 1e3)
        self._metrics.count_outcome(reply)
        self._cache.put(question, parameters, reply)
        return CachedReply(replace(reply, question=question.verbatim))
