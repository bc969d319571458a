"""The service with fake models, for tests that run real servers."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest import mock

from api import main
from api.answering.ranking.ranker import Ranker
from api.service.jobs import rebuilding
from api.service.models import Models
from tests.conftest import FakeEncoder, FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from fastapi import FastAPI

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

FOLDER: Final = "FAKES_FOLDER"  # environment variable: where a reader says and is told things
BEGUN: Final = "begun"
GO: Final = "go"
# In the place of a rebuild, which would take seconds to find that there is no corpus.
FAILING: Final = "import sys; sys.exit('error: corpus folder none: not a folder')"


class FaultyEncoder(FakeEncoder):
    """Throws for questions with "lost" in them."""

    def encode_question(self, question: str) -> npt.NDArray[np.float32]:
        if "lost" in question:
            raise RuntimeError("cannot embed this")
        return super().encode_question(question)


class HoldingReader(FakeReader):
    """Reads questions with "hold" in them only once there is a file that lets them go.

    It notes each that it has begun, and the process that it runs in. It throws for questions with
    "unreadable" in them.
    """

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        if "unreadable" in question.text:
            raise RuntimeError("cannot read this")
        if "hold" in question.text:
            folder = Path(os.environ[FOLDER])
            with (folder / BEGUN).open("a") as begun:
                begun.write(f"{os.getpid()} {question.text}\n")
            while not (folder / GO).exists():
                time.sleep(0.01)
        return super().read(question, passages)


class HoldingManyReader(HoldingReader):
    """Reads for several questions at once, as the shipped reader does, in one thread."""

    threads = 1

    def use_threads(self, count: int) -> None:
        pass

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        return [self.read(question, passages) for question, passages in questions]


def create_app() -> FastAPI:
    """Make the application with settings from the environment; its rebuilds fail."""
    mock.patch.object(rebuilding, "BUILD_COMMAND", [sys.executable, "-c", FAILING]).start()
    return main.create_app(
        models=Models(FaultyEncoder(), Ranker(HoldingReader(), fake_calibration()))
    )


def create_batching_app() -> FastAPI:
    """Make the application with a reader whose questions are gathered into batches."""
    return main.create_app(
        models=Models(FakeEncoder(), Ranker(HoldingManyReader(), fake_calibration()))
    )
