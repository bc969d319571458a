"""The service with fake models, for tests that run real servers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from api import main
from api.serving import Models
from tests.conftest import FakeEncoder, FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI

    from api.answering.reader import ScoredSpan
    from index.records import Passage


class SlowReader(FakeReader):
    """Takes a second for questions with "slow" in them."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[ScoredSpan]:
        if "slow" in question:
            time.sleep(1)
        return super().read(question, passages)


def create_app() -> FastAPI:
    """Make the application with settings from the environment."""
    return main.create_app(models=Models(FakeEncoder(), SlowReader(), fake_calibration()))
