"""Progress of a build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Report = Callable[["Stage", int, int], None]
"""Called with a stage, how much of it is done, and the total, in units of the stage."""


class Stage(StrEnum):
    """The stages of a build, in order; a vector index may be trained and filled twice."""

    READING = "reading"
    LINKING = "linking"
    COMPARING = "comparing"
    EMBEDDING = "embedding"
    TRAINING = "training"
    FILLING = "filling"
    TUNING = "tuning"
    FINISHING = "finishing"

    @property
    def unit(self) -> str:
        """The unit that the stage counts in."""
        return _UNITS.get(self, "chunk")


_UNITS: Final = {
    Stage.READING: "file",
    Stage.LINKING: "article",
    Stage.COMPARING: "band",
    Stage.TUNING: "step",
}


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """Progress of a build.

    Attributes:
        stage: The current stage.
        files_done: Corpus files read so far.
        files: Corpus files in all.
        chunks: Chunks with a vector so far.
        chunks_total: Chunks in all; 0 while files are being read.
        done: How much of the stage is done, in units of the stage. It stays 0 until training ends,
            and tuning may end before it reaches the total.
        total: How much there is to do in the stage.
    """

    stage: Stage
    files_done: int
    files: int
    chunks: int
    chunks_total: int
    done: int
    total: int


def no_report(stage: Stage, done: int, total: int) -> None:
    """Ignore progress."""
    del stage, done, total
