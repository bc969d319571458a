"""The service with fake models, for tests that run real servers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api import main
from api.serving import Models
from tests.api.holding import wait_until
from tests.conftest import FakeEncoder, FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from fastapi import FastAPI

    from api.answering.reader import ScoredSpan
    from index.records import Passage


GO: Final = "ARTICLE_QA_TEST_GO"  # the variable that names the file that lets questions go


class FaultyEncoder(FakeEncoder):
    """Throws for questions with "lost" in them."""

    def encode_question(self, question: str) -> npt.NDArray[np.float32]:
        if "lost" in question:
            raise RuntimeError("cannot embed this")
        return super().encode_question(question)


class HeldReader(FakeReader):
    """Holds questions with "held" in them until there is a file, throws for "unreadable"."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[ScoredSpan]:
        if "held" in question:
            wait_until(Path(os.environ[GO]).exists)
        if "unreadable" in question:
            raise RuntimeError("cannot read this")
        return super().read(question, passages)


def create_app() -> FastAPI:
    """Make the application with settings from the environment."""
    return main.create_app(models=Models(FaultyEncoder(), HeldReader(), fake_calibration()))
