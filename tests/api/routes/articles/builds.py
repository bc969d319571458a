"""Builds in this process, for tests of what happens while one runs."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from typing import TYPE_CHECKING, Any

from tests.api.holding import WAIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.service.jobs.job import Job
    from index.building.builder import BuildSummary


class Builds:
    """Builds in this process, which can be held up."""

    def __init__(self, build: Callable[[], BuildSummary]) -> None:
        self.go = threading.Event()
        self.go.set()
        self.count = 0
        self._build = build

    async def run(self, _: Job) -> dict[str, Any]:
        self.count += 1
        return await asyncio.to_thread(self._held)

    def _held(self) -> dict[str, Any]:
        self.go.wait(WAIT)
        summary = self._build()
        return {
            "articles": summary.articles,
            "skipped": [dataclasses.asdict(item) for item in summary.skipped],
        }
