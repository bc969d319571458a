"""How far a build is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Report = Callable[["Stage", int, int], None]
"""Told a stage, how much of it is done, and of how much, in units of the stage."""


class Stage(StrEnum):
    """What a build is at; in this order, though an index may be trained and filled twice."""

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
        """What the stage counts."""
        return _UNITS.get(self, "chunk")


_UNITS: Final = {
    Stage.READING: "file",
    Stage.LINKING: "article",
    Stage.COMPARING: "band",
    Stage.TUNING: "step",
}


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build is.

    Attributes:
        stage: What it is at.
        files_done: Corpus files read so far, of ``files``.
        files: Corpus files in all.
        chunks: Chunks with a vector so far, of ``chunks_total``.
        chunks_total: Chunks in all; 0 while files are being read.
        done: How much of the stage is done, of ``total``, in units of the stage. Of training it
            is nothing until it ends, and fewer steps of tuning than all may do.
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
    """Tell nobody."""
    del stage, done, total
