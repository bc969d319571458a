"""Questions -> replies, within all limits: cache, admission, stages with their time."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cachetools import LRUCache

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from contextlib import AbstractAsyncContextManager

    from api.answering.answerer import AskParameters
    from api.answering.answers import Reply
    from api.observing.metrics import Metrics
    from api.service.admission import Admission, Place
    from api.service.serving import Served
    from api.settings import Settings
    from index.retriever import Retrieval


_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class CachedReply:
    """A reply, and the milliseconds that finding it in the cache took; None where it is new."""

    reply: Reply
    cache_ms: float | None = None


class Asking:
    """Asks questions of what is being served.

    Args:
        settings: How long stages may take, and how many replies are kept.
        admission: Who is let in.
        metrics: What is counted.
    """

    def __init__(self, settings: Settings, admission: Admission, metrics: Metrics) -> None:
        self._settings = settings
        self._admission = admission
        self._metrics = metrics
        self._cache = AnswerCache(settings.cache_size)

    async def ask(
        self, served: Served, questions: Sequence[str], parameters: AskParameters
    ) -> list[CachedReply]:
        """Answer questions one after the other in one place; those in the cache need none.

        Raises:
            OverloadedError: If there is too much to do.
        """
        replies = [self.recall(served, question, parameters) for question in questions]
        if all(reply is not None for reply in replies):
            return [reply for reply in replies if reply is not None]
        async with self._admission.place() as place:
            return [
                await self._answer(place, served, question, parameters) if known is None else known
                for question, known in zip(questions, replies, strict=True)
            ]

    def place(self) -> AbstractAsyncContextManager[Place]:
        """Wait for a place; see `Admission.place`."""
        return self._admission.place()

    async def search(self, served: Served, question: str, parameters: AskParameters) -> Retrieval:
        """Retrieve passages only.

        Raises:
            OverloadedError: If there is too much to do.
        """
        async with self._admission.place() as place:
            return await self.retrieve(place, served, question, parameters)

    def recall(
        self, served: Served, question: str, parameters: AskParameters
    ) -> CachedReply | None:
        """Look a question up in the cache."""
        started = time.perf_counter()
        found = self._cache.get(served.generation.version, normalise_question(question), parameters)
        if self._settings.cache_size > 0:
            self._metrics.cache.labels("miss" if found is None else "hit").inc()
        if found is None:
            return None
        self._metrics.count_outcome(found)
        found = replace(found, question=question)
        return CachedReply(found, (time.perf_counter() - started) * 1e3)

    async def _answer(
        self, place: Place, served: Served, question: str, parameters: AskParameters
    ) -> CachedReply:
        retrieval = await self.retrieve(place, served, question, parameters)
        return await self.read(place, served, question, parameters, retrieval)

    async def retrieve(
        self, place: Place, served: Served, question: str, parameters: AskParameters
    ) -> Retrieval:
        """Find the passages for a question in a place.

        Raises:
            OverloadedError: If it takes too long.
        """
        asked = normalise_question(question)
        found = await place.run(
            "retrieve",
            self._settings.retrieve_seconds,
            lambda: served.answerer.retrieve(asked, parameters),
        )
        self._metrics.stage_seconds.labels("encode").observe(found.encode_ms / 1e3)
        self._metrics.stage_seconds.labels("retrieve").observe(found.search_ms / 1e3)
        return found

    async def read(
        self,
        place: Place,
        served: Served,
        question: str,
        parameters: AskParameters,
        retrieval: Retrieval,
    ) -> CachedReply:
        """Answer a question from its passages, and keep the reply.

        Raises:
            OverloadedError: If it takes too long.
        """
        asked = normalise_question(question)
        reply = await place.run(
            "read",
            self._settings.read_seconds,
            lambda: served.answerer.answer(asked, parameters, retrieval),
        )
        self._metrics.stage_seconds.labels("read").observe(reply.timings.read / 1e3)
        self._metrics.count_outcome(reply)
        self._cache.put(asked, parameters, reply)
        return CachedReply(replace(reply, question=question))


class AnswerCache:
    """Keeps the replies that were used last; safe to use from several threads.

    Args:
        size: The most replies kept; 0 keeps none.
    """

    def __init__(self, size: int) -> None:
        self._replies: LRUCache[Hashable, Reply] = LRUCache(size)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._replies)

    def get(self, version: str, question: str, parameters: AskParameters) -> Reply | None:
        """Find the reply that this question got from this index, asked in this way."""
        with self._lock:
            return self._replies.get((version, question, parameters))

    def put(self, question: str, parameters: AskParameters, reply: Reply) -> None:
        """Keep a reply, in the place of the one that was not used for longest."""
        with self._lock:
            if self._replies.maxsize > 0:
                self._replies[reply.index_version, question, parameters] = reply


def normalise_question(question: str) -> str:
    """Write every stretch of white space as one space: it means nothing to retrieval and reader.

    Nothing else is safe to change: capitals, for one, tell names from words.
    """
    return _SPACE.sub(" ", question)
